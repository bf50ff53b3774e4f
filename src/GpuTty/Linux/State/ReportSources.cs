using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Linux.State;

/// <summary>What a report holds besides the machine itself: versions, the
/// journal, the logs. What cannot be read is said, never thrown.</summary>
/// <param name="root">Empty on the real machine.</param>
internal sealed class ReportSources(StatePaths state, string version, string root = "")
{
    /// <summary>Some days of a log; the archive has to go through the mail.</summary>
    private const int LongestLog = 512 * 1024;

    public IEnumerable<(string Name, string About, string Text)> All()
    {
        yield return ("versions.txt", "of gputty, the kernel and the system", Versions());
        if (Guarded(Journal) is { Length: > 0 } journal)
            yield return ("journal.jsonl", "the journal of the last switch, as it is on the disk", journal);
        if (Guarded(() => RunLogText(_ => true)) is { Length: > 0 } log)
            yield return ("run-log.txt", "the log of the last switch: steps, commands, the kernel, the display manager", log);
        if (Guarded(() => RunLogText(line => line.Source == LogSource.Kernel)) is { Length: > 0 } kernel)
            yield return ("kernel.txt", "what the kernel said during the last switch", kernel);
        if (Guarded(OlderLog) is { Length: > 0 } older) yield return ("gputty.log", "the end of the log of all switches", older);
    }

    private string Versions() => string.Join('\n',
        $"gputty {version}",
        $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}",
        $"kernel {Line("/proc/version")}",
        $"system {Line("/etc/os-release", "PRETTY_NAME=")}",
        $"board {Line("/sys/class/dmi/id/board_vendor")} {Line("/sys/class/dmi/id/board_name")}, "
            + $"firmware {Line("/sys/class/dmi/id/bios_version")}");

    private string Line(string path, string starts = "")
    {
        try
        {
            return File.ReadLines(root + path).FirstOrDefault(line =>
                line.StartsWith(starts, StringComparison.Ordinal))?[starts.Length..].Trim(
                '"', ' ')
                ?? "unknown";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    /// <summary>The file is preallocated: zeros follow the last line.</summary>
    private string Journal() => state.Lib.Read(FileJournal.Name) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\0') : "";

    private string RunLogText(Func<LogLine, bool> which) => state.Run.Read(RunLog.Name) is { } bytes
        ? string.Join(
            '\n',
            RunLog.Parse(bytes)
                .Where(which)
                .Select(line =>
                    $"{line.At.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line.Level,-7} {line.Source,-7} {line.Text}"))
        : "";

    private string OlderLog()
    {
        if (!Directory.Exists(state.Log.Path)) return "";
        var newest = new DirectoryInfo(state.Log.Path)
            .EnumerateFiles("gputty*.log")
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .FirstOrDefault();
        return newest is not null && state.Log.Read(newest.Name) is { } bytes
            ? Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - LongestLog)))
            : "";
    }

    private static string Guarded(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is HostException or IOException or UnauthorizedAccessException)
        {
            return $"could not be read: {unreadable.Message}";
        }
    }
}
