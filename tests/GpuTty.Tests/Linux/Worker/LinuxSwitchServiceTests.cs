using System.Collections.Concurrent;
using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Worker;

/// <summary>A worker in a process of its own, on a pretended machine, with real files, signals and locks.</summary>
public sealed class LinuxSwitchServiceTests : StateFixture
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<RunEvent> _events = new();
    private readonly ConcurrentQueue<LogLine> _log = new();

    private static SwitchPlan Plan =>
        ((PlanResult.Ready)SwitchPlanner.Plan(PretendedHost.Start, new SwitchIntent(PretendedHost.Card, Direction.ToVm))).Plan;

    [Fact]
    public async Task A_run_is_followed_from_its_first_event_to_its_last()
    {
        var service = SwitchService(pace: 20);
        await service.BeginAsync(Plan, default);
        await FollowAsync(service);

        var run = RunState.Fold(_events)!;
        Assert.True(run.Outcome == Outcome.Switched, run.Summary);
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        Assert.Equal(service.LastRun().Length, _events.Count);
        Assert.Contains(_log, line => line.Text.Contains("ready for a virtual machine", StringComparison.Ordinal));
        await Tool.UntilAsync(() => !service.IsRunning(), "the worker has gone");
        Assert.Contains(
            "ready for a virtual machine",
            await File.ReadAllTextAsync(Directory.GetFiles(State.Log.Path).Single()),
            StringComparison.Ordinal);
        Assert.Equal("600", Tool.Run("stat", "-c", "%a", Directory.GetFiles(State.Log.Path).Single()));
        Assert.Empty(Directory.GetFiles(State.Run.Path, "request*"));
    }

    [Fact]
    public async Task A_viewer_that_comes_late_and_one_that_comes_after_the_end_see_the_same_events()
    {
        var first = SwitchService(pace: 60);
        await first.BeginAsync(Plan, default);
        await Tool.UntilAsync(() => first.LastRun().Length > 3, "the run is under way");
        await FollowAsync(SwitchService());
        var late = _events.ToList();
        _events.Clear();
        await Tool.UntilAsync(() => !first.IsRunning(), "the worker has gone");
        await FollowAsync(SwitchService());

        Assert.IsType<RunEvent.Opened>(late[0]);
        Assert.IsType<RunEvent.Closed>(late[^1]);
        Assert.Equal(late.Count, _events.Count);
    }

    [Fact]
    public async Task A_viewer_that_stops_reading_stops_nothing()
    {
        var service = SwitchService(pace: 200);
        await service.BeginAsync(Plan, default);
        using var leave = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.FollowAsync(_events.Enqueue, _log.Enqueue, leave.Token));

        await Tool.UntilAsync(() => RunState.Fold(service.LastRun()) is { IsClosed: true }, "the run has ended");
        Assert.Equal(Outcome.Switched, RunState.Fold(service.LastRun())!.Outcome);
    }

    [Fact]
    public async Task The_events_of_the_run_before_are_not_those_of_this_one()
    {
        using (var old = new FileJournal(State.Lib))
        {
            old.Append(Samples.Opened("old"));
            old.Append(new RunEvent.Closed(Outcome.LeftHalfway, "old") { At = default });
        }
        var service = SwitchService(pace: 5);
        await service.BeginAsync(Plan, default);
        await FollowAsync(service);

        Assert.DoesNotContain(_events, e => e is RunEvent.Closed { Summary: "old" } or RunEvent.Opened { BootId: "old" });
        Assert.Equal(Outcome.Switched, RunState.Fold(_events)!.Outcome);
    }

    [Fact]
    public async Task A_worker_that_ends_before_its_first_event_does_not_pass_for_the_run_before()
    {
        using (var old = new FileJournal(State.Lib))
        {
            old.Append(Samples.Opened("old"));
            old.Append(new RunEvent.Closed(Outcome.Switched, "old") { At = default });
        }
        Assert.NotEmpty(SwitchService().LastRun());
        var service = new LinuxSwitchService(
            State, TimeProvider.System, new OwnProgram(["/bin/sh", "-c", $"rm {State.Run.Path}/request-*"], []), units: null);
        await service.BeginAsync(Plan, default);
        await FollowAsync(service);

        Assert.Empty(_events);
        Assert.Empty(service.LastRun());
    }

    [Fact]
    public void A_journal_that_is_not_acted_on_is_named()
    {
        State.Lib.Replace("journal", "garbage\n"u8);
        Assert.Empty(SwitchService().LastRun());
        Assert.Contains("damaged", SwitchService().JournalProblem(), StringComparison.Ordinal);
        using var other = new FileJournal(State.Lib);
        other.Append(Samples.Opened(schema: 9));
        Assert.Contains("another version of gputty (format 9)", SwitchService().JournalProblem(), StringComparison.Ordinal);
        other.Append(Samples.Opened());
        Assert.Null(SwitchService().JournalProblem());
    }

    [Fact]
    public async Task M6_while_one_runs_another_is_refused_and_the_wish_to_take_back_is_heard()
    {
        var service = SwitchService(pace: 1000);
        await service.BeginAsync(Plan, default);
        await Assert.ThrowsAsync<AlreadyRunningException>(() => SwitchService().BeginAsync(Plan, default));
        await Tool.UntilAsync(() => service.LastRun().OfType<RunEvent.Done>().Any(), "something was done");
        await SwitchService().TakeBackAsync(default);
        await FollowAsync(service);

        Assert.Equal(Outcome.TakenBack, RunState.Fold(_events)!.Outcome);
        await Tool.UntilAsync(() => !service.IsRunning(), "the worker has gone");
        await Assert.ThrowsAsync<HostException>(() => service.TakeBackAsync(default));
    }

    [Fact]
    public async Task M33_a_lost_terminal_does_not_end_a_switch()
    {
        var service = SwitchService(pace: 500);
        await service.BeginAsync(Plan, default);
        Tool.Run("kill", "-HUP", $"{SwitchLock.Holder(State.Run)!.Pid}");
        await FollowAsync(service);

        Assert.Equal(Outcome.Switched, RunState.Fold(_events)!.Outcome);
    }

    [Fact]
    public async Task When_the_machine_shuts_down_the_worker_goes_and_takes_nothing_back()
    {
        WriteTool("systemctl", "echo stopping; exit 1");
        var service = SwitchService(pace: 1000);
        await service.BeginAsync(Plan, default);
        await Tool.UntilAsync(() => service.LastRun().OfType<RunEvent.Done>().Any(), "something was done");
        var pid = SwitchLock.Holder(State.Run)!.Pid;
        Tool.Run("kill", "-TERM", $"{pid}");
        await Tool.UntilAsync(() => SwitchLock.Holder(State.Run) is null, "the worker has gone");

        Assert.DoesNotContain(service.LastRun(), entry => entry is RunEvent.TakingBack or RunEvent.Closed);
        Assert.Contains("shutting down", System.Text.Encoding.UTF8.GetString(State.Run.Read("log.jsonl")!), StringComparison.Ordinal);
        var host = new PretendedHost(TimeSpan.Zero);
        Assert.Null(await new RecoverCommand(State, TimeProvider.System, host, _ => host, () => Task.FromResult(true)).RunAsync());
        Assert.Empty(host.Done);
    }

    [Fact]
    public async Task A_plan_that_would_be_another_now_is_refused_and_nothing_is_done()
    {
        var service = SwitchService();
        var plan = Plan;
        await service.BeginAsync(plan with { Steps = plan.Steps.RemoveAt(1) }, default);
        await FollowAsync(service);

        var run = RunState.Fold(_events)!;
        Assert.Equal(Outcome.Refused, run.Outcome);
        Assert.Contains("has changed since the plan was shown: step 2 would now be", run.Summary, StringComparison.Ordinal);
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Waiting, step.Status));
    }

    [Fact]
    public async Task A_killed_worker_leaves_an_open_journal_which_is_followed_to_where_it_ends()
    {
        // The step lasts long enough to be seen by somebody who looks now and then, on a busy machine too.
        var service = SwitchService(pace: 2000);
        await service.BeginAsync(Plan, default);
        var unload = Plan.Steps.Select((step, at) => (step, at)).First(pair => pair.step is UnloadModule).at;
        await Tool.UntilAsync(
            () => service.LastRun().OfType<RunEvent.Begun>().Any(begun => begun.Step == unload), "the driver's step has begun");
        Tool.Run("kill", "-9", $"{SwitchLock.Holder(State.Run)!.Pid}");
        await FollowAsync(service);

        Assert.False(service.IsRunning());
        Assert.NotNull(InterruptedRun.Of(_events, PretendedHost.Halfway, service.IsRunning()));
    }

    [Fact]
    public async Task The_next_switch_waits_for_the_moment_in_which_the_unit_of_the_last_one_clears_up()
    {
        // systemd refuses the name until its third look at the unit.
        WriteTool("systemctl", """
            [ -e $0.runs ] && { echo active; exit; }
            echo >>$0.looks; [ $(wc -l <$0.looks) -ge 3 ] && { touch $0.gone; echo inactive; } || echo deactivating
            """);
        WriteTool("systemd-run", """
            [ -e $(dirname $0)/systemctl.gone ] || { echo "Unit gputty-switch.service was already loaded." >&2; exit 1; }
            for word; do case $word in --setenv=*) export "${word#--setenv=}" ;; esac; done
            while [ "$1" != -- ]; do shift; done
            touch $(dirname $0)/systemctl.runs
            shift; setsid "$@" >/dev/null 2>&1 </dev/null &
            """);
        var service = SwitchService(units: new TransientUnits(
            new Buses(new FileSystemRoot(Root)), new CommandRunner([$"{Root}/tools", "/usr/bin", "/bin"])));
        await service.BeginAsync(Plan, default);
        await FollowAsync(service);
        Assert.Equal(Outcome.Switched, RunState.Fold(_events)!.Outcome);
    }

    [Fact]
    public async Task A_unit_by_the_workers_name_that_never_goes_away_refuses_the_switch()
    {
        WriteTool("systemctl", "echo inactive");
        WriteTool("systemd-run", "echo 'Unit gputty-switch.service was already loaded or has a fragment file.' >&2; exit 1");
        var service = SwitchService(units: new TransientUnits(
            new Buses(new FileSystemRoot(Root)), new CommandRunner([$"{Root}/tools", "/usr/bin", "/bin"])));
        var refused = await Assert.ThrowsAsync<HostException>(() => service.BeginAsync(Plan, default).WaitAsync(s_patience));

        Assert.Contains("has a unit of its own by the name gputty-switch.service", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(State.Run.Path, "request*"));
        Assert.False(service.IsRunning());
    }

    /// <summary>Whoever clears up after an earlier run has the lock, and the worker that was started has ended without it.</summary>
    [Fact]
    public async Task A_worker_that_finds_the_lock_taken_is_not_waited_for()
    {
        WriteTool("systemctl", "echo inactive");
        WriteTool("systemd-run", "exit 0");
        State.Ensure();
        using var recovery = SwitchLock.Take(State.Run, recovers: true);
        var service = SwitchService(units: new TransientUnits(
            new Buses(new FileSystemRoot(Root)), new CommandRunner([$"{Root}/tools", "/usr/bin", "/bin"])));
        var other = await Assert.ThrowsAsync<AlreadyRunningException>(
            () => service.BeginAsync(Plan, default).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains($"{Environment.ProcessId}", other.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(State.Run.Path, "request*"));
    }

    [Fact]
    public async Task A_switch_that_is_called_off_before_its_worker_has_the_plan_leaves_nothing_to_run()
    {
        using var calledOff = new CancellationTokenSource();
        // Ends when the request is gone.
        var service = new LinuxSwitchService(State, TimeProvider.System, new OwnProgram(
            ["/bin/sh", "-c", $"while [ -e {State.Run.Path}/$1 ]; do sleep 0.02; done"], []), units: null);
        var begins = service.BeginAsync(Plan, calledOff.Token);
        await Tool.UntilAsync(() => Directory.GetFiles(State.Run.Path, "request*").Length > 0, "it is asked for");
        await calledOff.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begins.WaitAsync(s_patience));

        Assert.Empty(Directory.GetFiles(State.Run.Path, "request*"));
    }

    [Fact]
    public void Two_viewers_who_say_yes_at_once_each_have_their_own_request_and_no_other_file_can_be_named()
    {
        State.Ensure();
        var (one, other) = (SwitchRequest.NewName(), SwitchRequest.NewName());
        SwitchRequest.Of(Plan, [1], null).Write(State.Run, one);
        SwitchRequest.Of(Plan with { Intent = Plan.Intent with { EndSessions = true } }, [2], null).Write(State.Run, other);

        Assert.False(SwitchRequest.Take(State.Run, one)!.Intent.EndSessions);
        Assert.Null(SwitchRequest.Take(State.Run, one));
        Assert.True(SwitchRequest.Take(State.Run, other)!.Intent.EndSessions);
        State.Run.Replace("home.json", "{}"u8);
        Assert.All(
            (string[])["", "home.json", "../lib/journal", "request-", $"request-../{new string('a', 29)}", one.ToUpperInvariant()],
            name => Assert.Null(SwitchRequest.Take(State.Run, name)));
    }

    [Fact]
    public async Task A_worker_that_does_not_start_is_told_and_its_request_withdrawn()
    {
        var service = new LinuxSwitchService(State, TimeProvider.System, new OwnProgram(["/bin/false"], []), units: null);
        var watch = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<HostException>(() => service.BeginAsync(Plan, default));

        Assert.Contains("did not start", refused.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Empty(Directory.GetFiles(State.Run.Path, "request*"));
    }

    [Fact]
    public async Task Where_nothing_has_ever_run_there_is_nothing_to_follow()
    {
        await FollowAsync(SwitchService());
        Assert.Empty(_events);
        Assert.Empty(SwitchService().LastRun());
        Assert.False(SwitchService().IsRunning());
    }

    [Fact]
    public void The_unit_gives_a_worker_time_to_take_back_and_recovers_whatever_happens()
    {
        var arguments = WorkerUnit.Of(new OwnProgram(["/opt/my \"gputty\"/gputty"], ["A=b"]), Plan, "request-1").Arguments();

        Assert.Contains("--property=KillMode=process", arguments);
        // Also after a recovery that was killed itself.
        Assert.Equal(2, arguments.Count(a => a == "--property=ExecStopPost=-\"/opt/my \\\"gputty\\\"/gputty\" recover request-1"));
        Assert.Equal(["--", "/opt/my \"gputty\"/gputty", "worker", "request-1"], arguments[^4..]);
        var limits = Plan.Steps.Sum(step => step.Limit().TotalSeconds);
        var writes = Plan.Steps.Sum(step => step.WriteLimit().TotalSeconds);
        Assert.InRange(Seconds("TimeoutStopSec"), limits, writes + 120);
        Assert.InRange(Seconds("RuntimeMaxSec"), 2 * limits, (2 * writes) + 240);

        Assert.Throws<HostException>(() => WorkerUnit.Of(new OwnProgram(["/opt/$HOME/gputty"], []), Plan, "request-1"));

        int Seconds(string name) =>
            int.Parse(
                arguments.Single(a => a.StartsWith($"--property={name}=", StringComparison.Ordinal)).Split('=')[2],
                System.Globalization.CultureInfo.InvariantCulture);
    }

    private void WriteTool(string name, string script)
    {
        Directory.CreateDirectory($"{Root}/tools");
        File.WriteAllText($"{Root}/tools/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{Root}/tools/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private LinuxSwitchService SwitchService(int pace = 0, TransientUnits? units = null)
    {
        var environment = ((string[])["DOTNET_ROOT", "PATH"]).Where(name => Environment.GetEnvironmentVariable(name) is not null)
            .Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}");
        return new LinuxSwitchService(
            State, TimeProvider.System, new OwnProgram(OtherProcess.Command("host", Root, $"{pace}"), [.. environment]), units);
    }

    private Task FollowAsync(LinuxSwitchService service) =>
        service.FollowAsync(_events.Enqueue, _log.Enqueue, default).WaitAsync(s_patience);
}
