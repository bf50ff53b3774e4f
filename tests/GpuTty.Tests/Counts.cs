using System.Globalization;
using Xunit.Abstractions;

namespace GpuTty.Tests;

/// <summary>What a test has put the program through, for the table at the
/// end of tests/run.sh; written where GPUTTY_COUNTS names a file.</summary>
internal static class Counts
{
    private static readonly Lock s_writing = new();

    /// <param name="what">A kind that several tests may add to: "faults injected".</param>
    public static void Add(ITestOutputHelper output, string what, int count)
    {
        output.WriteLine($"{count} {what}");
        if (Environment.GetEnvironmentVariable("GPUTTY_COUNTS") is not { Length: > 0 } file) return;
        lock (s_writing) File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{count}\t{what}\n"));
    }
}
