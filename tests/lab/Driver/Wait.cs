using System.Diagnostics;

namespace GpuTty.Lab.Driver;

/// <summary>Waiting for facts, each with a limit and a sentence for the day when it does not come.</summary>
public static class Wait
{
    /// <summary>Emulated seconds are long and the host may be busy: limits only have to tell slow from never.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(240);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until it sees something (not null); <paramref name="soFar"/> tells what was there instead.</summary>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> look, Func<string>? soFar = null, TimeSpan? limit = null)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var began = clock.Elapsed;
            if (await look() is { } seen) return seen;
            if (clock.Elapsed > (limit ?? Limit))
                throw new LabException(
                    $"Waited {clock.Elapsed.TotalSeconds:0} s in vain for: {what}.{(soFar is null ? "" : "\n" + soFar())}");
            // A look is work for the guest too: at least half of the time is left to what is waited for.
            var took = clock.Elapsed - began;
            await Task.Delay(took > s_pause ? took : s_pause);
        }
    }

    public static Task ForAsync(string what, Func<Task<bool>> look, Func<string>? soFar = null, TimeSpan? limit = null) =>
        ForAsync(what, async () => await look() ? "seen" : null, soFar, limit);
}
