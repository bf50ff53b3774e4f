using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Worker;

public sealed class RecoverCommandTests : StateFixture
{
    private static readonly UnitName s_desktop = new("lightdm.service");
    private static readonly ImmutableArray<Step> s_steps =
    [
        new StopUnit(s_desktop, "the desktop"), new StopUnit(new UnitName("nvidia-persistenced.service"), "it holds the card"),
        new UnloadModule("amdgpu", PretendedHost.Card, "amdgpu"), new StartUnit(s_desktop, "the desktop"), new AwaitDesktop(),
    ];

    private readonly PretendedHost _host = new(TimeSpan.Zero);

    private RecoverCommand Recover => new(State, TimeProvider.System, _host, _ => _host);

    /// <summary>systemd tells the recovery how the worker ended. Only one that has closed
    /// its journal itself needs none; 2 is also "the machine shuts down".</summary>
    [Theory]
    [InlineData("exited", "0", true)]
    [InlineData("exited", "3", true)]
    [InlineData("exited", "4", false)]
    [InlineData("exited", "2", false)]
    [InlineData("exited", "70", false)]
    [InlineData("killed", "KILL", false)]
    [InlineData("dumped", "ABRT", false)]
    [InlineData(null, null, false)]
    public void After_a_worker_that_ended_by_itself_nothing_is_read(string? code, string? status, bool needless) =>
        Assert.Equal(needless, RecoverCommand.IsNeedlessAfter(code, status));

    /// <summary>security: a machine that was too slow to look at ended the run before anybody had asked for the desktop.</summary>
    [Fact]
    public async Task What_a_run_that_was_left_halfway_has_not_started_again_is_started()
    {
        Journal(
            new RunEvent.Begun(0, default) { At = default },
            new RunEvent.Done(0, default) { At = default },
            new RunEvent.Begun(1, default) { At = default },
            new RunEvent.Done(1, default) { At = default },
            new RunEvent.Failed(2, "busy", "") { At = default },
            new RunEvent.TakingBack("busy") { At = default },
            new RunEvent.NotTakenBack(1, "late", "") { At = default },
            new RunEvent.NotTakenBack(0, "late", "") { At = default },
            new RunEvent.Closed(Outcome.LeftHalfway, "late") { At = default });

        Assert.True(Recover.IsNeeded);
        var said = await Recover.RunAsync();

        Assert.StartsWith("The switch was left halfway. lightdm.service has been started again.", said, StringComparison.Ordinal);
        Assert.Equal(["start lightdm.service"], _host.Done);
        Assert.Equal(Outcome.LeftHalfway, RunState.Fold(((JournalContent.Run)FileJournal.Read(State.Lib)).Events)!.Outcome);
        Assert.Null(await Recover.RunAsync());
    }

    [Fact]
    public async Task A_run_that_was_left_halfway_with_its_desktop_up_is_left_alone()
    {
        Journal(
            new RunEvent.Begun(0, default) { At = default },
            new RunEvent.Done(0, default) { At = default },
            new RunEvent.Failed(1, "busy", "") { At = default },
            new RunEvent.TakingBack("busy") { At = default },
            new RunEvent.TakenBack(0) { At = default },
            new RunEvent.Closed(Outcome.LeftHalfway, "x") { At = default });
        Assert.Null(await Recover.RunAsync());
        Assert.Empty(_host.Done);
    }

    [Fact]
    public async Task A_killed_worker_is_cleared_up_after_once()
    {
        Journal(
            new RunEvent.Begun(0, default) { At = default },
            new RunEvent.Done(0, default) { At = default },
            new RunEvent.Begun(1, default) { At = default },
            new RunEvent.Done(1, default) { At = default },
            new RunEvent.Begun(2, default) { At = default });

        _host.Now = _host.Now with
        {
            Devices = [.. _host.Now.Devices.Select(device =>
                device.Address == PretendedHost.Card ? device with { Driver = null } : device)],
        };

        var said = await Recover.RunAsync();

        Assert.Equal(
            "The switch was interrupted. lightdm.service has been started again. Card 01:00 is without a driver. "
                + "Start gputty to resume or to undo it.",
            said);
        Assert.Equal(["start lightdm.service"], _host.Done);
        var run = (JournalContent.Run)FileJournal.Read(State.Lib);
        Assert.True(RunState.Fold(run.Events) is { DesktopRestored: true, IsClosed: false });
        Assert.NotNull(InterruptedRun.Of(run.Events, _host.Now, isRunning: false));

        Assert.Null(await Recover.RunAsync());
        Assert.Equal(["start lightdm.service"], _host.Done);
        Assert.Equal(run.Events.Length, ((JournalContent.Run)FileJournal.Read(State.Lib)).Events.Length);
    }

    [Fact]
    public async Task Killed_before_it_changed_anything_the_run_is_over()
    {
        Journal(new RunEvent.Begun(0, default) { At = default });

        var said = await Recover.RunAsync();

        Assert.Equal(
            "The switch was interrupted. lightdm.service has been started again. Card 01:00 is on its host driver (amdgpu). Nothing to do.",
            said);
        var run = (JournalContent.Run)FileJournal.Read(State.Lib);
        Assert.Equal(Outcome.TakenBack, RunState.Fold(run.Events)!.Outcome);
        Assert.Null(InterruptedRun.Of(run.Events, _host.Now, isRunning: false));
    }

    [Fact]
    public async Task Killed_before_the_journal_said_that_the_unit_was_stopped_it_is_started_all_the_same()
    {
        Journal(new RunEvent.Begun(0, default) { At = default });
        await Recover.RunAsync();
        Assert.Equal(["start lightdm.service"], _host.Done);
    }

    [Fact]
    public async Task What_the_worker_had_already_put_back_is_not_started_again()
    {
        Journal([.. Enumerable.Range(
            0, 4).SelectMany(IEnumerable<RunEvent> (step) =>
                [new RunEvent.Begun(step, default) { At = default }, new RunEvent.Done(step, default) { At = default }])]);
        await Recover.RunAsync();
        Assert.Empty(_host.Done);
    }

    [Fact]
    public async Task After_a_worker_that_ended_well_after_one_of_another_boot_and_after_none_nothing_is_done()
    {
        Assert.Null(await Recover.RunAsync());
        Journal(new RunEvent.Begun(0, default) { At = default }, new RunEvent.Closed(Outcome.TakenBack, "well") { At = default });
        Assert.Null(await Recover.RunAsync());
        using (var journal = new FileJournal(State.Lib))
        {
            journal.Append(Samples.Opened("another boot", steps: s_steps));
            journal.Append(new RunEvent.Begun(0, default) { At = default });
        }
        Assert.Null(await Recover.RunAsync());
        Assert.Empty(_host.Done);
    }

    [Fact]
    public async Task While_a_worker_is_at_it_nothing_is_done()
    {
        Journal(new RunEvent.Begun(0, default) { At = default });
        using var other = OtherProcess.Start("lock", Root);
        await other.StandardOutput.ReadLineAsync();

        Assert.Null(await Recover.RunAsync());
        Assert.Empty(_host.Done);
        other.Kill();
    }

    [Fact]
    public async Task M2_a_write_of_the_killed_worker_is_waited_for()
    {
        Journal(new RunEvent.Begun(0, default) { At = default });
        var pipe = $"{Root}/unbind";
        Tool.Run("mkfifo", pipe);
        string[] command = ["/usr/bin/tee", pipe];
        using var child = ChildWrite.Start(command);
        child.Give("x");
        new PendingWrite(
            child.Pid, ProcessStat.Read(child.Pid)!.StartTime, command, pipe, default, false, new LockHolder(1, 1)).Keep(State.Run);

        var recovery = Recover.RunAsync();
        Assert.NotSame(recovery, await Task.WhenAny(recovery, Task.Delay(500)));
        Assert.Empty(_host.Done);
        Tool.Run("cat", pipe);
        await recovery;
        Assert.Equal(["start lightdm.service"], _host.Done);
    }

    /// <summary>Worker and viewer killed at once, before the one could take what the other had asked for.</summary>
    [Fact]
    public async Task What_a_killed_worker_was_asked_for_is_asked_of_nobody_and_nothing_is_left_of_it()
    {
        var (mine, other) = (SwitchRequest.NewName(), SwitchRequest.NewName());
        State.Run.Replace(mine, "{}"u8);
        State.Run.Replace(other, "{}"u8);
        await Recover.RunAsync(mine);
        Assert.False(State.Run.Exists(mine));
        // Somebody else may be waiting for a worker of their own.
        Assert.True(State.Run.Exists(other));
        Assert.Null(await Recover.RunAsync(mine));
        State.Run.Replace("lock", ""u8);
        await Recover.RunAsync("lock");
        Assert.True(State.Run.Exists("lock"));
    }

    [Fact]
    public async Task A_machine_that_cannot_be_looked_at_gets_its_desktop_back_all_the_same()
    {
        Journal(
            new RunEvent.Begun(0, default) { At = default },
            new RunEvent.Done(0, default) { At = default },
            new RunEvent.Begun(1, default) { At = default });

        var said = await new RecoverCommand(State, TimeProvider.System, new Blind(), _ => _host).RunAsync();

        Assert.Equal(
            "The switch was interrupted. lightdm.service has been started again. The state of card 01:00 is unknown. "
                + "Start gputty to resume or to undo it.",
            said);
        Assert.Equal(["start lightdm.service"], _host.Done);
    }

    private sealed class Blind : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new HostException("Nothing can be read.", "Reboot.");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);
    }

    private void Journal(params RunEvent[] events)
    {
        using var journal = new FileJournal(State.Lib);
        journal.Append(Samples.Opened(BootId.Read(), steps: s_steps));
        foreach (var entry in events) journal.Append(entry);
    }
}
