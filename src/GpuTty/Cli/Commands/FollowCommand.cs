using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty follow</c>: after a lost connection, from another console, or to learn how the last run ended.</summary>
internal static class FollowCommand
{
    public static Command Create(CommandContext world)
    {
        var json = Options.Json();
        var command = new Command("follow", "Follow the switch that is running, or show how the last one ended") { json };
        command.SetAction(async (parse, cancel) =>
        {
            var service = world.SwitchService();
            if (service.IsRunning()) return await new RunPrinter(world, service, parse.GetValue(json)).FollowAsync(cancel);
            var host = await world.ReadAsync(cancel);
            var last = LastRun.Of(world, host);
            // One that has begun since is not over.
            if (last.Outcome is not { } outcome) return await new RunPrinter(world, service, parse.GetValue(json)).FollowAsync(cancel);
            if (parse.GetValue(json)) Print(world, host, last, outcome);
            else if (last.NextAction is { } next) world.Page.Problem(last.Sentence, next);
            else world.Page.Line(last.Sentence);
            return ExitCodes.Of(outcome);
        });
        return command;
    }

    private static void Print(CommandContext world, HostSnapshot host, LastRun last, CommandOutcome outcome) =>
        JsonText.PrintLine(world.Out,
        RunDocument.Result(outcome) with { Summary = last.Sentence, Remedy = last.NextAction, Unknowns = UnknownFields.Of(host) },
        context => context.RunDocument);
}
