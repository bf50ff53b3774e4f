using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Tui;

/// <summary>The whole program on pretend machines, with a person who waits for what the screen shows before the next key.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task A_card_goes_to_the_vm_and_comes_home_again()
    {
        await using var person = new Person("desktop");
        await person.Sees("1 Cards", "looked at the machine", "v to the VM");
        await person.Types("v", "Who loses what?");
        await person.Types("S", "[x]");
        await person.Types("\n", "What will be done");
        await person.Types("\n", "Move card 01:00 to the VM?");
        await person.Types("y", "virsh -c qemu:///system start");
        await person.Sees("01:00.0 VGA controller: vfio-pci");
        await person.Types("u", "What will be done");
        await person.Types("\n", "to the host?");
        await person.Types("y", "is back on the host");
        await person.Types("q");
        Assert.Equal(0, await person.Leaves());
    }

    [Fact]
    public async Task A_refusal_halfway_is_taken_back_and_told()
    {
        await using var person = new Person("desktop", new FaultPlan(new Fault(FaultKind.Refused, Verb.Unload, Times: Fault.ForEver)));
        await person.Sees("looked at the machine");
        await person.Types("vS\n\n", "Move card 01:00");
        await person.Types("y", "Everything has been rolled back");
        await person.Types("q");
        Assert.Equal(0, await person.Leaves());
    }

    [Fact]
    public async Task A_run_can_be_taken_back_and_left()
    {
        await using var person = new Person("stubborn", pace: 1);
        await person.Sees("looked at the machine");
        await person.Types("vSe\n\n", "Move card 01:00");
        await person.Types("y", "[> ] End python3");
        await person.Types("t", "Roll everything back?");
        await person.Types("y", "Stopped at");
    }

    [Fact]
    public async Task An_interrupted_switch_comes_first_and_can_be_taken_back()
    {
        await using var person = new Person("interrupted");
        await person.Sees("A switch was interrupted", "roll back to the host");
        await person.Types("t", "What will be done");
    }

    [Fact]
    public async Task Leaving_does_not_end_the_switch_and_the_next_start_shows_it()
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, new FastClock(1));
        var service = new SimulatedSwitchService(host, new FastClock(1));
        await using (var person = new Person(host, service))
        {
            await person.Sees("looked at the machine");
            await person.Types("vS\n\n", "Move card 01:00");
            await person.Types("y", "Stop gdm");
            await person.Types("q", "A switch is running");
            await person.Types("y");
            Assert.Equal(0, await person.Leaves());
        }
        Assert.True(service.IsRunning());
        await using var next = new Person(host, service);
        await next.Sees("[ok] Save the card's current state", "roll back");
    }

    [Fact]
    public async Task A_switch_begun_at_another_console_is_noticed_and_followed()
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, new FastClock(1));
        var service = new SimulatedSwitchService(host, new FastClock(1));
        await using var person = new Person(host, service);
        await person.Sees("looked at the machine");
        await service.BeginAsync(ToVm(await host.ReadAsync(SnapshotSections.All, null, CancellationToken.None)), CancellationToken.None);
        await person.Sees("a switch is running");
        await person.Types("s", "[ok] Save the card's current state");
    }

    [Fact]
    public async Task Who_is_cut_off_while_the_worker_starts_leaves_a_switch_that_goes_on()
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, new FastClock(1));
        var service = new SlowToStart(new SimulatedSwitchService(host, new FastClock(1)));
        await using (var person = new Person(host, service))
        {
            await person.Sees("looked at the machine");
            await person.Types("vS\n\n", "Move card 01:00");
            await person.Types("y", "Waiting for the worker to start");
            person.HangsUp();
            Assert.Equal(0, await person.Leaves());
        }
        await service.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(service.IsRunning());
    }

    [Fact]
    public async Task Two_presses_of_the_mouse_open_a_row_and_two_slow_ones_only_select_it()
    {
        await using var person = new Person("desktop", pace: 1);
        await person.Sees("looked at the machine", "nvidia_modeset  3 references");
        person.Points("nvidia_modeset  3 references");
        await person.Sees(">   nvidia_modeset  3 references");
        await Task.Delay(600);
        person.Points("nvidia_modeset  3 references");
        await Task.Delay(600);
        Assert.DoesNotContain("Module nvidia_modeset", person.Screen, StringComparison.Ordinal);
        person.Points("nvidia_modeset  3 references", times: 2);
        await person.Sees("Module nvidia_modeset");
    }

    [Fact]
    public async Task At_rest_it_draws_nothing()
    {
        await using var person = new Person("desktop", pace: 1);
        await person.Sees("looked at the machine");
        await Task.Delay(300);
        var frames = person.Frames;
        await Task.Delay(1000);
        Assert.InRange(person.Frames - frames, 0, 1);
    }

    [Fact]
    public async Task A_burst_of_news_is_shown_at_most_twenty_times_a_second()
    {
        var service = new TalkativeSwitchService(lines: 10_000);
        await using var person = new Person(new SimulatedHost(Machines.Find("desktop")!.Machine, TimeProvider.System), service);
        await person.Types("\eL", "line 9999");
        Assert.InRange(person.Frames, 1, (int)(person.Lived.TotalSeconds * 22) + 10);
    }

    [Fact]
    public async Task A_terminal_that_is_gone_ends_the_program()
    {
        await using var person = new Person("desktop");
        person.HangsUp();
        Assert.Equal(0, await person.Leaves());
    }

    [Fact]
    public async Task A_machine_that_cannot_be_read_is_told()
    {
        await using var person = new Person(new BlindReader(), new TalkativeSwitchService(0));
        await person.Sees("The machine could not be read: /sys is not mounted. Mount it.");
    }

    [Fact]
    public async Task An_error_nobody_expected_is_not_hidden()
    {
        await using var person = new Person(new BrokenReader(), new TalkativeSwitchService(0));
        await Assert.ThrowsAsync<InvalidOperationException>(person.Leaves);
    }

    [Fact]
    public async Task Keys_typed_ahead_do_not_answer_a_question()
    {
        await using var person = new Person("desktop", pace: 1);
        await person.Sees("looked at the machine");
        await person.Types("vS\n\nyyyy", "Move card 01:00");
        await Task.Delay(300);
        Assert.Contains("Move card 01:00", person.Screen, StringComparison.Ordinal);
    }

    private sealed class BlindReader : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new HostException("/sys is not mounted.", "Mount it.");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);
    }

    private sealed class BrokenReader : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new InvalidOperationException("a bug");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);
    }

    private static SwitchPlan ToVm(HostSnapshot host) =>
        ((PlanResult.Ready)SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true))).Plan;

    /// <summary>As on a slow disk: who hands a plan in waits a moment for the worker.</summary>
    private sealed class SlowToStart(SimulatedSwitchService service) : ISwitchService
    {
        public TaskCompletionSource Started { get; } = new();

        public System.Collections.Immutable.ImmutableArray<RunEvent> LastRun() => service.LastRun();
        public System.Collections.Immutable.ImmutableArray<RunEvent> LastBegun() => service.LastBegun();
        public System.Collections.Immutable.ImmutableArray<System.Collections.Immutable.ImmutableArray<RunEvent>> Unfinished() =>
            service.Unfinished();
        public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel) => service.DismissAsync(run, cancel);
        public bool IsRunning() => service.IsRunning();
        public Task TakeBackAsync(CancellationToken cancel) => service.TakeBackAsync(cancel);
        public Task RequestAsync(RunRequest request, CancellationToken cancel) => service.RequestAsync(request, cancel);
        public Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel) =>
            service.FollowAsync(onEvent, onLog, cancel);

        public async Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel)
        {
            try
            {
                await Task.Delay(1000, cancel);
                await service.BeginAsync(confirmed, cancel);
                Started.SetResult();
            }
            catch (OperationCanceledException withdrawn)
            {
                Started.SetException(withdrawn);
                throw;
            }
        }
    }

    /// <summary>A run that says a lot and does nothing.</summary>
    private sealed class TalkativeSwitchService(int lines) : ISwitchService
    {
        public System.Collections.Immutable.ImmutableArray<RunEvent> LastRun() => lines > 0 ? [Runs.Opened] : [];
        public System.Collections.Immutable.ImmutableArray<RunEvent> LastBegun() => LastRun();
        public System.Collections.Immutable.ImmutableArray<System.Collections.Immutable.ImmutableArray<RunEvent>> Unfinished() => [];
        public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel) => Task.CompletedTask;
        public bool IsRunning() => lines > 0;
        public Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel) => Task.CompletedTask;
        public Task TakeBackAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task RequestAsync(RunRequest request, CancellationToken cancel) => Task.CompletedTask;

        public async Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
        {
            onEvent(Runs.Opened);
            for (var i = 0; i < lines; i++)
            {
                onLog(new LogLine(DesktopMachine.Idle.TakenAt, LogLevel.Info, LogSource.Command, $"line {i}"));
                if (i % 25 == 0) await Task.Delay(1, cancel);
            }
            await Task.Delay(Timeout.Infinite, cancel);
        }
    }
}
