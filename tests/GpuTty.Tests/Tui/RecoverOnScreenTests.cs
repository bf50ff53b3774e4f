using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>A driver that has told the kernel that it cannot go on is named, and the way out is offered as a plan.</summary>
public sealed class RecoverOnScreenTests
{
    private static readonly Play s_wedged = Demo.On("wedged", 130, 40);

    [Fact]
    public void The_card_is_marked_and_its_details_name_what_helps()
    {
        Assert.Contains("its driver cannot go on", s_wedged.Text(), StringComparison.Ordinal);
        Assert.StartsWith("Z recover", s_wedged.Bar().Split("   ").First(key => key.StartsWith('Z')), StringComparison.Ordinal);
        var details = s_wedged.Type("\n");
        Assert.Contains("It cannot go on (rebind,bus-reset).", details.Words, StringComparison.Ordinal);
        Assert.Contains("Z plans the way to vfio-pci", details.Words, StringComparison.Ordinal);
        Assert.IsAssignableFrom<WizardScreen>(details.Type("Z").Model.Top);
    }

    /// <summary>The recommendations stand in the order of the harm that they do.</summary>
    [Theory]
    [InlineData("rebind,bus-reset", null)]
    [InlineData("rebind", null)]
    [InlineData("bus-reset", "bus")]
    public void Z_leads_to_the_plan_of_an_ordinary_switch_with_a_reset_where_only_that_helps(string wedged, string? reset)
    {
        var play = Play.At(Wedged(wedged), 130, 40);
        var wizard = Assert.IsAssignableFrom<WizardScreen>(play.Type("Z").Model.Top);
        Assert.Equal((Direction.ToVm, reset), (wizard.Intent.Direction, wizard.Intent.ResetMethod));
        var plan = play.Type("ZS\n");
        Assert.Contains("After this switch h binds the card to it again.", plan.Words, StringComparison.Ordinal);
        Assert.Equal(reset is not null, plan.Words.Contains("Reset on the way: bus", StringComparison.Ordinal));
    }

    private static GpuTty.Host.HostSnapshot Wedged(string? wedged) => Machines.Find("wedged")!.Machine.Snapshot() is var host
        ? host with
        {
            Devices = [.. host.Devices.Select(device => device.Address == Machines.Card ? device with { Wedged = wedged } : device)],
        }
        : host;

    [Fact]
    public void There_and_back_the_driver_goes_on()
    {
        var lab = Lab.On("wedged");
        var way = Assert.IsAssignableFrom<WizardScreen>(s_wedged.Type("ZS\n").Model.Top).Intent;
        Assert.Equal(Outcome.Switched, lab.Run(((PlanResult.Ready)SwitchPlanner.Plan(lab.Look(), way)).Plan));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        var home = lab.Look().Find(Machines.Card)!;
        Assert.Equal(("amdgpu", null), (home.Driver, home.Wedged));
        Assert.DoesNotContain("Z recover", Play.At(lab.Look(), 200, 50).Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "No driver of this card has said that it cannot go on.")]
    [InlineData("unknown", "The driver of this card cannot go on (unknown). Only a reboot helps.")]
    public void Where_a_new_binding_helps_nothing_the_key_says_so(string? wedged, string why)
    {
        var play = Play.At(Wedged(wedged));
        Assert.EndsWith(why, play.Type("Z").Notice, StringComparison.Ordinal);
        Assert.DoesNotContain("Z recover", play.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_names_the_key_as_soon_as_the_kernel_has_said_it()
    {
        var host = Machines.Find("wedged")!.Machine.Snapshot();
        PciDevice Working(PciDevice device) => device with { Wedged = null };
        var play = Play.At(host with { Devices = [.. host.Devices.Select(Working)] }, 200, 50).Hear(new GpuTty.Tui.Msg.HostRead(host));
        Assert.Contains("cannot go on (rebind,bus-reset). Z plans the way", play.Words, StringComparison.Ordinal);
    }
}
