using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>The desktop keeps off the card; whoever else holds it is found, named and dealt with, and nobody is logged out.</summary>
public sealed class DesktopKeepsRunningTests
{
    private static readonly Person s_ada = new("ada", 1001);

    public static TheoryData<string> Others => ["player", "monitor", "poller", "container", "lights", "service", "trainer"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Each_of_them_is_named_first_and_then_the_card_goes_while_the_session_stays(string kind)
    {
        var lab = new Lab(With(kind));
        var name = Name(kind);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == name);
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.All(refused.Obstacles, obstacle =>
        {
            Assert.True(obstacle is Obstacle.InUse or Obstacle.InContainer { CanBeAgreed: true }, obstacle.Code);
            Assert.Contains(name, obstacle.Problem, StringComparison.Ordinal);
        });

        var desktop = Desktop(lab);
        var plan = lab.Plan(Direction.ToVm, holders: HolderConsent.Terminate);
        Assert.Equal(DesktopImpact.None, plan.DesktopImpact);
        Assert.Empty(plan.Steps.OfType<EndSession>());
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        Assert.Equal(desktop, Desktop(lab));
    }

    [Fact]
    public void A_sound_server_on_the_cards_hdmi_function_rests_for_the_switch_and_nobody_is_asked()
    {
        var lab = Lab.On("kept-off");
        var sound = PciAddress.Parse("0000:01:00.1");
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber" && holder.Holds(sound));
        var desktop = Desktop(lab);
        var ready = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.Equal(Outcome.Switched, lab.Run(ready.Plan));
        Assert.Contains(lab.Machine.Processes, process => process.Software.Name == "wireplumber");
        Assert.Equal(desktop, Desktop(lab));
    }

    private static string Name(string kind) => kind switch
    {
        "player" => "mpv",
        "monitor" => "nvtop",
        "poller" => "gputemp",
        "container" => "ollama",
        "lights" => "openrgb",
        "service" => "boinc",
        _ => "python3",
    };

    private static Machine With(string kind)
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var nvidia = new Software(Name(kind)) { Opens = [NodeKind.Nvidia], OpensAlso = ["/dev/nvidiactl"] };
        return kind switch
        {
            // Sound through the card's HDMI, past the sound server.
            "player" =>
                machine.Start(
                    new Software("mpv") { Opens = [NodeKind.Sound], Plays = true, Only = [PciAddress.Parse("0000:01:00.1")] },
                    Machines.Fernando,
                    process => process with { Unit = "session-4.scope", Session = "4" }),
            "poller" =>
                machine.Start(
                    nvidia with { PollsEvery = TimeSpan.FromSeconds(1) },
                    s_ada,
                    process => process with { Unit = "session-5.scope", Session = "5" }),
            "container" =>
                machine.Start(
                    nvidia,
                    Person.Root,
                    process => process with { Unit = "docker-8f3c.scope", Container = "docker 8f3c0d1e9a7b" }),
            "lights" =>
                machine.Start(
                    new Software("openrgb") { Opens = [NodeKind.I2c] },
                    s_ada,
                    process => process with { Unit = "session-5.scope", Session = "5" }),
            "service" =>
                UnitVerbs.Run(machine.WithServices(new Service(new UnitName("boinc.service"), [nvidia])), new UnitName("boinc.service")),
            _ => machine.Start(nvidia, s_ada, process => process with { Unit = "session-5.scope", Session = "5" }),
        };
    }

    /// <summary>The sessions, and the processes that draw and serve them.</summary>
    private static string Desktop(Lab lab) => string.Join(' ',
        lab.Machine.Sessions.Where(session => session.IsGraphical).Select(session => $"{session.Id} {session.State}")
            .Concat(lab.Machine.Processes
                .Where(process => process.Software.IsOnSeat)
                .Select(process => $"{process.Software.Name} {process.Pid}")));
}
