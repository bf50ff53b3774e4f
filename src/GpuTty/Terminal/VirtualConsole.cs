using System.Globalization;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Terminal;

/// <summary>One of the consoles behind Ctrl+Alt+F1 to F12 and beyond (ioctl_console(2)).</summary>
internal sealed unsafe class VirtualConsole : IDisposable
{
    private const nuint GetDevice = 0x80045432;
    private const int ReadOnlyNotOurs =
        Native.ReadOnly | Native.NoControllingTerminal | Native.NonBlocking | Native.CloseOnExec;
    private const nuint GetUnicodeMap = 0x4B66;
    private const int LargestFont = 65535;

    /// <summary>The terminal's own, or, where it is relayed, one of ours.</summary>
    private readonly SafeFileHandle _file;

    private VirtualConsole(SafeFileHandle file, int number, bool isRelayed) => (_file, Number, IsRelayed) = (file, number, isRelayed);

    public static string ActiveFile => "/sys/class/tty/tty0/active";

    public int Number { get; }

    /// <summary>True where the terminal is another one, which this console shows (sudo, run0, tmux, screen).</summary>
    public bool IsRelayed { get; }

    public bool IsVisible => Active == Number;

    /// <summary>The number of the console that is on the screen; null where there are none.</summary>
    public static int? Active => File.Exists(ActiveFile) ? Parse(File.ReadAllText(ActiveFile)) : null;

    /// <summary>The kernel's consoleblank, which counts seconds, in the whole minutes that the console takes; 0 for never.</summary>
    public static int DarkAfterMinutes
    {
        get
        {
            const string file = "/sys/module/kernel/parameters/consoleblank";
            return File.Exists(file)
                && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? (seconds + 59) / 60
                : 0;
        }
    }

    /// <summary>The characters the loaded font can draw; null if the console does not say, or does not speak UTF-8.</summary>
    public IReadOnlyList<char>? Font
    {
        get
        {
            if (File.Exists("/sys/module/vt/parameters/default_utf8")
                && File.ReadAllText("/sys/module/vt/parameters/default_utf8").Trim() == "0")
                return [];
            var pairs = new ushort[LargestFont * 2];
            fixed (ushort* first = pairs)
            {
                var map = new UnicodeMap { Count = LargestFont, Pairs = first };
                return TerminalLibc.Control(_file, GetUnicodeMap, &map) == 0
                    ? [.. Enumerable.Range(0, map.Count).Select(i => (char)pairs[i * 2])]
                    : null;
            }
        }
    }

    /// <summary>The console that a terminal file, /dev/tty too, is or is shown
    /// on; null if there is none, or this user may not open it.</summary>
    /// <param name="file">A terminal.</param>
    /// <param name="consoleOf">Tells which console shows the terminal with this device number.</param>
    public static VirtualConsole? Behind(SafeFileHandle file, Func<uint, int?> consoleOf)
    {
        uint device;
        if (TerminalLibc.Control(file, GetDevice, &device) != 0) return null;
        if (TerminalDevice.Unpacked(device)?.Vt is { } own) return new VirtualConsole(file, own, isRelayed: false);
        if (consoleOf(device) is not { } number) return null;
        var shown = Native.Open($"/dev/tty{number}", ReadOnlyNotOurs, 0);
        return shown.IsInvalid ? null : new VirtualConsole(shown, number, isRelayed: true);
    }

    public void Dispose()
    {
        if (IsRelayed) _file.Dispose();
    }

    /// <summary>The number in <c>tty3</c>.</summary>
    public static int? Parse(string name) =>
        name.StartsWith("tty", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(3).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The kernel's struct unimapdesc.</summary>
    private struct UnicodeMap
    {
        public ushort Count;
        public ushort* Pairs;
    }
}
