using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary>Options of a command that goes on with what the journal tells: what is agreed to besides, and how it is asked for.</summary>
internal sealed class ConsentOptions
{
    private readonly Option<bool> _yes = Options.Yes();

    public Option<bool> DryRun { get; } = Options.DryRun();
    public Option<bool> Json { get; } = Options.Json();

    public IEnumerable<Option> All =>
        [DryRun, _yes, Options.EndSessions(), Options.EndHolders(), Options.SingleGpu(), Options.ConfirmWithin(), Json];

    public Manner Manner(ParseResult parse) => new(parse.GetValue(_yes), parse.GetValue(DryRun), parse.GetValue(Json));

    /// <summary>A command that plans afresh, from what the machine shows now, where the journal leads to.</summary>
    /// <param name="intent">Where it leads to; null where nowhere.</param>
    /// <param name="nowhere">What is said then, and its exit code.</param>
    public static Command Command(
        CommandContext world,
        string name,
        string description,
        Func<HostSnapshot, SwitchIntent?> intent,
        Func<SwitchRun, HostSnapshot, bool, int> nowhere)
    {
        var options = new ConsentOptions();
        var command = new Command(name, description);
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, options.Manner(parse));
            if (run.Forbidden() is { } code) return code;
            if (!parse.GetValue(options.DryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
            return intent(host) is { } found
                ? await run.RunAsync(host, IntentLine.Parse(parse, found), cancel)
                : nowhere(run, host, parse.GetValue(options.Json));
        });
        return command;
    }

    /// <summary>What is said where the journal leads nowhere. One that cannot be read may well lead somewhere: that is a refusal.</summary>
    /// <param name="nothing">Where the last run has left nothing.</param>
    public static int Nowhere(CommandContext world, bool json, HostSnapshot host, Func<LastRun, string> nothing)
    {
        var last = LastRun.Of(world, host);
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
        if (outcome == CommandOutcome.NothingToDo) world.Remarks.Line(nothing(last));
        else world.Remarks.Problem(last.Sentence, last.NextAction ?? "Look at the cards: gputty status");
        return ExitCodes.Of(outcome);
    }
}
