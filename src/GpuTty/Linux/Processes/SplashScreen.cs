using GpuTty.Host;
using GpuTty.Linux.Commands;
using GpuTty.Switching;

namespace GpuTty.Linux.Processes;

/// <summary>plymouth(8), which tells its daemon what to do, and says no when there is none.</summary>
internal sealed class SplashScreen(CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private const string Tool = "plymouth";

    /// <summary>It waits until the splash screen has nothing more to show.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public async Task QuitAsync(CancellationToken cancel)
    {
        var result = await tools.RunAsync(Tool, ["quit"], s_limit, cancel);
        log(CommandLog.Ended(clock.GetUtcNow(), $"{Tool} quit", result));
        // Whoever else was told to quit it was first.
        if (result.Succeeded || (result.WasFound && !(await tools.RunAsync(Tool, ["--ping"], s_limit, cancel)).Succeeded)) return;
        throw new HostException($"The splash screen could not be told to quit: {result.Problem(Tool)}", $"Try it yourself: {Tool} quit");
    }
}
