using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>An override that names another driver than the bound one is
/// cleared by a plan, a journal and a look, like everything else.</summary>
public sealed class ClearOverrideTests
{
    [Fact]
    public void A_stray_override_is_cleared_and_nothing_else_is_touched()
    {
        var gputty = Gputty.On(Stray(), []);
        var said = gputty.Run("clear-override", "01:00.0", "--yes");
        Assert.Equal(ExitCodes.Done, said.Code);
        var device = gputty.Host.Machine.Find(Machines.Card)!;
        Assert.Null(device.DriverOverride);
        Assert.Equal("nvidia", device.Driver);
        Assert.Contains("01:00.0 has no driver override any more.", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_prints_the_write_and_does_not_do_it()
    {
        var gputty = Gputty.On(Stray(), []);
        Assert.Contains(
            "/sys/bus/pci/devices/0000:01:00.0/driver_override",
            gputty.Run("clear-override", "01:00.0", "--dry-run").Out,
            StringComparison.Ordinal);
        Assert.Equal("vfio-pci", gputty.Host.Machine.Find(Machines.Card)!.DriverOverride);
    }

    [Theory]
    [InlineData("01:00.0", ExitCodes.Done)]
    [InlineData("06:00.0", ExitCodes.Refused)]
    [InlineData("7f:00.0", ExitCodes.Refused)]
    [InlineData("01:00", ExitCodes.Usage)]
    public void Where_there_is_none_or_no_card_nothing_is_done(string address, int code)
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(code, gputty.Run("clear-override", address, "--yes").Code);
        Assert.Empty(gputty.Host.Calls);
    }

    [Fact]
    public void A_write_that_has_not_come_back_forbids_this_one_too()
    {
        var host = Stray().Snapshot() with { Stuck = new StuckWrite(1, "/sys/x", null, DateTimeOffset.UnixEpoch) };
        Assert.IsType<Obstacle.WriteStuck>(Assert.Single(Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ClearOverride))).Obstacles));
    }

    [Fact]
    public void After_a_crash_of_the_kernel_it_is_refused_in_the_words_of_a_switch()
    {
        var gputty = Gputty.On(Stray() with { Taint = 1 << 7 }, []);
        var said = gputty.Run("clear-override", "01:00.0", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Empty(gputty.Host.Calls);
        Assert.Contains(new Obstacle.KernelDied(null).Problem, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_no_longer_answers_is_left_alone()
    {
        var machine = Stray();
        var gputty = Gputty.On(machine.With(machine.Find(Machines.Card)! with { HeaderType = 0x7f }), []);
        Assert.Equal(ExitCodes.Refused, gputty.Run("clear-override", "01:00.0", "--yes").Code);
        Assert.Empty(gputty.Host.Calls);
    }

    private static Machine Stray()
    {
        var machine = Machines.Find("desktop")!.Machine;
        return machine.With(machine.Find(Machines.Card)! with { DriverOverride = "vfio-pci" });
    }
}
