using System.Globalization;
using System.Text;
using System.Text.Json;
using GpuTty.Interop;
using GpuTty.Switching;
using Microsoft.Win32.SafeHandles;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.File;

namespace GpuTty.Linux.State;

/// <summary>
/// Where log lines go: log.jsonl for the viewers of this run, and a rolling file for people. A log that cannot be written must not
/// stop a switch, so nothing here throws once it is open.
/// </summary>
internal sealed class RunLog : IDisposable
{
    public const string Name = "log.jsonl";

    /// <summary>A kernel that repeats itself must not fill /run.</summary>
    private const long Longest = 8 * 1024 * 1024;

    /// <summary>
    /// Room for what others say. Anybody can make the kernel print thousands of lines a second, and they must neither push
    /// our own lines out nor roll older runs out of the log for people. What the kernel calls an error has some more, for it
    /// may be why a switch failed; but a user who mounts what is not there, in a namespace of his own, makes such lines too.
    /// </summary>
    internal const long LongestOfOthers = 4 * 1024 * 1024, LongestWithErrors = 6 * 1024 * 1024;

    internal const string TooManyOfOthers =
        "The kernel or a unit logs too much: its further lines are left out here. They are in the journal: journalctl -b";

    private readonly Lock _writing = new();
    private readonly SafeFileHandle _lines;
    private readonly Logger _people;
    private long _length;
    private long _lengthOfOthers;
    private bool _leavesOut;

    private readonly SafeFileHandle _folder;

    private RunLog(SafeFileHandle lines, long length, SafeFileHandle folder) =>
        (_lines, _length, _folder, _people) = (lines, length, folder, OpenForPeople(folder));

    /// <summary>A new run begins a new log.</summary>
    public static RunLog Begin(StatePaths state)
    {
        state.Ensure();
        var lines = state.Run.CreateNew($"{Name}.new");
        state.Run.Rename($"{Name}.new", Name);
        return new RunLog(lines, 0, state.Log.Hold());
    }

    /// <summary>The recovery adds to the log of the run that it clears up after.</summary>
    public static RunLog Continue(StatePaths state)
    {
        state.Ensure();
        var lines = state.Run.OpenOrCreate(Name);
        return new RunLog(lines, RandomAccess.GetLength(lines), state.Log.Hold());
    }

    public void Add(LogLine line)
    {
        // Whoever made the line was to see to it; this file is read with cat.
        line = line with { Text = Text.Visible.Text(line.Text) };
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, StateJson.Default.LogLine), (byte)'\n'];
        // As they are written: what JSON escapes is up to six times as long.
        if (IsTooMuch(line, bytes.Length)) return;
        _people.Write(LevelOf(line.Level), "{Source} {Text:l}", line.Source, line.Text);
        lock (_writing)
        {
            if (_lines.IsClosed || _length + bytes.Length > Longest) return;
            try
            {
                FileContent.Write(_lines, bytes, _length);
                _length += bytes.Length;
            }
            catch (IOException)
            {
                // /run is full; the file for people has the line.
            }
        }
    }

    /// <summary>Said once, in place of the first line that is left out.</summary>
    private bool IsTooMuch(LogLine line, int length)
    {
        if (line.Source is not (LogSource.Kernel or LogSource.Unit)) return false;
        var longest = line.Level >= LogLevel.Error ? LongestWithErrors : LongestOfOthers;
        bool isFirst;
        lock (_writing)
        {
            if (_lengthOfOthers <= longest)
            {
                _lengthOfOthers += length;
                return false;
            }
            isFirst = !_leavesOut;
            _leavesOut = true;
        }
        if (isFirst) Add(new LogLine(line.At, LogLevel.Warning, LogSource.Gputty, TooManyOfOthers));
        return true;
    }

    /// <summary>Whole lines of <see cref="Name"/>; what is none is left out.</summary>
    public static IEnumerable<LogLine> Parse(byte[] content) =>
        Encoding.UTF8.GetString(content).Split('\n').Select(line => Parse(Encoding.UTF8.GetBytes(line).AsSpan())).OfType<LogLine>();

    /// <summary>Null for what is no whole line.</summary>
    public static LogLine? Parse(ReadOnlySpan<byte> line)
    {
        // A file full of what is no line must not cost an exception for each.
        if (line is not [(byte)'{', .., (byte)'}']) return null;
        try
        {
            return JsonSerializer.Deserialize(line, StateJson.Default.LogLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (_writing) _lines.Dispose();
        _people.Dispose();
        _folder.Dispose();
    }

    /// <summary>By the open directory and not by its path: whoever may rename what
    /// is in /var/log, as group syslog may on Ubuntu, leads it nowhere.</summary>
    private static Logger OpenForPeople(SafeFileHandle directory) => new LoggerConfiguration()
        .MinimumLevel
        .Debug()
        .WriteTo
        .File(
            $"{StateDirectory.PathOf(directory)}/gputty.log",
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: 6,
            fileSizeLimitBytes: 16 * 1024 * 1024,
            formatProvider: CultureInfo.InvariantCulture,
            hooks: new OwnerOnly(),
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}")
        .CreateLogger();

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    /// <summary>The directory is ours alone already, and its path is that of
    /// the open one; the file says so too, wherever it is copied.</summary>
    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return underlyingStream;
        }
    }
}
