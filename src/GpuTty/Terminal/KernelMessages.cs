using System.Globalization;
using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>Which kernel messages are written over whatever is on the console
/// (syslog(2), the first field of /proc/sys/kernel/printk).</summary>
internal static class KernelMessages
{
    private const int SetLevel = 8;
    private const int EmergenciesOnly = 1;

    /// <summary>Keeps all but emergencies off the consoles, if we may.</summary>
    public static void Quieten() => _ = TerminalLibc.KernelLog(SetLevel, 0, EmergenciesOnly);

    public static void Restore(int level) => _ = TerminalLibc.KernelLog(SetLevel, 0, level);

    public static bool IsQuiet(int level) => level <= EmergenciesOnly;

    public static int? Level
    {
        get
        {
            const string file = "/proc/sys/kernel/printk";
            return File.Exists(file)
                && int.TryParse(File.ReadAllText(file).Split('\t')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var level)
                ? level : null;
        }
    }
}
