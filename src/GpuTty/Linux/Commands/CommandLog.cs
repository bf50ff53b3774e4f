namespace GpuTty.Linux.Commands;

/// <summary>What of a command's output goes into the log.</summary>
internal static class CommandLog
{
    /// <summary>The first lines that say something.</summary>
    public static IEnumerable<string> FirstLines(string output, int atMost = 5) =>
        output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).Take(atMost);
}
