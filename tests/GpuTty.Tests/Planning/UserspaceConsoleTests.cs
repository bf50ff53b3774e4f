using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>Fedora 44 draws its text consoles with kmscon, which keeps every card
/// of the seat open: the facts are those of kmscon 10.0.4.</summary>
public sealed class UserspaceConsoleTests
{
    private static readonly Holder s_kmscon = Kmscon(Machines.Card);

    private static readonly LoginSession s_login = new()
    {
        Id = "5",
        Uid = 1000,
        User = "user",
        Seat = LoginSession.MainSeat,
        Vt = 4,
        Type = "tty",
        Class = "user",
        State = "online",
        Leader = 1495,
    };

    /// <summary>That of tty4, which has the card open.</summary>
    internal static Holder Kmscon(PciAddress card) => new()
    {
        Pid = 1478,
        StartTime = 5,
        Name = "kmscon",
        Uid = 0,
        User = "root",
        Unit = "kmsconvt@tty4.service",
        Nodes = [new HeldNode("/dev/dri/card1", NodeKind.Card, card, null, 22)],
    };

    [Fact]
    public void A_console_at_which_nobody_has_logged_in_is_paused_without_a_question()
    {
        var plan = Assert.IsType<PlanResult.Ready>(Plan(With(s_kmscon), HolderConsent.Never)).Plan;
        Assert.Contains(plan.Steps, step => step is StopUnit { Unit.Name: "kmsconvt@tty4.service" });
        Assert.DoesNotContain(plan.Consequences, loss => loss.Text.Contains("kmsconvt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_login_at_such_a_console_is_ended_only_with_consent()
    {
        var host = With(s_kmscon);
        host = host with { Sessions = [.. host.Sessions, s_login] };
        Assert.Contains(
            Assert.IsType<PlanResult.Blocked>(Plan(host, HolderConsent.Never)).Obstacles,
            obstacle => obstacle is Obstacle.InUse { Holder.Name: "kmscon" });
        Assert.Contains(
            Assert.IsType<PlanResult.Ready>(Plan(host, HolderConsent.Terminate)).Plan.Consequences,
            loss => loss.Text.StartsWith("kmsconvt@tty4.service will be stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_sessions_cannot_be_told_somebody_may_have_logged_in()
    {
        var host = With(s_kmscon);
        host = host with { Unknowns = [new Unknown(UnknownFact.Sessions, "who is logged in", "logind does not answer.")] };
        Assert.Equal(HolderActionKind.StopUnit, HolderAction.Of(s_kmscon, host).Kind);
    }

    [Fact]
    public void Who_looks_at_such_a_console_is_told_to_go_to_one_of_the_kernel_and_not_to_close_what_he_sits_in()
    {
        var host = With(s_kmscon);
        host = host with { Caller = host.Caller with { Ancestors = [.. host.Caller.Ancestors, s_kmscon.Pid] } };
        var obstacle = Assert.Single(
            Assert.IsType<PlanResult.Blocked>(Plan(host, HolderConsent.Kill)).Obstacles.OfType<Obstacle.DrawsThisConsole>());
        Assert.Equal("kmscon (1478), which draws this console, has the card open itself.", obstacle.Problem);
        Assert.Contains("systemctl start getty@tty6.service", obstacle.Remedy, StringComparison.Ordinal);
        Assert.True(ConsoleOffer.IsNeeded(host));
        Assert.Null(ConsoleOffer.WhyNot(host with { Caller = host.Caller with { IsRoot = true } }));
    }

    [Theory]
    [InlineData("kmsconvt@tty4.service", 4)]
    [InlineData("kmsconvt@tty12.service", 12)]
    [InlineData("getty@tty4.service", null)]
    [InlineData("kmsconvt@.service", null)]
    [InlineData("kmsconvt@tty.service", null)]
    [InlineData("kmsconvt@tty-1.service", null)]
    [InlineData(null, null)]
    public void The_unit_tells_which_console_it_draws(string? unit, int? vt) => Assert.Equal(vt, UserspaceConsole.VtOf(unit));

    private static HostSnapshot With(Holder holder)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        return host with { Holders = [.. host.Holders, holder] };
    }

    private static PlanResult Plan(HostSnapshot host, HolderConsent consent) => SwitchPlanner.Plan(
        host, new SwitchIntent(Machines.Card, Direction.ToVm) { EndSessions = true, EndHolders = consent });
}
