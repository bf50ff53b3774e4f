using System.CommandLine;
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
        (_, host, json) => ConsentOptions.Nowhere(world, json, host, last => $"Nothing to undo: {last.Sentence}"));
}
