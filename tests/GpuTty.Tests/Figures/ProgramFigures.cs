using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GpuTty.Tests.Figures;

/// <summary>The program itself in a terminal of its own: how long a key takes to its last byte, what it costs at rest.</summary>
internal static partial class ProgramFigures
{
    private const int ReadWriteNotOurs = 0x102;
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(60);

    public static void Print(TextWriter to, string program, TimeSpan rest)
    {
        var master = Open("/dev/ptmx", ReadWriteNotOurs);
        var name = new byte[128];
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0 || NameOf(master, name, name.Length) != 0) throw new InvalidOperationException("No pseudo terminal.");
        var slave = System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0');
        using var terminal = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        // Without anybody at its other end a terminal reads as an error.
        using var other = new Microsoft.Win32.SafeHandles.SafeFileHandle(Open(slave, ReadWriteNotOurs), ownsHandle: true);
        Size(slave, 80, 25);
        using var shell = Process.Start("sh", ["-c", $"TERM=xterm LANG=C.UTF-8 exec setsid -c -w {program} demo desktop <{slave} >{slave} 2>&1"]);
        Quiet(terminal, TimeSpan.FromSeconds(3));
        foreach (var (width, height) in new[] { (80, 25), (240, 67) })
        {
            Size(slave, width, height);
            Quiet(terminal, TimeSpan.FromSeconds(1));
            terminal.Write("2"u8);
            Quiet(terminal, TimeSpan.FromSeconds(1));
            var times = Enumerable.Range(0, 400).Select(round => Press(terminal, round % 8 < 4 ? (byte)'j' : (byte)'k')).Order().ToList();
            to.WriteLine($"{width}x{height}, key press to last byte      {times[times.Count / 2].TotalMilliseconds,6:0.00} ms median  {times[^1].TotalMilliseconds,6:0.00} ms worst of {times.Count}");
        }
        var family = Family(shell.Id);
        var before = family.Sum(Ticks);
        Quiet(terminal, rest, always: true);
        var used = family.Sum(Ticks) - before;
        to.WriteLine($"at rest for {rest.TotalSeconds:0} s                  {used * 10} ms of processor time ({used * 10 / rest.TotalMilliseconds:0.000%})");
        foreach (var process in family.TakeLast(2))
            to.WriteLine($"memory of {(process == family[^1] ? "the screen" : "its supervisor"),-22} {Memory(process, "Rss:"),6} KiB resident  {Memory(process, "Pss:"),6} KiB of its own share");
        terminal.Write("q"u8);
        shell.WaitForExit(10_000);
    }

    private static TimeSpan Press(FileStream terminal, byte key)
    {
        var began = Stopwatch.GetTimestamp();
        terminal.Write([key]);
        var last = began;
        Quiet(terminal, Settled, () => last = Stopwatch.GetTimestamp());
        return Stopwatch.GetElapsedTime(began, last);
    }

    /// <summary>Reads until nothing has come for a while.</summary>
    private static void Quiet(FileStream terminal, TimeSpan silence, Action? onBytes = null, bool always = false)
    {
        var bytes = new byte[1 << 16];
        var end = Stopwatch.StartNew();
        while (end.Elapsed < silence)
        {
            var wait = new Waiting { File = (int)terminal.SafeFileHandle.DangerousGetHandle(), Events = 1 };
            if (Poll(ref wait, 1, Math.Max(1, (int)(silence - end.Elapsed).TotalMilliseconds)) <= 0) continue;
            _ = terminal.Read(bytes);
            onBytes?.Invoke();
            if (!always) end.Restart();
        }
    }

    private static List<int> Family(int process)
    {
        List<int> all = [process];
        while (File.ReadAllText($"/proc/{all[^1]}/task/{all[^1]}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.., var child]) all.Add(int.Parse(child));
        return all;
    }

    /// <summary>Hundredths of a second in user and kernel mode: fields 14 and 15 of proc_pid_stat(5).</summary>
    private static long Ticks(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }

    private static long Memory(int process, string field) =>
        long.Parse(File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static void Size(string slave, int width, int height)
    {
        using var stty = Process.Start("stty", ["-F", slave, "cols", $"{width}", "rows", $"{height}"]);
        stty.WaitForExit();
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
