using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Text;

namespace GpuTty.Linux.Writes;

/// <summary>
/// The one write that may be waiting in the kernel, kept in /run/gputty/write while it lasts. A later GpuTty tells from it that the
/// machine is still busy with what a dead one has asked for: a killed writer's work may finish long after it was killed.
/// </summary>
/// <param name="Pid">The child that writes; 0 in the moment before it is started.</param>
/// <param name="StartTime">Clock ticks since boot.</param>
/// <param name="Command">Its program and arguments.</param>
/// <param name="Path">The file written to, or the command that waits.</param>
/// <param name="GivenUp">Its time is over: stuck.</param>
/// <param name="Worker">Who has started it.</param>
internal sealed record PendingWrite(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("startTime")] long StartTime,
    [property: JsonPropertyName("command")] string[] Command,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("since")] DateTimeOffset Since,
    [property: JsonPropertyName("givenUp")] bool GivenUp,
    [property: JsonPropertyName("worker")] LockHolder Worker)
{
    private const string Name = "write";
    private static readonly ProcMemory s_commands = new(FileSystemRoot.Live, "cmdline");

    /// <summary>The functions whose lock the kernel may keep while this lasts.</summary>
    [JsonPropertyName("touches")]
    public ImmutableArray<PciAddress> Touches { get; init; } = [];

    /// <summary>There is a note of it, but not one that this program can read.</summary>
    [JsonIgnore]
    public bool IsUnreadable { get; init; }

    /// <summary>Nobody waits for it any more.</summary>
    [JsonIgnore]
    public bool IsStuck => GivenUp || !Worker.Lives;

    /// <summary>The write that has not come back; null when there is none. A record whose process is gone says nothing any more.</summary>
    public static PendingWrite? Find(StateDirectory run)
    {
        if (run.Read(Name) is not { } content) return null;
        try
        {
            return StateFormat.Read(content, StateJson.Default.PendingWrite, run.PathOf(Name), "").Living();
        }
        catch (HostException)
        {
            // Whose it is cannot be told, nor whether it is over: nothing else may be written until the machine is restarted.
            return new PendingWrite(0, 0, [], run.PathOf(Name), File.GetLastWriteTimeUtc(run.PathOf(Name)), true, new LockHolder(0, 0))
            {
                IsUnreadable = true,
            };
        }
    }

    public StuckWrite AsStuck() =>
        (IsUnreadable
            ? new StuckWrite(0, Path, null, Since) { IsNoteUnreadable = true }
            : new StuckWrite(Pid, Path, Where(), Since)).In(TimeZoneInfo.Local);

    public void Keep(StateDirectory run) => run.Replace(Name, StateFormat.Write(this, StateJson.Default.PendingWrite));

    public static void Drop(StateDirectory run) => run.Delete(Name);

    private PendingWrite? Living()
    {
        if (Pid > 0) return ProcessStat.Lives(Pid, StartTime) ? this : null;
        // Its starter was killed before it could note the pid; the command line finds the child, if there is one.
        return Command.Length > 0 && OrphanedWriter.Find(FileSystemRoot.Live, s_commands, Command) is { } child
            ? this with { Pid = child.Pid, StartTime = child.StartTime }
            : null;
    }

    /// <summary>The kernel function it sleeps in (proc_pid_wchan(5)), or the top of its kernel stack; null where neither tells.</summary>
    private string? Where()
    {
        var symbol = ReadProc("wchan");
        if (symbol.Length == 0 || symbol == "0") symbol = ReadProc("stack").Split('\n')[0].Split(' ')[^1].Split('+')[0];
        var state = ProcessStat.Read(Pid)?.State;
        return symbol.Length == 0 ? null : Visible.Text($"{symbol}, state {state}", 80);
    }

    private string ReadProc(string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{Pid}/{file}").Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
