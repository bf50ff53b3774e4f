using System.CommandLine;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty resume</c>: on with the switch that was interrupted, planned afresh from what the machine shows now.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandContext world)
    {
        var options = new ConsentOptions();
        var command = new Command("resume", "Go on with a switch that was interrupted");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, options.Manner(parse));
            if (run.Forbidden() is { } code) return code;
            if (!parse.GetValue(options.DryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
            if (!world.IsRoot && world.JournalProblem() is { } problem)
                return run.Say(CommandOutcome.NeedsRoot, problem, "Run it again with sudo.");
            return InterruptedRun.Of(world.SwitchService().Unfinished(), host, isRunning: false) is { Resume: var on }
                ? await run.RunAsync(host, IntentLine.Parse(parse, on), cancel)
                : run.Say(CommandOutcome.Refused, "No switch was interrupted.", "Look at the cards: gputty status");
        });
        return command;
    }
}
