using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Tests.Figures;

/// <summary>A program in a terminal of its own; we sit before it.</summary>
internal sealed partial class TerminalProgram : IDisposable
{
    private const int ReadWriteNotOurs = 0x80102;
    private readonly FileStream _terminal;
    private readonly SafeFileHandle _other;
    private readonly string _slave;
    private readonly Process _shell;
    private readonly byte[] _bytes = new byte[1 << 16];
    private readonly List<byte> _written = [];

    /// <param name="command">Words of a shell.</param>
    /// <param name="width">In columns.</param>
    /// <param name="height">In lines.</param>
    public TerminalProgram(string command, int width, int height)
    {
        var master = Open("/dev/ptmx", ReadWriteNotOurs);
        var name = new byte[128];
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0 || NameOf(master, name, name.Length) != 0)
            throw new InvalidOperationException("No pseudo terminal.");
        _slave = Encoding.ASCII.GetString(name).TrimEnd('\0');
        _terminal = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        // Without anybody at its other end a terminal reads as an error.
        _other = new SafeFileHandle(Open(_slave, ReadWriteNotOurs), ownsHandle: true);
        Resize(width, height);
        Began = Stopwatch.GetTimestamp();
        _shell = Process.Start("sh", ["-c", $"TERM=xterm LANG=C.UTF-8 exec setsid -c -w {command} <{_slave} >{_slave} 2>&1"]);
    }

    /// <summary>All that it has written and that was read.</summary>
    public IReadOnlyList<byte> Written => _written;

    /// <summary>True once it is gone.</summary>
    public bool HasEnded => _shell.HasExited;

    /// <summary>When it was started (Stopwatch).</summary>
    public long Began { get; }

    /// <summary>The program and what it has started, each the newest child of the one before.</summary>
    public IReadOnlyList<int> Family
    {
        get
        {
            List<int> all = [_shell.Id];
            while (File.ReadAllText($"/proc/{all[^1]}/task/{all[^1]}/children").Split(
                ' ', StringSplitOptions.RemoveEmptyEntries) is [.., var child])
                all.Add(int.Parse(child));
            return all;
        }
    }

    public void Resize(int width, int height)
    {
        using var stty = Process.Start("stty", ["-F", _slave, "cols", $"{width}", "rows", $"{height}"]);
        stty.WaitForExit();
    }

    public void Type(string keys) => _terminal.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Reads until this has been written.</summary>
    public void ReadUntil(string text, TimeSpan patience)
    {
        var seen = new StringBuilder();
        var began = Stopwatch.StartNew();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            if (began.Elapsed > patience) throw new TimeoutException($"'{text}' did not come in {patience}; what came: {seen}");
            if (Waits(patience - began.Elapsed)) seen.Append(Encoding.Latin1.GetString(Read()));
        }
    }

    /// <summary>Reads what comes next, however late.</summary>
    public void ReadAnswer(TimeSpan patience)
    {
        if (!Waits(patience)) throw new TimeoutException($"Nothing was written for {patience}.");
        Read();
    }

    /// <summary>Reads until nothing has come for a while.</summary>
    /// <returns>When the last byte came (Stopwatch); now, when none did.</returns>
    public long ReadUntilQuiet(TimeSpan silence)
    {
        var last = Stopwatch.GetTimestamp();
        for (var rest = silence; rest > TimeSpan.Zero; rest = silence - Stopwatch.GetElapsedTime(last))
        {
            if (!Waits(rest)) continue;
            Read();
            last = Stopwatch.GetTimestamp();
        }
        return last;
    }

    /// <summary>Reads whatever comes in this time.</summary>
    public void ReadFor(TimeSpan time)
    {
        var end = Stopwatch.StartNew();
        while (end.Elapsed < time)
            if (Waits(time - end.Elapsed)) Read();
    }

    /// <summary>Ends it with the key that leaves it.</summary>
    public void Dispose()
    {
        if (!HasEnded && !_other.IsClosed) Type("q");
        for (var end = Stopwatch.StartNew(); !_shell.WaitForExit(10) && !_other.IsClosed && end.Elapsed < TimeSpan.FromSeconds(10);)
            ReadFor(TimeSpan.FromMilliseconds(10));
        if (!_shell.HasExited) _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
        _other.Dispose();
        _terminal.Dispose();
    }

    /// <summary>Nobody sits before it any more.</summary>
    public void HangUp()
    {
        _other.Dispose();
        _terminal.Dispose();
    }

    private ReadOnlySpan<byte> Read()
    {
        var read = _bytes.AsSpan(0, _terminal.Read(_bytes));
        _written.AddRange(read);
        return read;
    }

    private bool Waits(TimeSpan atMost)
    {
        var wait = new Waiting { File = (int)_terminal.SafeFileHandle.DangerousGetHandle(), Events = 1 };
        return Poll(ref wait, 1, Math.Max(1, (int)atMost.TotalMilliseconds)) > 0;
    }

    private struct Waiting
    {
        public int File;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOf(int master, byte[] name, nint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Waiting waiting, nuint count, int milliseconds);
}
