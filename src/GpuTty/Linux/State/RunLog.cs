using System.Globalization;
using System.Text;
using System.Text.Json;
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

    private readonly Lock _writing = new();
    private readonly SafeFileHandle _lines;
    private readonly Logger _people;
    private long _length;

    private RunLog(SafeFileHandle lines, long length, Logger people) => (_lines, _length, _people) = (lines, length, people);

    /// <summary>A new run begins a new log.</summary>
    public static RunLog Begin(StatePaths state)
    {
        state.Ensure();
        var lines = state.Run.CreateNew($"{Name}.new");
        state.Run.Rename($"{Name}.new", Name);
        return new RunLog(lines, 0, OpenForPeople(state.Log));
    }

    /// <summary>The recovery adds to the log of the run that it clears up after.</summary>
    public static RunLog Continue(StatePaths state)
    {
        state.Ensure();
        var lines = state.Run.OpenOrCreate(Name);
        return new RunLog(lines, RandomAccess.GetLength(lines), OpenForPeople(state.Log));
    }

    public void Add(LogLine line)
    {
        // Whoever made the line was to see to it; this file is read with cat.
        line = line with { Text = Text.Visible.Text(line.Text) };
        _people.Write(LevelOf(line.Level), "{Source} {Text:l}", line.Source, line.Text);
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, StateJson.Default.LogLine), (byte)'\n'];
        lock (_writing)
        {
            if (_lines.IsClosed || _length + bytes.Length > Longest) return;
            try
            {
                RandomAccess.Write(_lines, bytes, _length);
                _length += bytes.Length;
            }
            catch (IOException)
            {
                // /run is full; the file for people has the line.
            }
        }
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
    }

    private static Logger OpenForPeople(StateDirectory directory) => new LoggerConfiguration()
        .MinimumLevel.Debug()
        .WriteTo.File(directory.PathOf("gputty.log"), rollOnFileSizeLimit: true, retainedFileCountLimit: 6, fileSizeLimitBytes: 16 * 1024 * 1024,
            formatProvider: CultureInfo.InvariantCulture, hooks: new OwnerOnly(),
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}")
        .CreateLogger();

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    /// <summary>The directory is ours alone already; the file says so too, wherever it is copied.</summary>
    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return underlyingStream;
        }
    }
}
