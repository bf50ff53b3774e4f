using GpuTty.Cli;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>An undo leaves everything as it was before, and not only something like it.</summary>
public sealed class ExactUndoTests
{
    private static PciDevice Big(Gputty gputty) => gputty.Host.Machine.Find(Machines.Card)!;

    [Fact]
    public void A_cleared_override_is_set_again_and_the_card_is_not_moved()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var gputty = Gputty.On(machine.With(machine.Find(Machines.Card)! with { DriverOverride = "vfio-pci" }), []);
        Assert.Equal(ExitCodes.Done, gputty.Run("clear-override", "0000:01:00.0", "--yes").Code);
        Assert.Null(Big(gputty).DriverOverride);

        var plan = gputty.Run("undo", "--dry-run");
        Assert.Contains("with its driver override set again", plan.Out, StringComparison.Ordinal);
        Assert.Contains("1 step", plan.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal("vfio-pci", Big(gputty).DriverOverride);
        Assert.Equal("nvidia", Big(gputty).Driver);
    }

    [Theory]
    [InlineData("kept-off", true, "keep-off", "off")]
    [InlineData("desktop", false, "keep-off", "on")]
    [InlineData("desktop", false, "keep-off", "on", "--permanent")]
    public void A_rule_that_was_permanent_is_permanent_again_and_one_that_was_not_there_is_gone(
        string machine, bool isPermanent, params string[] command)
    {
        var gputty = Gputty.On(machine);
        var before = gputty.Host.Machine.HiddenFromSeat;
        Assert.Equal(ExitCodes.Done, gputty.Run([.. command, "--yes"]).Code);
        Assert.NotEqual(before, gputty.Host.Machine.HiddenFromSeat);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal(before.AsEnumerable(), gputty.Host.Machine.HiddenFromSeat);
        Assert.Equal(isPermanent, gputty.Host.Machine.HiddenFromSeat.Any(rule => rule.IsPermanent));
    }

    [Fact]
    public void A_pin_that_was_permanent_is_permanent_again_without_a_desktop_to_ask()
    {
        var gputty = Gputty.On("twins");
        var pin =
            new GlDriverAllowList("org.gnome.Shell@wayland.service", "/usr/share/glvnd/egl_vendor.d/50_mesa.json", "", IsPermanent: true);
        gputty.Host.Happen(machine => machine with { Pinned = [pin] });
        Assert.Equal(ExitCodes.Done, gputty.Run("pin", "off", "--card", "0b:00", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.Pinned);
        var undone = gputty.Run("undo", "--yes");
        Assert.True(undone.Code == ExitCodes.Done, undone.Error);
        Assert.Equal([pin], gputty.Host.Machine.Pinned.AsEnumerable());
    }

    [Theory]
    [InlineData("--keep-off")]
    [InlineData("--keep-off", "--permanent")]
    [InlineData("--for", "compute")]
    public void A_rule_that_came_with_a_switch_goes_with_its_undo(params string[] use)
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run(["switch", "vm", "--end-sessions", "--yes", .. use]).Code);
        Assert.Single(gputty.Host.Machine.HiddenFromSeat);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.HiddenFromSeat);
        Assert.Empty(gputty.Host.Machine.Memory.Uses);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    [Fact]
    public void A_rule_that_an_ordinary_switch_has_found_stays_when_it_is_undone()
    {
        var gputty = Gputty.On("kept-off");
        var before = gputty.Host.Machine.HiddenFromSeat;
        gputty.Run("switch", "vm", "--yes");
        gputty.Run("undo", "--yes");
        Assert.Equal(before.AsEnumerable(), gputty.Host.Machine.HiddenFromSeat);
    }

    /// <summary>Stopped, a unit of a user is in no look; what the run has stopped is started again anyway.</summary>
    [Fact]
    public void A_users_own_service_that_a_killed_run_has_stopped_runs_again_after_the_undo()
    {
        var sound = new UnitName("wireplumber.service", Machines.Fernando.Uid);
        var left = Interruption.During(
            Machines.Find("kept-off")!.Machine, new SwitchIntent(Machines.Card, Direction.ToVm), step => step is BindDevice);
        var stopped = new Replay(left.Machine);
        stopped.Take(new StopUnit(sound, "nobody has started it again"));
        var gputty = Gputty.On(stopped.Machine, [.. left.Journal.Where(entry => entry is not GpuTty.Switching.RunEvent.DesktopRestored)]);
        Assert.Null(gputty.Host.Machine.Snapshot().FindUnit(sound));
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.True(gputty.Host.Machine.FindService(sound)!.IsActive);
    }

    /// <summary>For every machine and every plan that can be made there: done, and rolled back by undo.</summary>
    [Theory, MemberData(nameof(Scenario.Names), MemberType = typeof(Scenario))]
    public void Rules_pins_overrides_and_answers_are_after_an_undo_what_they_were(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var gputty = Gputty.On(machine, []);
        var before = Settings(gputty.Host.Machine);
        gputty.Meanwhile(async () =>
        {
            await gputty.SwitchService.BeginAsync(plan, default);
            await gputty.SwitchService.FollowAsync(_ => { }, _ => { }, default);
        });
        var undone = gputty.Run("undo", "--yes", "--end-sessions", "--end-holders", "kill", "--single-gpu");
        Assert.True(undone.Code == ExitCodes.Done, undone.Error + undone.Out);
        Assert.Equal(before, Settings(gputty.Host.Machine));
    }

    private static string Settings(Machine machine) => string.Join('\n',
    [
        .. machine.HiddenFromSeat.Select(rule => rule.ToString()).Order(),
        .. machine.Pinned.Select(pin => pin.ToString()).Order(),
        .. machine.Memory.Uses.Select(use => use.ToString()).Order(),
        // An override that a killed switch has left is nobody's setting.
        .. machine.Name == "interrupted" ? [] : machine.Devices.Select(device => $"{device.Address} {device.DriverOverride}"),
    ]);
}
