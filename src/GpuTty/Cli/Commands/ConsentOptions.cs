using System.CommandLine;

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
}
