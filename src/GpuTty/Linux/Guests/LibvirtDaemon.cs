using System.Globalization;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Processes;

namespace GpuTty.Linux.Guests;

/// <summary>
/// The daemon that runs hooks. Whether there are any it decides once, when it starts (virhook.c, virHookInitialize):
/// the first one that is installed does nothing until the next start, and another beside it works at once.
/// </summary>
internal static class LibvirtDaemon
{
    /// <summary>Clock ticks a second, as /proc counts them (USER_HZ).</summary>
    private const double Ticks = 100;

    /// <param name="hooks">Paths of all hooks for guests.</param>
    /// <returns>Its unit, and whether it runs hooks; nulls where none runs or where it cannot be told.</returns>
    public static (string? Unit, bool? IsLoaded) Of(FileSystemRoot root, IReadOnlyCollection<string> hooks)
    {
        foreach (var name in (string[])["virtqemud", "libvirtd"])
        {
            // Anybody may call a process of his own so, or run a daemon for his own session.
            var pid = root.Processes().FirstOrDefault(pid =>
                SysFiles.Word(root.Proc($"{pid}/comm")) is { } comm && ProgramName.Of(comm) == name
                && ProcHolders.ParseUid(SysFiles.Text(root.Proc($"{pid}/status"), 64 * 1024)) == 0);
            if (pid == 0) continue;
            return (
                $"{name}.service",
                StartedAt(root, pid) is { } started && hooks.Count > 0
                    ? hooks.Any(hook => File.GetLastWriteTimeUtc(hook) < started)
                    : null);
        }
        return (null, null);
    }

    private static DateTime? StartedAt(FileSystemRoot root, int pid)
    {
        var stat = SysFiles.Text(root.Proc($"{pid}/stat"));
        var fields = stat?[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var boot = SysFiles.Lines(root.Proc("stat")).FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal))?[6..];
        return fields is { Length: > 19 }
            && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && long.TryParse(boot, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.AddSeconds(ticks / Ticks) : null;
    }
}
