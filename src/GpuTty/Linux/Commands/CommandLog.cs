using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Commands;

/// <summary>What of a command goes into the log.</summary>
internal static class CommandLog
{
    /// <summary>That it has ended, and how.</summary>
    /// <param name="command">As a person would type it.</param>
    public static LogLine Ended(DateTimeOffset at, string command, CommandResult result) =>
        new(at, result.Succeeded ? LogLevel.Info : LogLevel.Warning, LogSource.Command,
            Visible.Text($"{command} [{(result.ExitCode is { } code ? $"status {code}" : "no status")}]", 1000));

    /// <summary>The first lines that say something.</summary>
    public static IEnumerable<string> FirstLines(string output, int atMost = 5) =>
        output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).Take(atMost);
}
