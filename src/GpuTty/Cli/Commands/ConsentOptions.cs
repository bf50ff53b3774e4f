using System.CommandLine;
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
}
