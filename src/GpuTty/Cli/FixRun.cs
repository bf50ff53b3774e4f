using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Cli;

/// <summary>From what was found to changed files: look, plan, show, confirm, change, look again. And back.</summary>
internal sealed class FixRun(CommandContext world, Manner manner)
{
    /// <param name="codes">Only these findings; where there are none, all that nobody needs.</param>
    /// <param name="more">What is read besides the files of settings.</param>
    public async Task<int> RunAsync(IReadOnlyCollection<DiagnosisCode> codes, SnapshotSections more, CancellationToken cancel)
    {
        if (Forbidden() is { } code) return code;
        var host = await world.ReadAsync(cancel, SnapshotSections.SettingsFiles | more);
        var plan = CorrectionPlan.Of(Findings.Of(host), codes, world.Corrections.Refusal);
        if (!manner.Json) FixPrinter.Print(world.Page, plan);
        if (plan.Changes.IsEmpty)
            return End(
                FixDocument.Of(CommandOutcome.NothingToDo, plan, host),
                plan.ByHand.IsEmpty && plan.Optional.IsEmpty
                    ? "Nothing was found that would have to be changed."
                    : "There is nothing that gputty would change.");
        if (manner.DryRun)
        {
            if (!manner.Json) FixPrinter.PrintFollow(world.Page, plan);
            return End(FixDocument.Of(CommandOutcome.Ready, plan, host), null);
        }
        if (!manner.Yes
            && !Confirm(
                $"Change {Counted.Word(plan.Changes.Length, "this file", $"these {plan.Changes.Length} files")} now? "
                    + "Copies are kept. [y/N] "))
            return SaidNo();
        return await Tried(async () =>
        {
            var copies = world.Corrections.Make([.. plan.Changes.Select(change => change.Change)], world.Now());
            var after = await world.ReadAsync(cancel, SnapshotSections.SettingsFiles | more);
            var remaining = plan.Remaining(Findings.Of(after));
            var done = FixDocument.Of(remaining.IsEmpty ? CommandOutcome.Completed : CommandOutcome.LeftHalfway, plan, after) with
            {
                Copies = copies,
                Remaining = [.. remaining.Select(finding => finding.Code).Distinct()],
            };
            if (!remaining.IsEmpty)
                return Fail(
                    done,
                    $"The files are changed, but this is still found: {string.Join(", ", remaining.Select(Named).Distinct())}.",
                    "See what it says now: gputty doctor; or undo it: gputty doctor --fix --undo");
            if (!manner.Json)
            {
                world.Page.Line("Done, and looked again: nothing of that is found any more.");
                FixPrinter.PrintFollow(world.Page, plan);
            }
            return End(done, $"Copies are in {copies}. To undo all of it: gputty doctor --fix --undo");
        });
    }

    public async Task<int> UndoAsync()
    {
        if (Forbidden() is { } code) return code;
        return await Tried(() =>
        {
            if (world.Corrections.Last() is not { } last)
                return Task.FromResult(End(FixDocument.Of(CommandOutcome.NothingToDo), "There is nothing to undo."));
            var document = FixDocument.Of(CommandOutcome.Ready) with
            {
                Copies = last.Folder,
                Restored = [.. last.Files.Select(file => new RestoredFields(file.Path, file.Back))],
            };
            if (!manner.Json) FixPrinter.Print(world.Page, last);
            if (manner.DryRun) return Task.FromResult(End(document, null));
            if (last.Files.All(file => file.Back != Restoration.ChangedSince)
                && !manner.Yes
                && !Confirm("Undo all of it now? [y/N] "))
                return Task.FromResult(SaidNo());
            var done = document with { Outcome = CommandOutcome.Completed, ExitCode = ExitCodes.Done, Copies = null };
            if (world.Corrections.TakeBack(last) is var (problem, remedy))
            {
                world.Remarks.Problem(problem, remedy);
                done = done with { Copies = last.Folder, Problem = problem, Remedy = remedy };
            }
            return Task.FromResult(End(done,
                "Everything is as it was. What had to follow the change has to follow this too; see what is found now: gputty doctor"));
        });
    }

    private static string Named(Finding finding) => $"{CodeText.Of(finding.Code)} in {finding.Where}";

    /// <summary>A plan needs no root and no terminal.</summary>
    private int? Forbidden()
    {
        if (manner.DryRun) return null;
        if (!manner.Yes && manner.Json)
            return Fail(FixDocument.Of(CommandOutcome.UsageError), "--json cannot prompt.", "Add --yes, or --dry-run to see the plan.");
        if (!manner.Yes && !world.IsTerminal)
            return Fail(
                FixDocument.Of(CommandOutcome.UsageError),
                "There is no terminal to ask on.",
                "Add --yes to agree, or --dry-run to see the plan.");
        return world.IsRoot
            ? null
            : Fail(
                FixDocument.Of(CommandOutcome.NeedsRoot),
                "Only root can change the machine's settings.",
                "Run it again with sudo; --dry-run needs no root.");
    }

    private async Task<int> Tried(Func<Task<int>> change)
    {
        try
        {
            return await change();
        }
        catch (AlreadyRunningException)
        {
            return Fail(
                FixDocument.Of(CommandOutcome.AlreadyRunning),
                "A switch is running, or another gputty changes files.",
                "Wait until it has ended: gputty follow");
        }
        catch (CorrectionException failed)
        {
            return Fail(
                FixDocument.Of(failed.IsTakenBack ? CommandOutcome.RolledBack : CommandOutcome.LeftHalfway),
                failed.Message,
                failed.Remedy);
        }
        catch (NeedsRootException refused)
        {
            return Fail(FixDocument.Of(CommandOutcome.NeedsRoot), refused.Message, refused.Remedy);
        }
        catch (HostException refused)
        {
            return Fail(FixDocument.Of(CommandOutcome.Refused), refused.Message, refused.Remedy);
        }
    }

    private bool Confirm(string question)
    {
        world.Page.Line();
        world.ForgetTyped();
        world.Page.Ask(question);
        return world.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private int SaidNo() => Fail(FixDocument.Of(CommandOutcome.Refused), "Cancelled. Nothing was changed.", "All files are as they were.");

    private int End(FixDocument document, string? sentence)
    {
        if (manner.Json) JsonText.Print(world.Out, document, context => context.FixDocument);
        else if (sentence is not null) world.Page.Line(sentence);
        return document.ExitCode;
    }

    private int Fail(FixDocument document, string problem, string remedy)
    {
        if (manner.Json) JsonText.Print(world.Out, document with { Problem = problem, Remedy = remedy }, context => context.FixDocument);
        world.Remarks.Problem(problem, remedy);
        return document.ExitCode;
    }
}
