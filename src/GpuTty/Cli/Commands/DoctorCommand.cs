using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty doctor</c>: whether the cards can be moved, every check
/// of a switch, and what earlier attempts have left on the machine.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext world)
    {
        var card = Options.Card(world);
        var json = Options.Json();
        var explain = new Option<string?>("--explain")
        {
            Description = "Explain a code that doctor has printed, and name the document it rests on",
            HelpName = "CODE",
        };
        explain.CompletionSources.Add(_ => CodeText.Explained.Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        var fix = new Option<string[]>("--fix")
        {
            Description = "Correct the machine's files: all that was found, or only these codes: "
                + "shows each change, asks, keeps copies",
            HelpName = "CODE",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        fix.CompletionSources.Add(_ =>
            Enum.GetValues<DiagnosisCode>().Select(code => new System.CommandLine.Completions.CompletionItem(CodeText.Of(code))));
        var initramfs = new Option<bool>("--initramfs")
        {
            Description = "Also list what the initramfs holds, which takes a second or more",
        };
        var undo = new Option<bool>("--undo") { Description = "With --fix: restore the files as they were before the last --fix" };
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun();
        yes.Description = "With --fix: do not ask";
        dryRun.Description = "With --fix: only print the changes; change nothing";
        var command = new Command(
            "doctor",
            "Show whether this machine can switch its cards, what stands in the way, and what other recipes have left behind")
        {
            card, json, explain, initramfs, fix, undo, dryRun, yes,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(explain) is not null
                && (result.GetResult(json) is { Implicit: false }
                    || result.GetResult(card) is not null
                    || result.GetValue(initramfs)
                    || result.GetResult(fix) is { Implicit: false }))
                result.AddError("--explain stands alone.");
            if (result.GetResult(fix) is { Implicit: false } asked)
            {
                if (result.GetResult(card) is not null) result.AddError("--fix is about the whole machine, and takes no --card.");
                if (result.GetValue(initramfs) && result.GetValue(undo)) result.AddError("--undo reads no initramfs.");
                if (asked.Tokens.Count > 0 && result.GetValue(undo))
                    result.AddError("--undo brings all files of the last --fix back, and takes no codes.");
                foreach (var token in asked.Tokens.Where(token => CodeText.Finding(token.Value) is null))
                    result.AddError(
                        $"There is no finding '{Visible.Text(token.Value, 60)}'; codes stand in brackets in what this prints: "
                            + "gputty doctor");
            }
            else if (result.GetValue(undo) || result.GetValue(yes) || result.GetValue(dryRun))
                result.AddError("--undo, --yes and --dry-run go with --fix.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            if (parse.GetValue(explain) is { } word) return Explain(world, word);
            var more = parse.GetValue(initramfs) ? SnapshotSections.Initramfs : SnapshotSections.None;
            if (parse.GetResult(fix) is { Implicit: false })
            {
                var run = new FixRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
                return parse.GetValue(undo)
                    ? await run.UndoAsync()
                    : await run.RunAsync([.. (parse.GetValue(fix) ?? []).Select(CodeText.Finding).OfType<DiagnosisCode>()], more, cancel);
            }
            var host = await world.ReadAsync(cancel, SnapshotSections.SettingsFiles | more);
            var text = parse.GetValue(card);
            var choice = text is null ? null : CardChoice.Find(host, text);
            if (choice?.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            var configured = world.Configured();
            var cards = choice?.Card is { } one ? [one] : ConfiguredCard.Candidates(host, configured);
            var findings = Findings.Of(host);
            var answers = cards.Select(each => Answer.Of(host, each, findings, configured)).ToList();
            var examined = cards.Select(each => CardDiagnosis.Of(host, each)).ToList();
            var none = cards.Length == 0 ? CardChoice.Find(host, null).Obstacle : null;
            if (parse.GetValue(json))
                JsonText.Print(world.Out, DoctorDocument.Of(host, answers, examined, findings), context => context.DoctorDocument);
            else DoctorPrinter.Print(world.Page, DoctorPages.Of(host, answers, examined, findings, none));
            if (parse.GetValue(json) && none is not null) world.Remarks.Problem(none.Problem, none.Remedy);
            return cards.Length == 0 || examined.Any(each => each.IsRefused) ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }

    private static int Explain(CommandContext world, string word)
    {
        if (CodeText.Explanation(word) is not { } explanation)
            return CommandLine.Complain(world, $"There is no code '{word}'.", "Codes stand in brackets in what this prints: gputty doctor");
        world.Page.Heading(word);
        foreach (var line in Paragraph.Lines(explanation.Paragraph, 100)) world.Page.Line(line);
        world.Page.Line();
        world.Page.Line($"See: {explanation.Rests}");
        return ExitCodes.Done;
    }
}
