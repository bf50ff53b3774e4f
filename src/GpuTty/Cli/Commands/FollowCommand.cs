using System.CommandLine;
using GpuTty.Cli.Output;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty follow</c>: after a lost connection, from another console, or to learn how the last run ended.</summary>
internal static class FollowCommand
{
    public static Command Create(World world)
    {
        var json = Options.Json();
        var command = new Command("follow", "Follow the switch that is running, or tell how the last one ended") { json };
        command.SetAction(async (parse, cancel) =>
        {
            var desk = world.Desk();
            if (desk.IsRunning()) return await new RunPrinter(world, desk, parse.GetValue(json)).FollowAsync(cancel);
            var last = LastRun.Of(world, await world.ReadAsync(cancel));
            if (parse.GetValue(json)) Print(world, last);
            else if (last.NextAction is { } next) world.Page.Problem(last.Sentence, next);
            else world.Page.Line(last.Sentence);
            return CodeOf(last);
        });
        return command;
    }

    private static int CodeOf(LastRun last) => last.Code switch
    {
        "half-done" => ExitCodes.LeftHalfway,
        "ended" => ExitCodes.Of(last.Outcome!.Value),
        "none" or "history" => ExitCodes.Done,
        _ => ExitCodes.Refused,
    };

    private static void Print(World world, LastRun last) => Json.JsonText.PrintLine(world.Out,
        new Json.RunDocument("result") { Outcome = last.Code, Summary = last.Sentence, Remedy = last.NextAction }, context => context.RunDocument);
}
