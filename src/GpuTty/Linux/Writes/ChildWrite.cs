using System.Text;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Writes;

/// <summary>A child that does one thing which the kernel may never finish.
/// Whoever waits for it can stop waiting; the child cannot stop.</summary>
internal sealed class ChildWrite : IDisposable
{
    /// <summary>Whoever a rule of modprobe.d(5) has started beside it may keep the pipe open without end.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private const int Kill = 9;

    /// <summary>Status of one that <see cref="End"/> ended.</summary>
    public const int Killed = 128 + Kill;

    private readonly SafeFileHandle? _process;
    private readonly SafeFileHandle _go;
    private readonly StringBuilder _errors = new();
    private readonly Task _listening;

    private ChildWrite(int pid, SafeFileHandle go, SafeFileHandle errors)
    {
        Pid = pid;
        _go = go;
        _process = Native.OpenProcess(pid);
        _listening = Task.Factory.StartNew(
            () => ReadErrors(errors), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Pid { get; }

    public static ChildWrite Start(string[] command)
    {
        var (input, go) = Spawn.Pipe();
        var (errors, errorsEnd) = Spawn.Pipe();
        using (input)
        using (errorsEnd)
        {
            return new ChildWrite(
                Spawn.Start(command, ["LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"], input, errors: errorsEnd), go, errors);
        }
    }

    /// <summary>Hands it what to write. A child that has failed already does not read it; its error text tells why.</summary>
    public void Give(string text)
    {
        try
        {
            using var stream = new FileStream(_go, FileAccess.Write, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Status and error text; null when it has not come back when the wait is cancelled.</summary>
    public async Task<(int Status, string Errors)?> WaitAsync(CancellationToken giveUp)
    {
        var ended = await Task.Factory.StartNew(
            () => WaitForEnd(giveUp), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!ended || Spawn.ExitStatus(Pid) is not { } status) return null;
        await Task.WhenAny(_listening, Task.Delay(s_lastWords, CancellationToken.None));
        lock (_errors) return (status, _errors.ToString());
    }

    /// <summary>Asks it to end, which a write that looks out for signals does with what it has done so far.</summary>
    public void End() => _ = _process is not null && Native.Signal(_process, Kill);

    public void Dispose()
    {
        _go.Dispose();
        _process?.Dispose();
    }

    private bool WaitForEnd(CancellationToken giveUp)
    {
        var slice = TimeSpan.FromMilliseconds(50);
        while (_process is { } process && !Native.WaitReadable(process, slice))
        {
            if (giveUp.IsCancellationRequested) return Native.WaitReadable(process, TimeSpan.Zero);
        }
        return true;
    }

    private void ReadErrors(SafeFileHandle errors)
    {
        const int most = 4096;
        using var stream = new FileStream(errors, FileAccess.Read, bufferSize: 1);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new char[most];
        for (var left = most; left > 0 && reader.Read(text, 0, left) is > 0 and var length; left -= length)
            lock (_errors) _errors.Append(text, 0, length);
    }
}
