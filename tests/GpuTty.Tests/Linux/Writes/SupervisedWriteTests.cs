using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Writes;

/// <summary>A pipe without a reader stands for a driver that does not let
/// go: opening it waits in the kernel until somebody comes.</summary>
public sealed class SupervisedWriteTests : StateFixture
{
    private readonly List<LogLine> _log = [];

    private SupervisedWrite Writer => new(State.Run, new CommandRunner(), TimeProvider.System, _log.Add);

    [Fact]
    public async Task A_write_arrives_and_leaves_no_record()
    {
        var file = $"{Root}/driver_override";
        await File.WriteAllTextAsync(file, "before");

        await Writer.ToFileAsync(file, "vfio-pci\n", default);
        Assert.Equal("vfio-pci\n", await File.ReadAllTextAsync(file));
        await Writer.ToFileAsync(file, "\n", default);
        Assert.Equal("\n", await File.ReadAllTextAsync(file));

        Assert.False(State.Run.Exists("write"));
        Assert.Equal([$"echo vfio-pci > {file} [status 0]", $"echo \"\" > {file} [status 0]"], _log.Select(line => line.Text));
    }

    [Fact]
    public async Task A_mistyped_path_is_never_made()
    {
        await Assert.ThrowsAsync<HostException>(() => Writer.ToFileAsync($"{Root}/drvier_override", "x", default));
        Assert.False(File.Exists($"{Root}/drvier_override"));
    }

    /// <summary>A file of sysfs that goes between the look and the write: tee would make it, and is told that it may not.</summary>
    [Fact]
    public async Task A_file_that_vanishes_under_the_write_is_said_to_be_gone_and_not_to_need_root()
    {
        var file = $"{Root}/unbind";
        await File.WriteAllTextAsync(file, "");
        Directory.CreateDirectory($"{Root}/tools");
        await File.WriteAllTextAsync($"{Root}/tools/tee", $"#!/bin/sh\nrm {file}\necho 'tee: {file}: Permission denied' >&2\nexit 1\n");
        File.SetUnixFileMode($"{Root}/tools/tee", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var writer = new SupervisedWrite(State.Run, new CommandRunner([$"{Root}/tools"]), TimeProvider.System, _log.Add);
        var refused = await Assert.ThrowsAsync<HostException>(() => writer.ToFileAsync(file, "0000:01:00.0", default));
        Assert.Contains("is not there", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("root", refused.Remedy, StringComparison.Ordinal);
    }

    /// <summary>Case M7 of the failure matrix: a write that the kernel does not finish.</summary>
    [Fact]
    public async Task M7_a_write_that_does_not_come_back_is_stuck_and_blocks_every_other_until_it_has()
    {
        var pipe = Pipe("unbind");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();

        var stuck = await Assert.ThrowsAsync<StuckException>(() => Writer.ToFileAsync(pipe, "0000:01:00.0", limit.Token));

        Assert.InRange(watch.ElapsedMilliseconds, 250, 60_000);
        Assert.Equal(pipe, stuck.Write.Path);
        if (Environment.UserName == "root") Assert.Matches("^[a-z_]+[a-z0-9_.]*, state [SD]$", stuck.Write.Where!);
        Assert.Contains(_log, line => line.Level == LogLevel.Error);
        // Another GpuTty sees it too, and does not write.
        Assert.Equal(stuck.Write.Pid, KernelIncidents.Read(State.Run).Stuck?.Pid);
        await File.WriteAllTextAsync($"{Root}/other", "untouched");
        Assert.Equal(pipe, (await Assert.ThrowsAsync<StuckException>(() => Writer.ToFileAsync($"{Root}/other", "x", default))).Write.Path);
        Assert.Equal("untouched", await File.ReadAllTextAsync($"{Root}/other"));

        // The driver lets go at last: what was asked for happens, although nobody waited any more.
        Assert.Equal("0000:01:00.0", Tool.Run("cat", pipe));
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is null, "the write is over");
        await Writer.ToFileAsync($"{Root}/other", "x", default);
        Assert.Equal("x", await File.ReadAllTextAsync($"{Root}/other"));
    }

    /// <summary>It may be of another version of the program, whose write still hangs.</summary>
    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"schema":2,"pid":1}""")]
    [InlineData(
        """{"schema":99,"pid":0,"startTime":0,"command":["tee"],"path":"/sys/x","since":"2026-01-""" +
        """01T00:00:00+00:00","givenUp":false,"worker":{"pid":1,"startTime":1}}""")]
    public async Task A_note_of_a_write_that_cannot_be_read_forbids_every_other(string note)
    {
        State.Run.Replace("write", System.Text.Encoding.UTF8.GetBytes(note));
        await File.WriteAllTextAsync($"{Root}/other", "untouched");

        var stuck = await Assert.ThrowsAsync<StuckException>(() => Writer.ToFileAsync($"{Root}/other", "x", default));

        Assert.Contains("/run/gputty/write", stuck.Message, StringComparison.Ordinal);
        Assert.Contains("reboot", stuck.Remedy, StringComparison.Ordinal);
        Assert.Equal("untouched", await File.ReadAllTextAsync($"{Root}/other"));
        Assert.NotNull(KernelIncidents.Read(State.Run).Stuck);
    }

    [Fact]
    public async Task A_write_that_is_waited_for_is_in_flight_but_not_stuck()
    {
        var pipe = Pipe("bind");
        var write = Writer.ToFileAsync(pipe, "x", default);
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is { Pid: > 0 }, "it is in flight");

        Assert.Null(KernelIncidents.Read(State.Run).Stuck);
        Assert.Equal("x", Tool.Run("cat", pipe));
        await write;
        Assert.Null(PendingWrite.Find(State.Run));
    }

    /// <summary>Case M7 of the failure matrix: while it lasts, and not only
    /// when it is given up, nobody else may look into what it holds.</summary>
    [Fact]
    public async Task Everybody_knows_which_devices_a_write_holds_up_while_it_lasts()
    {
        var (pipe, card) = (Pipe("unbind"), PciAddress.Parse("0000:01:00.0"));
        var write = Writer.ToFileAsync(pipe, "x", default, card);
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is { Pid: > 0 }, "it is in flight");

        Assert.Equal([card], KernelIncidents.Read(State.Run).Busy.AsEnumerable());
        Assert.Equal("x", Tool.Run("cat", pipe));
        await write;
        Assert.Empty(KernelIncidents.Read(State.Run).Busy);
    }

    [Fact]
    public void The_first_crash_of_the_kernel_is_kept_for_all_later_runs_of_this_boot()
    {
        Assert.Null(KernelIncidents.Read(State.Run).Crash);
        Assert.True(new KernelCrash("BUG: scheduling while atomic: rmmod/2412/0x00000002", 1 << 12).Keep(State.Run));
        Assert.False(new KernelCrash("kernel BUG at mm/slub.c:305!", 1 << 9).Keep(State.Run));
        var notes = KernelIncidents.Read(State.Run);
        Assert.Equal(new KernelCrash("BUG: scheduling while atomic: rmmod/2412/0x00000002", 1 << 12), notes.Crash);
        Assert.True((new HostSnapshot
        {
            TakenAt = default,
            Taint = (1 << 12) | (1 << 9),
            KernelCrash = notes.Crash!.Words,
            TaintBeforeCrash = notes.Crash.TaintBefore,
        }).KernelHasDied);
    }

    /// <summary>Case M2 of the failure matrix: its work may still happen after its starter was killed.</summary>
    [Fact]
    public async Task A_child_whose_pid_nobody_could_note_is_found_by_its_command()
    {
        var pipe = Pipe("remove");
        string[] command = [new CommandRunner().Find("tee")!, pipe];
        using var child = ChildWrite.Start(command);
        new PendingWrite(0, 0, command, pipe, default, false, new LockHolder(1, 1)).Keep(State.Run);

        Assert.Equal(child.Pid, KernelIncidents.Read(State.Run).Stuck?.Pid);

        child.Give("x");
        Tool.Run("cat", pipe);
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is null, "it is over");
    }

    [Fact]
    public async Task A_child_has_its_own_session_no_terminal_and_none_of_our_files_or_secrets()
    {
        var pipe = Pipe("probe");
        Environment.SetEnvironmentVariable("GPUTTY_SECRET", "x");
        using var mine = File.OpenRead(typeof(SupervisedWriteTests).Assembly.Location);
        var write = Writer.ToFileAsync(pipe, "x", default);
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is { Pid: > 0 }, "it is in flight");
        var pid = PendingWrite.Find(State.Run)!.Pid;

        var fields = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(") ")[1].Split(' ');
        Assert.Equal($"{pid}", fields[3]);
        Assert.Equal("0", fields[4]);
        Assert.Equal(["0", "1", "2"], Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(Path.GetFileName).Order());
        Assert.Equal("LC_ALL=C\0PATH=/usr/sbin:/usr/bin:/sbin:/bin\0", await File.ReadAllTextAsync($"/proc/{pid}/environ"));
        var ignored =
            (await File.ReadAllLinesAsync($"/proc/{pid}/status")).Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[8..];
        // All but the C library's own two.
        Assert.Equal(0, Convert.ToInt64(ignored, 16) & 0x7fffffff);
        Tool.Run("cat", pipe);
        await write;
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_told_in_words()
    {
        var refused = await Assert.ThrowsAsync<HostException>(() => Writer.ToFileAsync("/proc/self/oom_score_adj", "no number", default));
        Assert.False(refused.IsTransient);
        Assert.Contains("oom_score_adj", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_log, line => line.Text.Contains("Invalid argument", StringComparison.Ordinal));
        Assert.False(State.Run.Exists("write"));
    }

    /// <summary>As the kernel's search for huge pages, which looks out for signals.</summary>
    [Fact]
    public async Task Whoever_gives_up_a_setting_that_takes_long_ends_it_and_nothing_is_stuck()
    {
        var pipe = Pipe("nr_hugepages");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer.SettingAsync(pipe, "4096", limit.Token));
        Assert.Null(PendingWrite.Find(State.Run));
        await File.WriteAllTextAsync($"{Root}/other", "");
        await Writer.SettingAsync($"{Root}/other", "0", default);
        Assert.Equal("0", await File.ReadAllTextAsync($"{Root}/other"));
    }

    /// <summary>An install rule of modprobe.d(5) may start what stays.</summary>
    [Fact]
    public async Task A_tool_that_leaves_something_running_behind_is_not_waited_for()
    {
        Directory.CreateDirectory($"{Root}/tools");
        await File.WriteAllTextAsync($"{Root}/tools/modprobe", "#!/bin/sh\necho 'said before' >&2\nsleep 300 &\nexit 1\n");
        File.SetUnixFileMode($"{Root}/tools/modprobe", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var writer = new SupervisedWrite(State.Run, new CommandRunner([$"{Root}/tools"]), TimeProvider.System, _log.Add);
        var (status, errors) = await writer.ToolAsync("modprobe", "vfio-pci", default).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((1, "said before\n"), (status, errors));
    }

    [Fact]
    public async Task A_cancelled_write_that_has_not_begun_never_begins()
    {
        await File.WriteAllTextAsync($"{Root}/file", "before");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer.ToFileAsync($"{Root}/file", "x", new CancellationToken(true)));
        Assert.Equal("before", await File.ReadAllTextAsync($"{Root}/file"));
    }

    private string Pipe(string name)
    {
        Tool.Run("mkfifo", $"{Root}/{name}");
        return $"{Root}/{name}";
    }
}
