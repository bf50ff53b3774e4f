using System.Globalization;

namespace GpuTty.Interop;

/// <summary>A terminal by its device number (admin-guide/devices.txt): a virtual
/// console is 4:1 to 4:63, the slave of a pseudo-terminal 136:N.</summary>
internal readonly record struct TerminalDevice(int Major, int Minor)
{
    private const int ConsoleMajor = 4;
    private const int LastConsole = 63;
    private const int PtsMajor = 136;

    /// <summary>The number of the virtual console; null for any other terminal.</summary>
    public int? Vt => Major == ConsoleMajor && Minor is >= 1 and <= LastConsole ? Minor : null;

    /// <summary>The N of <c>/dev/pts/N</c>; null for any other terminal.</summary>
    public int? Pts => Major == PtsMajor ? Minor : null;

    /// <summary>As the kernel packs it into one number (new_encode_dev in linux/kdev_t.h):
    /// in proc_pid_stat(5) and TIOCGDEV. Null for 0, no terminal.</summary>
    public static TerminalDevice? Unpacked(uint number) => number == 0 ? null
        : new TerminalDevice((int)(number >> 8) & 0xfff, (int)((number & 0xff) | ((number >> 12) & 0xfff00)));

    /// <summary>The terminal that a path of /dev names, as links below /proc/PID/fd
    /// do; null for what is no console and no pseudo-terminal.</summary>
    public static TerminalDevice? OfPath(string? path) =>
        Number(path, "/dev/pts/") is { } pts ? new TerminalDevice(PtsMajor, pts)
        : Number(path, "/dev/tty") is >= 1 and <= LastConsole and var vt ? new TerminalDevice(ConsoleMajor, vt)
        : null;

    private static int? Number(string? path, string begin) =>
        path?.StartsWith(begin, StringComparison.Ordinal) == true
            && int.TryParse(path.AsSpan(begin.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
