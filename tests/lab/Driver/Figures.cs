using System.Globalization;

namespace GpuTty.Lab.Driver;

/// <summary>What was measured in a run, one line each, in artifacts/figures.txt (added to, never judged: hosts differ).</summary>
public static class Figures
{
    public static void Write(string what, TimeSpan took) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"{what}: {took.TotalSeconds:0.0} s"));

    public static void Write(string line) => File.AppendAllText(Path.Combine(LabHost.Artifacts, "figures.txt"), line + "\n");
}
