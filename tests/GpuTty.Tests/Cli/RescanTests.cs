using GpuTty.Cli;
using GpuTty.Host.Pci;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>The last resort for a function that is stuck without a driver.</summary>
public sealed class RescanTests
{
    private static readonly PciAddress s_sound = Machines.Card with { Function = 1 };

    [Fact]
    public void A_function_that_is_stuck_is_forgotten_found_anew_and_has_a_driver()
    {
        var gputty = On(Stuck());
        var said = gputty.Run("rescan", "--card", "01:00", "--yes");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("found 01:00.1 anew", said.Out, StringComparison.Ordinal);
        Assert.Equal("snd_hda_intel", gputty.Host.Machine.Find(s_sound)!.Driver);
        // What has a driver is left alone.
        Assert.Equal([s_sound.ToString()], gputty.Host.Calls.Where(call => call.Verb == Verb.RemoveDevice).Select(call => call.Target));
        Assert.Equal(["0000:00:01.1"], gputty.Host.Calls.Where(call => call.Verb == Verb.Rescan).Select(call => call.Target));
    }

    [Fact]
    public void What_it_costs_is_said_before_and_a_dry_run_changes_nothing()
    {
        var gputty = On(Stuck());
        var said = gputty.With(isRoot: false).Run("rescan", "--card", "01:00", "--dry-run");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("This is the last resort", said.Out, StringComparison.Ordinal);
        Assert.Contains("echo 1 > /sys/bus/pci/devices/0000:01:00.1/remove", said.Out, StringComparison.Ordinal);
        Assert.Contains("echo 1 > /sys/bus/pci/devices/0000:00:01.1/rescan", said.Out, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Calls);
        Assert.Equal(ExitCodes.Usage, gputty.Run("rescan").Code);
        Assert.Equal(ExitCodes.Usage, gputty.Run("rescan", "--card", "01:00").Code);
        Assert.Equal(ExitCodes.NeedsRoot, gputty.With(isRoot: false).Run("rescan", "--card", "01:00", "--yes").Code);
    }

    [Fact]
    public void A_card_whose_functions_all_have_drivers_is_left_alone()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("rescan", "--card", "01:00", "--yes").Code);
        Assert.Empty(gputty.Host.Calls);
    }

    [Fact]
    public void Never_on_a_card_that_anybody_uses()
    {
        var running = Machines.Find("vm-running")!.Machine;
        var gputty = On(running.Change(m => m.With(m.Find(s_sound)! with { Driver = null, DriverOverride = null })));
        var said = gputty.Run("rescan", "--card", "01:00", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Empty(gputty.Host.Calls);
        Assert.Contains(Machines.Find("desktop")!.Machine.Snapshot().Holders, holder => holder.Holds(Machines.Card));
        var held = On(Unbound(Machines.Find("desktop")!.Machine));
        Assert.Equal(ExitCodes.Refused, held.Run("rescan", "--card", "01:00", "--yes").Code);
        Assert.Empty(held.Host.Calls);
    }

    [Theory]
    [InlineData("D3cold", 1, "sleeps")]
    [InlineData("D0", 0x7f, "does not answer")]
    public void Behind_a_bridge_that_sleeps_or_is_silent_nothing_is_forgotten(string state, int header, string why)
    {
        var bridge = PciAddress.Parse("00:01.1");
        var gputty = On(Stuck().Change(m => m.With(m.Find(bridge)! with { PowerState = state, HeaderType = header })));
        var said = gputty.Run("rescan", "--card", "01:00", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains($"the bridge 00:01.1 above it {why}", said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Calls);
    }

    /// <summary>A worker that was killed in between leaves a function that the kernel does not know: it can still be looked for.</summary>
    [Fact]
    public void What_the_kernel_has_forgotten_can_be_looked_for()
    {
        var gputty = On(Stuck().Change(m => PciVerbs.Remove(m, s_sound)));
        Assert.Null(gputty.Host.Machine.Find(s_sound));
        Assert.Equal(ExitCodes.Done, gputty.Run("rescan", "--card", "01:00.1", "--yes").Code);
        Assert.NotNull(gputty.Host.Machine.Find(s_sound));
        var nothing = On(Stuck());
        Assert.Equal(ExitCodes.TakenBack, nothing.Run("rescan", "--card", "77:00.0", "--yes").Code);
    }

    [Fact]
    public void Where_the_kernel_does_not_forget_it_nothing_is_looked_for()
    {
        var gputty = On(Stuck(), new FaultPlan(new Fault(FaultKind.Refused, Verb.RemoveDevice)));
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("rescan", "--card", "01:00", "--yes").Code);
        Assert.NotNull(gputty.Host.Machine.Find(s_sound));
    }

    [Fact]
    public void A_look_that_is_refused_is_tried_again_on_the_way_back()
    {
        var gputty = On(Stuck(), new FaultPlan(new Fault(FaultKind.Refused, Verb.Rescan)));
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("rescan", "--card", "01:00", "--yes").Code);
        Assert.NotNull(gputty.Host.Machine.Find(s_sound));
    }

    /// <summary>A way home that broke off: the sound of the card has left vfio-pci, and nothing has taken it.</summary>
    private static Machine Stuck()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        return gputty.Host.Machine.Change(m => PciVerbs.Unbound(m, m.Find(s_sound)! with { DriverOverride = null }));
    }

    private static Machine Unbound(Machine machine) => machine.Change(m => m.With(m.Find(s_sound)! with { Driver = null }));

    private static Gputty On(Machine machine, FaultPlan? drill = null) => Gputty.On(machine, [], drill);
}
