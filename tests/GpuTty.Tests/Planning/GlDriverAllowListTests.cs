using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>What decides about a card besides the seat: settings of the desktop, and libraries that ask every driver.</summary>
public sealed class GlDriverAllowListTests
{
    private const string Shell = "org.gnome.Shell@wayland.service";

    /// <summary>GNOME keeps off the card, but its graphics library asks NVIDIA's driver anyway.</summary>
    private static Machine Curious
    {
        get
        {
            var machine = Machines.Find("kept-off")!.Machine;
            var shell = machine.Processes.Single(process => process.Software.Name == "gnome-shell");
            var curious = machine.With(shell with { Software = shell.Software with { AsksEveryDriver = true } });
            return Programs.OpenAll(curious with
            {
                Desktop = curious.Desktop! with
                {
                    SessionRuns = [.. curious.Desktop.SessionRuns.Select(software =>
                        software.Name == "gnome-shell" ? software with { AsksEveryDriver = true } : software)],
                },
            }, shell.Pid);
        }
    }

    [Fact]
    public void A_compositor_that_comes_in_behind_the_seats_back_is_named_and_the_way_out_too()
    {
        var host = Curious.Snapshot();
        var card = Card.FindAt(host, Machines.Card)!;
        var holder = Assert.Single(NodesOutsideSeat.Of(host, card));
        Assert.Contains("gnome-shell", NodesOutsideSeat.Sentence(holder, card), StringComparison.Ordinal);
        Assert.Contains("/dev/nvidia0", NodesOutsideSeat.Sentence(holder, card), StringComparison.Ordinal);
        Assert.Contains(
            SwitchChecks.For(host, card, Direction.ToVm),
            check => check.Finding.Contains("gputty pin on", StringComparison.Ordinal));
        // And it is what it is: without a restart of the desktop the card cannot go.
        Assert.Equal(DesktopImpact.Restart, new Lab(Curious).Plan(Direction.ToVm).DesktopImpact);
    }

    [Theory]
    [InlineData("desktop")]
    [InlineData("kept-off")]
    [InlineData("amd")]
    public void Who_is_on_the_card_or_nowhere_near_it_is_not(string name)
    {
        var host = Machines.Find(name)!.Machine.Snapshot();
        Assert.Empty(NodesOutsideSeat.Of(host, Card.FindAt(host, Machines.Card)!));
    }

    [Fact]
    public void The_pin_names_the_other_cards_drivers_for_the_compositors_own_unit_and_goes_again()
    {
        var lab = new Lab(Curious);
        var plan = lab.Plan(Direction.Pin);
        Assert.Equal(
            new GlDriverAllowList(
                Shell, "/usr/share/glvnd/egl_vendor.d/50_mesa.json", "/usr/share/vulkan/icd.d/radeon_icd.x86_64.json", false),
            Assert.IsType<PinDesktop>(Assert.Single(plan.Steps)).Pin);
        Assert.Contains("next login", plan.Consequences[0].Text, StringComparison.Ordinal);
        Assert.Contains("env -u", plan.Consequences[1].Text, StringComparison.Ordinal);
        lab.Run(plan);
        Assert.IsType<PlanResult.AlreadyThere>(SwitchPlanner.Plan(lab.Look(), plan.Intent));
        lab.Run(Direction.Unpin);
        Assert.Empty(lab.Machine.Pinned);
    }

    [Fact]
    public void From_the_next_login_on_the_desktop_stays_out_and_switching_closes_nothing()
    {
        var lab = new Lab(Curious);
        lab.Run(Direction.Pin);
        var gdm = new UnitName("gdm.service");
        lab.Do(host => host.StopUnitAsync(gdm, default));
        lab.Pass(20);
        lab.Host.Happen(machine => SessionVerbs.LogIn(machine, Machines.Fernando));
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "gnome-shell");
        Assert.Empty(NodesOutsideSeat.Of(lab.Look(), Card.FindAt(lab.Look(), Machines.Card)!));
    }

    [Fact]
    public void A_permanent_pin_takes_the_place_of_a_passing_one()
    {
        var lab = new Lab(Curious);
        lab.Run(Direction.Pin);
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            lab.Look(), new SwitchIntent(Machines.Card, Direction.Pin) { Desktop = DesktopAccess.HiddenPermanently })).Plan;
        lab.Run(plan);
        Assert.True(Assert.Single(lab.Machine.Pinned).IsPermanent);
    }

    [Fact]
    public void A_compositor_without_a_unit_of_its_own_gets_it_through_the_environment()
    {
        var machine = Curious;
        var shell = machine.Processes.Single(process => process.Software.Name == "gnome-shell");
        var host = machine.With(shell with { UserUnit = null, Unit = "session-2.scope" }).Snapshot();
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.Pin))).Plan;
        Assert.Equal("run/environment.d/50-gputty.conf", plan.Steps.OfType<PinDesktop>().Single().Pin.Path);
    }

    [Theory]
    [InlineData("amd", "pin-not-needed")]
    [InlineData("twins", "pin-hides-other-card no-compositor")]
    public void Where_a_pin_would_do_nothing_or_harm_it_is_refused(string name, string codes)
    {
        var host = Machines.Find(name)!.Machine.Snapshot();
        var card = CardChoice.Find(host, null).Card?.Address ?? PciAddress.Parse("0000:0b:00.0");
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(card, Direction.Pin)));
        Assert.Equal(codes, string.Join(' ', blocked.Obstacles.Select(obstacle => obstacle.Code)));
    }

    [Fact]
    public void Without_another_driver_the_desktop_would_have_none()
    {
        var machine = Curious;
        var host = (machine with { GlDrivers = [.. machine.GlDrivers.Where(driver => driver.IsNvidia)] }).Snapshot();
        Assert.IsType<Obstacle.NoOtherGlDriver>(Assert.Single(Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.Pin))).Obstacles));
    }

    [Theory]
    [InlineData("KWIN_DRM_DEVICES", true, true)]
    [InlineData("WLR_DRM_DEVICES", false, false)]
    [InlineData(CompositorDeviceSetting.MutterIgnores, true, false)]
    [InlineData(CompositorDeviceSetting.MutterPrefers, true, true)]
    [InlineData(CompositorDeviceSetting.MutterPrefers, false, null)]
    [InlineData(CompositorDeviceSetting.AutoAddGpu, false, false)]
    public void A_setting_opens_the_card_or_keeps_it_shut_or_says_nothing_about_it(string setting, bool namesCard, bool? defeats)
    {
        var machine = Machines.Find("desktop")!.Machine;
        var card = machine.Find(Machines.Card)!.Nodes.Single(node => node.Kind == NodeKind.Card).Path;
        var host = (machine with
        {
            Pins = [new CompositorDeviceSetting(setting, "x", "there", [namesCard ? card : "/dev/dri/card77"])],
        }).Snapshot();
        var meaning = DeviceSettingEffect.For(host, Card.FindAt(host, Machines.Card)!).SingleOrDefault();
        Assert.Equal(defeats, meaning?.Defeats);
        Assert.Equal(
            defeats is null ? 0 : 1,
            SwitchChecks.For(host, Card.FindAt(host, Machines.Card)!, Direction.ToVm).Count(check => check.Finding == meaning?.Sentence));
    }
}
