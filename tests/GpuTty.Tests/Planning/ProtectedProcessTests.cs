using GpuTty.Host.Holders;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>Names are not identities: who is spared, and who is ended, is told by users and by units that only root can make.</summary>
public sealed class ProtectedProcessTests
{
    [Theory]
    [InlineData("systemd")]
    [InlineData("init")]
    [InlineData("dbus-daemon")]
    [InlineData("systemd-logind")]
    [InlineData("systemd-udevd")]
    [InlineData("elogind-daemon")]
    [InlineData("seatd")]
    public void Whoever_calls_himself_like_a_part_of_the_system_is_ended_like_everybody_else(string name)
    {
        foreach (var (unit, userUnit, session) in ((string?, string?, string?)[])
        [
            ("session-3.scope", null, "3"),
            ("user@1001.service", "app-game.scope", null),
            (null, null, null),
            ("user@1001.service", "dbus.service", null),
            ("user@1001.service", "systemd-logind.service", null),
        ])
        {
            var holder = Game(name) with { Unit = unit, UserUnit = userUnit, Session = session };
            Assert.Null(ProtectedProcess.Why(holder));
            var plan = Assert.IsType<PlanResult.Ready>(Plan(holder)).Plan;
            Assert.Contains(
                plan.Steps,
                step => step is EndProcess { Pid: 4711 } or StopUnit { Unit.Uid: 1001 } or EndUnit { Unit.Uid: 1001 });
        }
    }

    [Theory]
    [InlineData("dbus-daemon", 100, "messagebus", "dbus.service")]
    [InlineData("x", 0, "root", "dbus-broker.service")]
    [InlineData("systemd-udevd", 0, "root", "systemd-udevd.service")]
    [InlineData("worker", 0, "root", "systemd-journald.service")]
    [InlineData("dbus-daemon", 81, "dbus", null)]
    [InlineData("udevd", 0, "root", null)]
    [InlineData(".dbus-broker-wr", 0, "root", null)]
    [InlineData(".dbus-daemon-wr", 81, "messagebus", null)]
    public void M13_a_plan_that_would_have_to_end_a_part_of_the_system_is_refused_before_anything_is_done(
        string name, int uid, string user, string? unit)
    {
        var holder = Game(name) with { Uid = uid, User = user, Unit = unit };
        Assert.NotNull(ProtectedProcess.Why(holder));
        var obstacle = Assert.Single(Assert.IsType<PlanResult.Blocked>(Plan(holder)).Obstacles.OfType<Obstacle.Untouchable>());
        Assert.Equal(holder, obstacle.Holder);
        Assert.StartsWith($"{name} (4711) of {user} is using", obstacle.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void On_OpenRC_the_script_tells_and_not_the_name()
    {
        Assert.NotNull(ProtectedProcess.Why(Game("x") with { Uid = 0, InitScript = "elogind" }));
        Assert.Null(ProtectedProcess.Why(Game("elogind-daemon") with { InitScript = "my-game" }));
    }

    /// <summary>Started with sudo from a terminal window: it is root's, and runs in a unit of the user's manager.</summary>
    [Fact]
    public void The_user_of_a_unit_is_the_one_whose_manager_runs_it()
    {
        var holder = Game("nvtop") with
        {
            Uid = 0,
            User = "root",
            Unit = "user@1001.service",
            UserUnit = "app-org.kde.konsole@abc.service",
        };
        Assert.Equal((1001, "app-org.kde.konsole@abc.service of user 1001"), (holder.UnitOfUser!.Uid, $"{holder.UnitOfUser}"));
        var plan = Assert.IsType<PlanResult.Ready>(Plan(holder)).Plan;
        Assert.Contains(
            plan.Consequences,
            loss => loss.Text.StartsWith(
                "app-org.kde.konsole@abc.service of user 1001 (with nvtop (4711) of root) will be stopped",
                StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, step => step is StopUnit { Unit.Uid: 0 } or EndUnit { Unit.Uid: 0 });
    }

    [Fact]
    public void Every_line_that_is_agreed_to_says_whose_program_it_is()
    {
        var plan = Assert.IsType<PlanResult.Ready>(Plan(Game("evil"))).Plan;
        Assert.Contains(plan.Consequences, loss => loss.Text == "evil (4711) of mallory will be asked to end.");
        plan = Assert.IsType<PlanResult.Ready>(Plan(Game("evil") with { User = null })).Plan;
        Assert.Contains(plan.Consequences, loss => loss.Text == "evil (4711) of user 1001 will be asked to end.");
        plan = Assert.IsType<PlanResult.Ready>(Plan(Game("systemd") with { Unit = "user@1001.service", UserUnit = "init.scope" })).Plan;
        Assert.Contains(
            plan.Consequences,
            loss => loss.Text == "systemd (4711) of mallory will be asked to end, and with it all that it runs for its user.");
    }

    [Fact]
    public void A_process_that_renames_itself_all_the_time_is_the_same_one_in_the_plan()
    {
        var plan = Assert.IsType<PlanResult.Ready>(Plan(Game("x681"))).Plan;
        Assert.True(plan.SameStepsAs(Assert.IsType<PlanResult.Ready>(Plan(Game("x1052"))).Plan));
        Assert.False(plan.SameStepsAs(Assert.IsType<PlanResult.Ready>(Plan(Game("x681") with { StartTime = 9 })).Plan));
    }

    private static Holder Game(string name) => new()
    {
        Pid = 4711,
        StartTime = 8,
        Name = name,
        Uid = 1001,
        User = "mallory",
        Nodes = [new HeldNode("/dev/dri/renderD129", NodeKind.Render, Machines.Card, null, 5)],
    };

    private static PlanResult Plan(Holder holder)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with { Holders = [.. host.Holders, holder] };
        return SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm) { EndSessions = true, EndHolders = HolderConsent.Terminate });
    }
}
