using System.Globalization;

namespace GpuTty.Lab.Driver;

/// <summary>What was measured in a run, one line each, in artifacts/figures.txt (added to, never judged: hosts differ).</summary>
public static class Figures
{
    public static void Write(string what, TimeSpan took) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"{what}: {took.TotalSeconds:0.0} s"));

    /// <summary>One more of a kind, for the table at the end of tests/run.sh; written where GPUTTY_COUNTS names a file.</summary>
    public static void Count(string what)
    {
        if (Environment.GetEnvironmentVariable("GPUTTY_COUNTS") is { Length: > 0 } file) File.AppendAllText(file, $"1\t{what}\n");
    }

    /// <summary>One scenario played, for the table of guests at the end of
    /// tests/run.sh; written where GPUTTY_GUESTS names a file.</summary>
    /// <param name="guest">Suite, desktop, systemd and kernel, as build-image.sh has written them.</param>
    public static void Played(string guest, bool passed)
    {
        if (Environment.GetEnvironmentVariable("GPUTTY_GUESTS") is { Length: > 0 } file)
            File.AppendAllText(file, $"{guest}\t{(passed ? 1 : 0)}\n");
    }

    public static void Write(string line) => File.AppendAllText(Path.Combine(LabHost.Artifacts, "figures.txt"), line + "\n");
}
