using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>The installed systemd answers as the pretended one does.</summary>
public sealed class RealManagerTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly string[] s_machinesUnits = [".mount", ".automount", ".swap", ".device"];
    private readonly MachineTree _tree = new MachineTree()
        .Folder("run/systemd/system")
        .File("proc/modules", "")
        .File("proc/sys/kernel/tainted", "0\n");
    private readonly List<LogLine> _log = [];

    [RealManagerFact]
    public async Task A_transient_unit_runs_is_seen_is_stopped_and_what_comes_after_it_runs_too()
    {
        using var systemd = new RealManager(_tree);
        var (buses, name) = (new Buses(_tree.Root), new UnitName("trial.service", RealManager.User));
        using var link = (await buses.UserAsync(RealManager.User, default))!;
        var manager = new ManagerLink(link);
        var unit = new TransientUnit(name.Name, "a trial", ["/bin/sleep", "1000"], ["A=b c"])
        {
            Settings =
            [
                new TransientSetting.Text("Type", "exec"),
                new TransientSetting.Span("TimeoutStopSec", TimeSpan.FromSeconds(7)),
                new TransientSetting.Span("RuntimeMaxSec", TimeSpan.FromSeconds(70)),
                new TransientSetting.Flag("SendSIGHUP", false),
                new TransientSetting.Mask("UMask", TransientUnit.OnlyOwner),
                new TransientSetting.Words("UnsetEnvironment", "TERM", "HOME"),
                new TransientSetting.Text("StandardInput", "null"),
                new TransientSetting.Text("KillMode", "process"),
            ],
            Afterwards = [["/bin/false"], ["/bin/sh", "-c", "echo \"$A 100% $(umask)\" >$XDG_RUNTIME_DIR/after"]],
        };

        Assert.True((await manager.StartTransientAsync(unit, s_limit, default)).IsDone);
        var exists = await Assert.ThrowsAsync<BusException>(() => manager.StartTransientAsync(unit, s_limit, default));
        Assert.True(exists.Is(BusException.UnitExists), exists.Message);
        var seen = Assert.Single((await LookAsync(name)).Units, unit => unit.Name == name);
        Assert.Equal(("active", true, TimeSpan.FromSeconds(7)), (seen.ActiveState, seen.Traits!.IsTransient, seen.Traits.StopTimeout));

        await new UnitJobs(buses, Readers.NoTools, TimeProvider.System, _log.Add).StopAsync(name, default);

        Assert.Equal("systemd: StopUnit trial.service of user 4242: done", _log.Single().Text);
        Assert.Equal("b c 100% 0077\n", await File.ReadAllTextAsync(_tree.At($"run/user/{RealManager.User}/after")));
        // It is collected, so that the name is free again.
        await Tool.UntilAsync(() => LookAsync(name).Result.Units.All(unit => unit.Name != name), "the unit is collected");
        Assert.Equal("inactive", await manager.ActiveStateAsync("never-heard-of.service", default));
    }

    /// <summary>What a user's manager may not do fails as a job; a property of the wrong name or type would be refused at once.</summary>
    [RealManagerFact]
    public async Task Every_unit_of_ours_is_one_that_systemd_understands()
    {
        using var systemd = new RealManager(_tree);
        using var link = (await new Buses(_tree.Root).UserAsync(RealManager.User, default))!;
        var program = new OwnProgram(["/bin/true"], ["A=b"]);
        var plan = ((GpuTty.Planning.Plans.PlanResult.Ready)GpuTty.Planning.Plans.SwitchPlanner.Plan(
            PretendedHost.Start,
            new GpuTty.Planning.Plans.SwitchIntent(PretendedHost.Card, GpuTty.Planning.Plans.Direction.ToVm))).Plan;
        foreach (var unit in (TransientUnit[])[
            AutoReturnUnit.Of(program, PretendedHost.Card),
            ConsoleUnit.Of(program, 4, 2, PretendedHost.Card),
            WorkerUnit.Of(program, plan, "request-1"),
        ])
        {
            var result = await new ManagerLink(link).StartTransientAsync(unit, s_limit, default);
            Assert.True(result.Word is "done" or "failed", $"{unit.Name}: {result.Word}");
        }
    }

    [RealManagerFact]
    public async Task Jobs_end_in_systemds_own_words()
    {
        using var systemd = new RealManager(_tree);
        var jobs = new UnitJobs(new Buses(_tree.Root), Readers.NoTools, TimeProvider.System, _log.Add);
        UnitName Unit(string name) => new(name, RealManager.User);
        _tree.File($"run/user/{RealManager.User}/systemd/user/fails.service", "[Service]\nType=exec\nExecStart=/no/such/program\n");
        _tree.File(
            $"run/user/{RealManager.User}/systemd/user/needs.service",
            "[Unit]\nRequires=fails.service\nAfter=fails.service\n[Service]\nExecStart=/bin/true\n");
        _tree.File(
            $"run/user/{RealManager.User}/systemd/user/slow.service",
            "[Service]\nExecStart=/bin/sh -c 'trap \"\" TERM; sleep 1000 & wait; wait'\nTimeoutStopSec=1\nSendSIGKILL=yes\n");
        await jobs.ReloadUserAsync(RealManager.User, default);
        await jobs.StartAsync(Unit("slow.service"), default);
        await jobs.StopAsync(Unit("slow.service"), default);
        Assert.Contains(
            "the unit failed",
            (await Assert.ThrowsAsync<HostException>(() => jobs.StartAsync(Unit("fails.service"), default))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "another unit that it needs",
            (await Assert.ThrowsAsync<HostException>(() => jobs.StartAsync(Unit("needs.service"), default))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "there is no such unit",
            (await Assert.ThrowsAsync<HostException>(() => jobs.StartAsync(Unit("none.service"), default))).Message,
            StringComparison.Ordinal);
        await jobs.StopAsync(Unit("none.service"), default);
    }

    /// <summary>Each look through <c>systemctl --machine=</c> opened a session: a unit and processes of its own.</summary>
    [RealManagerFact]
    public async Task A_hundred_looks_leave_no_trace_in_the_manager()
    {
        using var systemd = new RealManager(_tree);
        using var link = (await new Buses(_tree.Root).UserAsync(RealManager.User, default))!;
        var manager = new ManagerLink(link);
        await Tool.UntilAsync(
            () => manager.SystemStateAsync(s_limit, default).Result is "running" or "degraded",
            "the manager has started everything");
        var before = (Units: await UnitsAsync(), Processes: systemd.Processes());
        for (var look = 0; look < 100; look++)
            Assert.DoesNotContain(
                (await LookAsync(new UnitName("pipewire.service", RealManager.User))).Unknowns,
                unknown => unknown.Code == UnknownFact.Units);
        Assert.Equal(before.Units, await UnitsAsync());
        Assert.Equal(before.Processes, systemd.Processes());
        Assert.NotEmpty(before.Units);
        Assert.NotEmpty(before.Processes);

        // Every manager shows the whole machine's mounts and devices; those of the tests beside this one come and go.
        async Task<string[]> UnitsAsync() =>
            [.. (await manager.RunningAsync("*", default)).Where(unit => !s_machinesUnits.Contains(Path.GetExtension(unit))).Order()];
    }

    /// <summary>Whoever may make a control group can give it the name of a unit that cannot be.</summary>
    [RealManagerFact]
    public async Task A_name_that_no_unit_can_have_is_that_of_no_unit_and_hides_no_other()
    {
        using var systemd = new RealManager(_tree);
        var host = await LookAsync(
            new UnitName("app@.service", RealManager.User),
            new UnitName("nothing", RealManager.User),
            new UnitName("basic.target", RealManager.User));
        Assert.Equal(
            ["basic.target"],
            host.Units
                .Where(unit => unit.Name.Uid == RealManager.User && unit.Name.Name != "graphical-session.target")
                .Select(unit => unit.Name.Name));
        Assert.DoesNotContain(host.Unknowns, unknown => unknown.Code == UnknownFact.Units);
    }

    public void Dispose() => _tree.Dispose();

    private async Task<HostSnapshot> LookAsync(params UnitName[] units)
    {
        using var reader =
            Readers.For(_tree, memory: OriginalState.Nothing with { Units = [.. units.Select(unit => new OriginalUnit(default, unit))] });
        return await reader.ReadAsync(SnapshotSections.State | SnapshotSections.Desktop, null, default);
    }
}
