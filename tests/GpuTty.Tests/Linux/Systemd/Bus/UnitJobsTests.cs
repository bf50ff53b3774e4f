using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Systemd;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>Units are stopped and started as jobs of systemd, whose end systemd tells; nobody else is believed.</summary>
public sealed class UnitJobsTests
{
    private static readonly UnitName s_gdm = new("gdm.service");
    private readonly ConcurrentQueue<LogLine> _log = [];

    [BusFact]
    public async Task A_unit_is_stopped_and_started_and_an_earlier_failure_is_forgotten_first()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        var jobs = Jobs(machine);
        await jobs.StopAsync(s_gdm, default);
        Assert.Equal("inactive", machine.Systemd.Units["gdm.service"].ActiveState);
        await jobs.StartAsync(s_gdm, default);
        Assert.Equal(
            ["Subscribe", "StopUnit gdm.service replace", "ResetFailedUnit gdm.service", "Subscribe", "StartUnit gdm.service replace"],
            machine.Systemd.Calls.Select(call => string.Join(' ', call.Words.Prepend(call.Member))));
        Assert.Equal(["systemd: StopUnit gdm.service: done", "systemd: StartUnit gdm.service: done"], _log.Select(line => line.Text));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusTheory]
    [InlineData("failed", "the unit failed")]
    [InlineData("timeout", "longer than systemd allows")]
    [InlineData("canceled", "asked for the opposite")]
    [InlineData("dependency", "another unit that it needs")]
    [InlineData("skipped", "a condition of the unit does not hold")]
    [InlineData("of\u001bthe future", "'of\\x1bthe future'")]
    public async Task What_became_of_a_job_is_told_in_words(string result, string words)
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Ends = (_, _) => result;
        foreach (var act in (Func<UnitName, CancellationToken, Task>[])[Jobs(machine).StopAsync, Jobs(machine).StartAsync])
        {
            var refused = await Assert.ThrowsAsync<HostException>(() => act(s_gdm, default));
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            Assert.Equal("See why: systemctl status gdm.service", refused.Remedy);
        }
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task A_unit_that_systemd_tries_again_may_yet_come()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Units["gdm.service"] = machine.Systemd.Units["gdm.service"] with { ActiveState = "activating" };
        machine.Systemd.Ends = (_, _) => "failed";
        Assert.True((await Assert.ThrowsAsync<HostException>(() => Jobs(machine).StartAsync(s_gdm, default))).IsTransient);
    }

    [BusFact]
    public async Task A_unit_that_is_not_there_is_stopped_and_cannot_be_started()
    {
        using var machine = await BusMachine.StartAsync();
        await Jobs(machine).StopAsync(new UnitName("x.service"), default);
        Assert.Contains(
            "there is no such unit",
            (await Assert.ThrowsAsync<HostException>(() => Jobs(machine).StartAsync(new UnitName("x.service"), default))).Message,
            StringComparison.Ordinal);
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task What_systemd_refuses_is_told_in_its_words_and_asked_in_no_other_way()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Refuses =
            (verb, _) => verb == "StopUnit" ? ("org.freedesktop.DBus.Error.AccessDenied", "Permission \u001b[2Jdenied") : null;
        var refused = await Assert.ThrowsAsync<HostException>(() => Jobs(machine).StopAsync(s_gdm, default));
        Assert.Equal("gdm.service could not be stopped: Permission \\x1b[2Jdenied.", refused.Message);
        Assert.Equal("", machine.ToolCalls);
    }

    /// <summary>As GNOME's shell, which is still on its way when the target of the session has been stopped.</summary>
    [BusFact]
    public async Task A_unit_that_stops_only_with_what_it_belongs_to_is_waited_for_and_not_a_failure()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Refuses =
            (_, _) => ("org.freedesktop.systemd1.OnlyByDependency", "Operation refused, it may be requested by dependency only.");
        await Jobs(machine).StopAsync(s_gdm, default);
        Assert.Equal("", machine.ToolCalls);
        await Assert.ThrowsAsync<HostException>(() => Jobs(machine).StartAsync(s_gdm, default));
    }

    /// <summary>The bus lets everybody send signals.</summary>
    [BusFact]
    public async Task A_strangers_word_that_a_job_has_ended_is_not_believed()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Ends = (_, _) => null;
        var stop = Jobs(machine).StopAsync(s_gdm, default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "StopUnit"), "the job runs");
        var stranger = new PretendedManager { Listeners = { await machine.StrangerAsync() } };
        for (var time = 0; time < 20; time++)
        {
            stranger.SayRemoved("/org/freedesktop/systemd1/job/1", "gdm.service", "done");
            await Task.WhenAny(stop, Task.Delay(20));
        }
        Assert.False(stop.IsCompleted);
        machine.Systemd.SayRemoved("/org/freedesktop/systemd1/job/1", "gdm.service", "done");
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [BusFact]
    public async Task Where_the_bus_ends_in_the_middle_of_a_job_systemctl_waits_for_it()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Ends = (_, _) => null;
        machine.Tool("systemctl", "exit 0");
        var stop = Jobs(machine).StopAsync(s_gdm, default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "StopUnit"), "the job runs");
        machine.Bus.End();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("systemctl --no-ask-password stop -- gdm.service\n", machine.ToolCalls);
        Assert.Contains(
            _log,
            line => line.Level == LogLevel.Warning && line.Text.EndsWith("Now systemctl is asked.", StringComparison.Ordinal));
    }

    /// <summary>The bus says so in systemd's place; it is no refusal of systemd's.</summary>
    [BusFact]
    public async Task Where_systemd_leaves_the_bus_without_an_answer_systemctl_is_asked()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.IsSilent = member => member == "StopUnit";
        machine.Tool("systemctl", "exit 0");
        var stop = Jobs(machine).StopAsync(s_gdm, default);
        await Tool.UntilAsync(() => machine.Systemd.Asked.Contains("StopUnit"), "systemd is asked");
        foreach (var connection in machine.Systemd.Listeners) connection.Dispose();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("systemctl --no-ask-password stop -- gdm.service\n", machine.ToolCalls);
    }

    /// <summary>A desktop that is down must come back, whatever the bus does.</summary>
    [BusFact]
    public async Task Where_the_bus_hangs_systemctl_starts_the_desktop()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Tool("systemctl", "exit 0");
        machine.Bus.Freeze();
        await Jobs(machine).StartAsync(s_gdm, default).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.EndsWith("systemctl --no-ask-password start -- gdm.service\n", machine.ToolCalls, StringComparison.Ordinal);
    }

    [BusFact]
    public async Task Whoever_gives_up_waiting_need_not_wait_for_the_job()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Systemd.Ends = (_, _) => null;
        using var enough = new CancellationTokenSource();
        var stop = Jobs(machine).StopAsync(s_gdm, enough.Token);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "StopUnit"), "the job runs");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [BusFact]
    public async Task A_session_is_ended_by_logind_and_one_that_is_gone_is_ended_already()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        await Jobs(machine).EndSessionAsync("c1", default);
        await Jobs(machine).EndSessionAsync("c1", default);
        Assert.Equal(["c1", "c1"], machine.Logind.Ended);
        Assert.Equal(["logind: TerminateSession c1: done", "logind: TerminateSession c1: there is none"], _log.Select(line => line.Text));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusTheory]
    [InlineData("stopping", true)]
    [InlineData("running", false)]
    public async Task Whether_the_machine_goes_down_is_told_by_systemd(string state, bool isDown)
    {
        using var machine = await BusMachine.StartAsync();
        machine.Systemd.SystemState = state;
        Assert.Equal(isDown, await Shutdown.IsUnderWayAsync(new Buses(machine.Tree.Root), machine.Tools));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task Where_the_bus_has_gone_before_systemctl_tells_that_the_machine_goes_down()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Tool("systemctl", "echo stopping; exit 1");
        machine.Bus.End();
        Assert.True(await Shutdown.IsUnderWayAsync(new Buses(machine.Tree.Root), machine.Tools));
    }

    private UnitJobs Jobs(BusMachine machine) => new(new Buses(machine.Tree.Root), machine.Tools, TimeProvider.System, _log.Enqueue);
}
