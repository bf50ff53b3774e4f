using System.CommandLine;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty resume</c>: on with the switch that was interrupted, planned afresh from what the machine shows now.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandContext world) => ConsentOptions.Command(
        world,
        "resume",
        "Go on with a switch that was interrupted",
        host => MayNotRead(world) is null ? InterruptedRun.Of(world.SwitchService().Unfinished(), host, isRunning: false)?.Resume : null,
        (run, host, json) => MayNotRead(world) is { } problem
            ? run.Say(CommandOutcome.NeedsRoot, problem, "Run it again with sudo.")
            : ConsentOptions.Nowhere(world, json, host, _ => "No switch was interrupted: there is nothing to resume."));

    /// <summary>Why only root can tell; null where nothing is hidden.</summary>
    private static string? MayNotRead(CommandContext world) => world.IsRoot ? null : world.JournalProblem();
}
