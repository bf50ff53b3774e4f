using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>What others do while a switch runs, or have left behind.</summary>
public sealed class InterferenceTests
{
    [Theory]
    [InlineData("active", HolderActionKind.EndsWithDesktop)]
    [InlineData("closing", HolderActionKind.EndProcess)]
    public void M9_a_program_that_has_outlived_its_session_does_not_end_with_the_desktop(string session, HolderActionKind expected)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var id = host.Sessions.First(session => SeatDesktop.Has(host, session)).Id;
        host = host with { Sessions = [.. host.Sessions.Select(s => s.Id == id ? s with { State = session } : s)] };
        var left = host.Holders[0] with
        {
            Name = "sleeper",
            Pid = 4711,
            Session = id,
            Unit = $"session-{id}.scope",
            UserUnit = null,
            Container = null,
        };
        Assert.Equal(expected, HolderAction.Of(left, host).Kind);
    }

    [Fact]
    public void M22_a_module_that_somebody_loads_again_is_no_matter_once_the_card_is_off_it()
    {
        var card = PciAddress.Parse("01:00.0");
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var step = new UnloadModule("nvidia", card, "nvidia");
        Assert.False(step.HasHappened(host));
        var off = host with { Devices = [.. host.Devices.Select(d => d.Address == card ? d with { Driver = null } : d)] };
        Assert.True(step.HasHappened(off));
    }
}
