using System.Globalization;
using GpuTty.Interop;
using GpuTty.Linux.Processes;

namespace GpuTty.Linux.Systemd;

/// <summary>The login screen of a display manager that opens no session for it: a program of its unit has a virtual terminal
/// (proc_pid_stat(5), cgroups(7)).</summary>
internal static class LoginScreen
{
    private const int MostProcesses = 64, TicksPerSecond = 100;

    /// <summary>A display server that cannot show anything, or one whose greeter comes as a session, is told apart by then.</summary>
    private const double StaysFor = 10;

    /// <summary>The virtual terminal that it has had for ten seconds; null where there is none.</summary>
    public static int? VtOf(FileSystemRoot root, string unit)
    {
        if (SysFiles.Text(root.Proc("uptime"), 256)?.Split(' ')[0] is not { } text
            || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var uptime)) return null;
        return ControlGroup.FoldersOf(root, unit)
            .Select(folder => SysFiles.Text($"{folder}/cgroup.procs", 64 * 1024))
            .OfType<string>()
            .SelectMany(pids => pids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostProcesses))
            .Select(pid => int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(pid => pid > 0)
            .Select(pid => ProcessStat.Read(root, pid))
            .Where(process => process is { HasEnded: false } && uptime - (double)process.StartTime / TicksPerSecond >= StaysFor)
            .Select(process => TerminalDevice.Unpacked(process!.Terminal)?.Vt)
            .FirstOrDefault(vt => vt is not null);
    }
}
