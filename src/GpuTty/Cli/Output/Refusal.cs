using System.CommandLine;
using System.CommandLine.Parsing;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Output;

/// <summary>Why something is not done, with its next action, on standard error; with --json also as a document.</summary>
internal static class Refusal
{
    /// <summary>Their last line is the result (gputty(1), JSON); what they only show is a document.</summary>
    private static readonly string[] s_inLines =
        ["switch", "undo", "resume", "follow", "confirm", "keep-off", "pin", "clear-override", "rescan"];

    public static int Say(CommandContext world, bool json, HostSnapshot host, params IReadOnlyList<Obstacle> obstacles)
    {
        if (json) JsonText.Print(world.Out, RefusalDocument.Of(host, obstacles), context => context.RefusalDocument);
        foreach (var obstacle in obstacles) world.Remarks.Problem(obstacle.Problem, obstacle.Remedy);
        return ExitCodes.Refused;
    }

    /// <summary>What ends a command in the middle, in the form that its other results have.</summary>
    /// <param name="parse">Null where the command line was not understood.</param>
    public static int Say(CommandContext world, ParseResult? parse, CommandOutcome outcome, HostException refusal)
    {
        var (problem, remedy) = (refusal.Message, refusal.Remedy);
        if (parse is not null && Has(parse, "--json"))
        {
            if (IsInLines(parse))
                JsonText.PrintLine(
                    world.Out, RunDocument.Result(outcome) with { Problem = problem, Remedy = remedy }, context => context.RunDocument);
            else if (Has(parse, "--fix"))
                JsonText.Print(
                    world.Out, FixDocument.Of(outcome) with { Problem = problem, Remedy = remedy }, context => context.FixDocument);
            else JsonText.Print(world.Out, RefusalDocument.Of(outcome, problem, remedy), context => context.RefusalDocument);
        }
        world.Remarks.Problem(problem, remedy);
        return ExitCodes.Of(outcome);
    }

    private static bool IsInLines(ParseResult parse) =>
        s_inLines.Contains(parse.CommandResult.Command.Name)
        && !Has(parse, "--dry-run")
        && parse.CommandResult.Children.OfType<ArgumentResult>().All(word => word.Tokens is not [{ Value: "status" }]);

    private static bool Has(ParseResult parse, string option) =>
        parse.CommandResult.Command.Options.FirstOrDefault(known => known.Name == option) is { } known
        && parse.GetResult(known) is { Implicit: false };
}
