using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>A machine whose consoles no framebuffer shows: the kernel writes letters into the memory of the card it started with.</summary>
public sealed class VgaTextTests
{
    private static readonly ConsoleState s_text = new()
    {
        ActiveVt = 3,
        VtConsoles = [new VtConsole(0, "(S) VGA+", true), new VtConsole(1, "(M) frame buffer device", false)],
    };

    [Fact]
    public void Who_gives_away_the_card_that_shows_them_is_asked_whether_he_still_sees_something()
    {
        var host = WithBootVga("01:00.0");
        Assert.Equal(Machines.Card, host.ConsoleDevice);
        var plan = Plan(host);
        Assert.Equal(Risk.MayLoseConsole, plan.Risk);
        Assert.Equal(AwaitConsent.Usual, plan.Intent.AskedOf(host).ConfirmWithin);
        var check = SwitchChecks.For(host, Card.FindAt(host, Machines.Card)!, Direction.ToVm).Single(one => one.Code == CheckCode.Console);
        Assert.Equal((null, FindingCode.ConsoleGoesDark), (check.Holds, check.FindingCode));
        Assert.Contains(DeviceMarks.Of(host, host.Find(Machines.Card)!), mark => mark.Code == DeviceMarkCode.DrawsConsole);
    }

    [Fact]
    public void Where_the_other_card_shows_them_nobody_is_asked()
    {
        var other = Card.FindAll(Machines.Find("desktop")!.Machine.Snapshot()).Single(card => card.Address != Machines.Card);
        var host = WithBootVga($"{other.Address}");
        Assert.NotEqual(Risk.MayLoseConsole, Plan(host).Risk);
        var check = SwitchChecks.For(host, Card.FindAt(host, Machines.Card)!, Direction.ToVm).Single(one => one.Code == CheckCode.Console);
        Assert.Equal(FindingCode.ConsoleOnOtherCard, check.FindingCode);
    }

    [Fact]
    public void Consoles_on_a_framebuffer_or_on_nothing_are_not_taken_for_those()
    {
        Assert.False((s_text with { VtConsoles = [new VtConsole(0, "(S) dummy device", true)] }).IsInVgaText);
        Assert.False((s_text with { VtConsoles = [.. s_text.VtConsoles.Select(one => one with { IsBound = true })] }).IsInVgaText);
        Assert.False((s_text with { Shown = new Framebuffer(0, "i915drmfb", null) }).IsInVgaText);
    }

    private static HostSnapshot WithBootVga(string address)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        return host with
        {
            Console = s_text,
            Devices = [.. host.Devices.Select(device =>
                device.IsBootVga is null ? device : device with { IsBootVga = device.Address == PciAddress.Parse(address) })],
        };
    }

    private static SwitchPlan Plan(HostSnapshot host) => Assert.IsType<PlanResult.Ready>(
        SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true))).Plan;
}
