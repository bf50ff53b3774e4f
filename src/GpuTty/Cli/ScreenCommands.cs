using System.Collections.Immutable;
using GpuTty.Host;

namespace GpuTty.Cli;

/// <summary>Runs a command for the screen: what it would print comes back as text. It cannot ask.</summary>
internal static class ScreenCommands
{
    public static async Task<string> RunAsync(CommandContext world, ImmutableArray<string> words, CancellationToken cancel)
    {
        using var said = new StringWriter();
        var quiet = world with { Out = said, Error = said, In = TextReader.Null, IsTerminal = false, UsesColour = false };
        try
        {
            await CommandLine.RunAsync(words, quiet, Nothing, cancel);
        }
        catch (HostException refused)
        {
            quiet.Remarks.Problem(refused.Message, refused.Remedy);
        }
        return said.ToString();
    }

    /// <summary>No command that the screen runs enters another program.</summary>
    private static HiddenCommands Nothing => new()
    {
        Screen = (_, _) => Task.FromResult(ExitCodes.Usage),
        Demo = (_, _, _) => Task.FromResult(ExitCodes.Usage),
        DemoFrom = (_, _, _) => Task.FromResult(ExitCodes.Usage),
        Machines = () => [],
        Simulated = _ => null,
        Supervise = (_, _) => Task.FromResult(ExitCodes.Usage),
        Console = (_, _) => Task.FromResult(ExitCodes.Usage),
        LeaveConsole = (_, _) => Task.FromResult(ExitCodes.Usage),
        Worker = (_, _) => Task.FromResult(ExitCodes.Usage),
        Recover = (_, _) => Task.FromResult(ExitCodes.Usage),
    };
}
