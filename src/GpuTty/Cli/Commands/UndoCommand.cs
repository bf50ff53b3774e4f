using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty undo</c>: back to where the last switch of this boot came from, planned afresh from what the machine shows now.</summary>
internal static class UndoCommand
{
    public static Command Create(World world)
    {
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json(), endSessions = Options.EndSessions();
        var endHolders = Options.EndHolders();
        var command = new Command("undo", "Take the last switch back, also one that was interrupted") { dryRun, yes, endSessions, endHolders, json };
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            if (run.Forbidden() is { } code) return code;
            if (!parse.GetValue(dryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel, Facts.Programs);
            if (Recovery.UndoOf(world.Desk().LastBegun(), host) is not { } back)
                return NothingToUndo(world, parse.GetValue(json), host, LastRun.Of(world, host));
            var consent = Words.ConsentOf(parse.GetValue(endHolders));
            return await run.RunAsync(host, back with
            {
                EndSessions = back.EndSessions || parse.GetValue(endSessions),
                EndHolders = consent == HolderConsent.Never ? back.EndHolders : consent,
            }, cancel);
        });
        return command;
    }

    /// <summary>A journal that cannot be read may well have something to undo: that is a refusal.</summary>
    private static int NothingToUndo(World world, bool json, HostSnapshot host, LastRun last)
    {
        var outcome = last.State switch
        {
            LastRunState.None or LastRunState.PreviousBoot or LastRunState.Ended => CommandOutcome.NothingToDo,
            LastRunState.Unreadable => CommandOutcome.Unknown,
            _ => CommandOutcome.Refused,
        };
        var result = RunDocument.Result(outcome) with { Summary = last.Sentence, Remedy = last.NextAction, Unknowns = UnknownFields.Of(host) };
        if (json) JsonText.PrintLine(world.Out, result, context => context.RunDocument);
        if (outcome == CommandOutcome.NothingToDo) world.Remarks.Line($"Nothing to undo: {last.Sentence}");
        else world.Remarks.Problem(last.Sentence, last.NextAction ?? "Look at the cards: gputty status");
        return ExitCodes.Of(outcome);
    }
}
