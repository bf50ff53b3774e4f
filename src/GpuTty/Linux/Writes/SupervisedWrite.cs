using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Writes;

/// <summary>
/// Everything that may wait in the kernel without an end: writes to a device or its driver, loading and unloading modules. It runs in a
/// child of its own, and a record of it is kept before it begins. While such a child lives that nobody waits for any more, nobody else
/// may start another: the second would only hang behind the first, and take locks that the rest of the machine needs.
/// </summary>
internal sealed class SupervisedWrite(StateDirectory run, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    /// <summary>For callers that set no limit of their own.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(120);

    /// <summary>For a write that looks out for signals, as the kernel's search for huge pages does (mm/hugetlb.c).</summary>
    private static readonly TimeSpan s_toEnd = TimeSpan.FromSeconds(10);

    /// <summary>Writes to a file that is there already, through tee(1).</summary>
    /// <param name="path">Must exist.</param>
    /// <param name="text">What to write.</param>
    /// <param name="giveUp">Ends the wait, not the write.</param>
    /// <param name="touches">The functions whose lock the kernel takes for it.</param>
    public Task ToFileAsync(string path, string text, CancellationToken giveUp, params PciAddress[] touches) =>
        WriteAsync(path, text, touches, canBeEnded: false, giveUp);

    /// <summary>The same for a setting that takes as long as the kernel looks for memory: whoever gives up ends it.</summary>
    /// <exception cref="OperationCanceledException">It was given up, and has ended half done.</exception>
    public Task SettingAsync(string path, string text, CancellationToken giveUp) => WriteAsync(path, text, [], canBeEnded: true, giveUp);

    private async Task WriteAsync(string path, string text, PciAddress[] touches, bool canBeEnded, CancellationToken giveUp)
    {
        if (!File.Exists(path)) throw Gone(path);
        var shown = text.TrimEnd('\n');
        var line = $"echo {(shown.Length == 0 ? "\"\"" : shown)} > {path}";
        var result = await RunAsync([Tool("tee"), path], path, text, line, touches, giveUp, canBeEnded);
        if (canBeEnded && result.Status == ChildWrite.Killed) giveUp.ThrowIfCancellationRequested();
        // tee would make a file that has gone meanwhile, which sysfs does not permit: that is not what the user should read.
        if (result.Status != 0) throw File.Exists(path) ? KernelErrors.OfFile(path, shown, result.Errors) : Gone(path);
    }

    /// <summary>Runs modprobe or rmmod.</summary>
    public Task<(int Status, string Errors)> ToolAsync(
        string tool, string argument, CancellationToken giveUp, params PciAddress[] touches) =>
        RunAsync([Tool(tool), argument], $"{tool} {argument}", "", $"{tool} {argument}", touches, giveUp);

    /// <summary>Runs modprobe with a parameter for the module.</summary>
    public Task<(int Status, string Errors)> LoadAsync(string module, string parameter, CancellationToken giveUp) =>
        RunAsync([Tool("modprobe"), module, parameter], $"modprobe {module} {parameter}", "", $"modprobe {module} {parameter}", [], giveUp);

    private async Task<(int Status, string Errors)> RunAsync(
        string[] command, string path, string text, string shown, PciAddress[] touches, CancellationToken giveUp,
        bool canBeEnded = false)
    {
        giveUp.ThrowIfCancellationRequested();
        run.Ensure();
        if (PendingWrite.Find(run) is { } earlier) throw new StuckException(earlier.AsStuck());
        var record = new PendingWrite(0, 0, command, path, clock.GetUtcNow(), false, LockHolder.Self) { Touches = [.. touches] };
        // Before the child is started: whoever kills us in between leaves a trace that finds it.
        record.Keep(run);
        using var child = ChildWrite.Start(command);
        record = record with { Pid = child.Pid, StartTime = ProcessStat.Read(child.Pid)?.StartTime ?? 0 };
        record.Keep(run);
        child.Give(text);
        using var limit = new CancellationTokenSource(s_longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, giveUp);
        if (await (canBeEnded ? UntilEndedAsync(child, either.Token) : child.WaitAsync(either.Token)) is not { } result)
            throw Stuck(record, shown);
        PendingWrite.Drop(run);
        Log(result.Status == 0 ? LogLevel.Info : LogLevel.Warning, $"{shown} [status {result.Status}]");
        foreach (var line in CommandLog.FirstLines(result.Errors)) Log(LogLevel.Warning, line);
        return result;
    }

    private async Task<(int Status, string Errors)?> UntilEndedAsync(ChildWrite child, CancellationToken giveUp)
    {
        if (await child.WaitAsync(giveUp) is { } ended) return ended;
        child.End();
        using var limit = new CancellationTokenSource(s_toEnd, clock);
        return await child.WaitAsync(limit.Token);
    }

    private StuckException Stuck(PendingWrite record, string shown)
    {
        (record with { GivenUp = true }).Keep(run);
        var stuck = new StuckException(record.AsStuck());
        Log(LogLevel.Error, $"{shown}: {stuck.Message}");
        return stuck;
    }

    private string Tool(string name) =>
        tools.Find(name) ?? throw Refused($"{name} is not installed.", name == "tee" ? "Install coreutils." : "Install kmod.");

    private void Log(LogLevel level, string text) =>
        log(new LogLine(clock.GetUtcNow(), level, LogSource.Command, Visible.Text(text, 1000)));

    private static HostException Gone(string path) => Refused($"{path} is not there.", "Look again: the device or its driver is gone.");

    private static HostException Refused(string message, string remedy) => new(message, remedy);
}
