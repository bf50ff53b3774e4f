using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty undo</c>: back to where the last switch of this boot
/// came from, planned afresh from what the machine shows now.</summary>
internal static class UndoCommand
{
    public static Command Create(CommandContext world) => ConsentOptions.Command(
        world,
        "undo",
        "Undo the last switch, an interrupted one before any other",
        host => InterruptedRun.UndoOf(world.SwitchService().Unfinished(), world.SwitchService().LastBegun(), host),
        (_, host, json) => NothingToUndo(world, json, host, LastRun.Of(world, host)));

    /// <summary>A journal that cannot be read may well have something to undo: that is a refusal.</summary>
    private static int NothingToUndo(CommandContext world, bool json, HostSnapshot host, LastRun last)
    {
        var outcome = last.State switch
        {
            LastRunState.None or LastRunState.PreviousBoot or LastRunState.Ended => CommandOutcome.NothingToDo,
            LastRunState.Unreadable => last.Outcome ?? CommandOutcome.Unknown,
            _ => CommandOutcome.Refused,
        };
        var result = RunDocument.Result(outcome) with
        {
            Summary = last.Sentence,
            Remedy = last.NextAction,
            Unknowns = UnknownFields.Of(host),
        };
        if (json) JsonText.PrintLine(world.Out, result, context => context.RunDocument);
        if (outcome == CommandOutcome.NothingToDo) world.Remarks.Line($"Nothing to undo: {last.Sentence}");
        else world.Remarks.Problem(last.Sentence, last.NextAction ?? "Look at the cards: gputty status");
        return ExitCodes.Of(outcome);
    }
}
