using System.Text.Json;
using System.Text.Json.Serialization;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Switching;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Worker;

/// <summary>Who has the lock; with the start time, so that a left-over line of a dead process is not believed.</summary>
/// <param name="Recovers">True for what clears up after a killed worker.</param>
internal sealed record LockHolder(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("startTime")] long StartTime,
    [property: JsonPropertyName("recovers")] bool Recovers = false)
{
    public static LockHolder Self => new(Environment.ProcessId, ProcessStat.Read(Environment.ProcessId)?.StartTime ?? 0);

    [JsonIgnore]
    public bool Lives => ProcessStat.Lives(Pid, StartTime);
}

/// <summary>One worker at a time: flock(2) on /run/gputty/lock, which ends with its holder however that ends.</summary>
internal sealed class SwitchLock : IDisposable
{
    private const string Name = "lock";
    private readonly SafeFileHandle _file;

    private SwitchLock(SafeFileHandle file) => _file = file;

    /// <exception cref="AlreadyRunningException">Somebody else has it.</exception>
    public static SwitchLock Take(StateDirectory run, bool recovers = false)
    {
        run.Ensure();
        var file = run.OpenOrCreate(Name);
        if (!Native.TryLock(file))
        {
            file.Dispose();
            throw new AlreadyRunningException(Holder(run)?.Pid);
        }
        var mine = StateFormat.Write(LockHolder.Self with { Recovers = recovers }, StateJson.Default.LockHolder);
        FileContent.Write(file, mine, 0);
        RandomAccess.SetLength(file, mine.Length);
        return new SwitchLock(file);
    }

    /// <summary>Who has the lock now; null when nobody. Only looks: trying the lock could take it from a worker that starts.</summary>
    public static LockHolder? Holder(StateDirectory run)
    {
        try
        {
            return run.Read(Name) is { Length: > 0 } content
                && JsonSerializer.Deserialize(content, StateJson.Default.LockHolder) is { Lives: true } holder ? holder : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Says that nobody has it before letting go: this process may live on.</summary>
    public void Dispose()
    {
        RandomAccess.SetLength(_file, 0);
        Native.Unlock(_file);
        _file.Dispose();
    }
}
