using System.Diagnostics;
using System.Text;
using GpuTty.Interop;
using GpuTty.Terminal;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Tests.Terminal;

/// <summary>A virtual console of the running kernel, with nobody in front: types on it and reads it back from /dev/vcs.</summary>
internal sealed unsafe class LinuxConsole : IDisposable
{
    private const nuint SimulateInput = 0x5412;
    private const nuint Disallocate = 0x5608;

    private readonly FileStream _turn = TakeTurn();
    private readonly SafeFileHandle _file;
    private Process? _program;

    public LinuxConsole(int number)
    {
        Number = number;
        _file = Native.Open($"/dev/tty{number}", Native.ReadWrite | Native.NoControllingTerminal, 0);
        Shell($"stty -F /dev/tty{number} sane cols 80 rows 25; printf '\\033c' >/dev/tty{number}");
    }

    public static bool IsThere =>
        Environment.UserName == "root" && File.Exists("/dev/tty0") && File.Exists("/dev/vcs1") && File.Exists("/usr/bin/setsid");

    public int Number { get; }

    public string Lines => Shell($"stty -F /dev/tty{Number} -a");

    /// <summary>What its font has for a character of frames.</summary>
    public char Draws(char glyph)
    {
        using var console = VirtualConsole.Behind(_file, _ => null);
        return Glyphs.OfFont(console!.Font!).Show(glyph);
    }

    /// <summary>Where the hardware cursor is; byte 2 and 3 of /dev/vcsa (vcs(4)).</summary>
    public (int X, int Y) Cursor => Attributes is var bytes ? (bytes[2], bytes[3]) : default;

    public string Screen
    {
        get
        {
            var (rows, columns) = (Attributes[0], Attributes[1]);
            var text = Encoding.UTF32.GetString(File.ReadAllBytes($"/dev/vcsu{Number}"));
            return string.Concat(Enumerable.Range(0, rows).Select(row => text.Substring(row * columns, columns).TrimEnd() + "\n"));
        }
    }

    private byte[] Attributes => File.ReadAllBytes($"/dev/vcsa{Number}");

    /// <summary>Starts the trial program with this console as its terminal.</summary>
    public Process Start(string arguments) => StartCommand($"{Tmux.Trial} {arguments}");

    /// <summary>Starts what a person may type at this console; <see cref="Trial"/> is the trial program in it.</summary>
    public Process StartCommand(string command) => _program =
        Process.Start("sh", ["-c", $"TERM=linux exec setsid -c -w {command} <>/dev/tty{Number} >&0 2>&1"]);

    /// <summary>The trial program by its full path: what changes the user changes the PATH too.</summary>
    public static string Trial { get; } = string.Join(' ', Linux.Processes.OtherProcess.Command());

    public void Type(string keys)
    {
        foreach (var key in Encoding.UTF8.GetBytes(keys))
        {
            var value = key;
            Assert.Equal(0, TerminalLibc.Control(_file, SimulateInput, &value));
        }
    }

    public void Resize(int width, int height) => Shell($"stty -F /dev/tty{Number} cols {width} rows {height}");

    public string WaitFor(string text)
    {
        var watch = Stopwatch.StartNew();
        string screen;
        while (!(screen = Screen).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"'{text}' does not appear on:\n{screen}");
            Thread.Sleep(50);
        }
        return screen;
    }

    public void Dispose()
    {
        // Only after a failed test: others end it by its own keys. A hang-up makes it give back what it has changed.
        if (_program is { HasExited: false }) Shell($"kill -HUP -{_program.Id}; sleep 2; kill -KILL -{_program.Id}");
        _file.Dispose();
        using var first = File.OpenHandle("/dev/tty0", FileMode.Open, FileAccess.ReadWrite);
        _ = Native.Control(first, Disallocate, Number);
        _turn.Dispose();
    }

    /// <summary>Consoles and the level of kernel messages are the machine's: another run of these tests has to wait.</summary>
    private static FileStream TakeTurn()
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream("/run/gputty-console-tests.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (watch.Elapsed < TimeSpan.FromMinutes(2))
            {
                Thread.Sleep(100);
            }
        }
    }

    internal static string Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
