using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>What is told of a watched file or of the files in a watched folder (inotify(7)).</summary>
[Flags]
internal enum FileEvents : uint
{
    None = 0,
    Modified = 0x2,
    ClosedAfterWriting = 0x8,
    ClosedAfterReading = 0x10,
    Opened = 0x20,
    MovedHere = 0x80,
    Created = 0x100,

    /// <summary>Another content of a file in a folder, also one that took the old one's place.</summary>
    Content = Modified | MovedHere | Created,

    /// <summary>A node of a device that is opened or closed.</summary>
    Use = Opened | ClosedAfterWriting | ClosedAfterReading,
}

/// <summary>Hears what happens to files from its making on, also while nobody waits; nothing is read meanwhile.</summary>
internal sealed class FileWatch : IDisposable
{
    private const int LongestEvents = 16 * 1024;

    /// <summary>Events that came while nobody waited are kept as one, with all that happened.</summary>
    private readonly Channel<bool> _heard =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SafeFileHandle _events;
    private readonly SafeFileHandle _end = Native.NewEvent();
    private readonly Thread _pump;
    private uint _happened;

    private FileWatch(SafeFileHandle events)
    {
        _events = events;
        _pump = new Thread(Pump) { IsBackground = true, Name = "gputty-files" };
        _pump.Start();
    }

    /// <summary>Null where one of the paths cannot be watched: it is not there, or the kernel has no more watches.</summary>
    public static FileWatch? Of(FileEvents events, params IEnumerable<string> paths)
    {
        var watch = Native.NewFileWatch();
        if (!watch.IsInvalid && paths.All(path => Native.Watch(watch, path, (uint)events))) return new FileWatch(watch);
        watch.Dispose();
        return null;
    }

    /// <summary>Returns at once where something has happened since the last return.</summary>
    /// <returns>What; none where the time was over before.</returns>
    public async Task<FileEvents> WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(atMost);
        try
        {
            await _heard.Reader.ReadAsync(over.Token);
            return (FileEvents)Interlocked.Exchange(ref _happened, 0);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return FileEvents.None;
        }
    }

    public void Dispose()
    {
        Native.Raise(_end);
        _pump.Join();
        _events.Dispose();
        _end.Dispose();
    }

    private void Pump()
    {
        var buffer = new byte[LongestEvents];
        while (true)
        {
            Native.WaitForEither(_events, _end);
            if (Native.WaitReadable(_end, TimeSpan.Zero)) return;
            var count = Native.Read(_events, buffer);
            if (count == -Native.EAGAIN || count == -Native.EINTR) continue;
            if (count <= 0) return;
            Interlocked.Or(ref _happened, MasksOf(buffer.AsSpan(0, count)));
            _heard.Writer.TryWrite(true);
        }
    }

    /// <summary>struct inotify_event: watch, mask, cookie, length of the name that follows.</summary>
    private static uint MasksOf(ReadOnlySpan<byte> events)
    {
        const int head = 16, mask = 4, length = 12;
        var all = 0u;
        while (events.Length >= head)
        {
            all |= MemoryMarshal.Read<uint>(events[mask..]);
            var next = head + (long)MemoryMarshal.Read<uint>(events[length..]);
            if (next > events.Length) break;
            events = events[(int)next..];
        }
        return all;
    }
}
