using GpuTty.Host;
using GpuTty.Switching;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux;

/// <summary>
/// The journal on disk: <c>journal</c>, and the run before it as <c>journal.1</c>. Room is taken before the first event is written, so
/// that recording progress cannot fail for want of space; every event but <see cref="RunEvent.Waiting"/> is on the disk before the call returns.
/// </summary>
internal sealed class FileJournal(StateDirectory directory) : IJournal, IDisposable
{
    public const string Name = "journal";
    private const string Previous = "journal.1";

    /// <summary>Some 1,500 events; an event takes 100 to 300 bytes.</summary>
    private const int Room = 256 * 1024;

    private SafeFileHandle? _file;
    private long _length;
    private long _roomForWaiting;

    public JournalContent Read() => Read(directory);

    public static JournalContent Read(StateDirectory directory) => JournalReader.Parse(directory.Read(Name));

    public void Append(RunEvent entry)
    {
        var line = JournalReader.Line(entry);
        if (entry is RunEvent.Opened) Begin(line);
        else if (entry is not RunEvent.Waiting) Write(line, _file ??= Continue(), toDisk: true);
        else if (_file is { } file && _length + line.Length < _roomForWaiting) Write(line, file, toDisk: false);
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A new run is a new file that takes the name when its first line is on the disk.</summary>
    private void Begin(byte[] line)
    {
        directory.Ensure();
        if (directory.Read(Name) is { } before) directory.Replace(Previous, before);
        _file?.Dispose();
        _file = directory.CreateNew($"{Name}.new");
        _length = 0;
        // The last half is for what must be recorded.
        _roomForWaiting = line.Length + (Room / 2);
        // Some file systems cannot promise room; there a full disk stops the run at the event that does not fit.
        if (Native.Reserve(_file, line.Length + Room) == Native.ENOSPC) throw Full(null);
        Write(line, _file, toDisk: true);
        directory.Rename($"{Name}.new", Name);
    }

    /// <summary>The journal of a worker that is gone, without the line it did not finish.</summary>
    private SafeFileHandle Continue()
    {
        if (Read() is not JournalContent.Run run)
            throw new HostException("There is no journal to go on with.", "Start a new switch.");
        var file = directory.TryOpen(Name, Native.ReadWrite)
            ?? throw new HostException("The journal has gone away.", "Start a new switch.");
        if (run.IsTorn) RandomAccess.SetLength(file, run.Length);
        _length = run.Length;
        return file;
    }

    private void Write(byte[] line, SafeFileHandle file, bool toDisk)
    {
        try
        {
            RandomAccess.Write(file, line, _length);
            if (toDisk) RandomAccess.FlushToDisk(file);
            _length += line.Length;
        }
        catch (IOException refused)
        {
            throw Full(refused);
        }
    }

    private HostException Full(IOException? cause) =>
        new($"The journal in {directory.Path} cannot be written{(cause is null ? ": the disk is full" : $": {cause.Message}")}.", $"Make room on the file system of {directory.Path}.", cause);
}
