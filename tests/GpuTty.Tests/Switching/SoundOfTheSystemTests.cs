using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>Services of the system that have sound cards open belong to nobody who could be asked.</summary>
public sealed class SoundOfTheSystemTests
{
    private static readonly UnitName s_alsactl = new("alsa-state.service");

    [Fact]
    public void Alsactl_which_keeps_every_sound_cards_controls_is_paused_without_a_question_and_is_back_before_the_plan_ends()
    {
        var lab = new Lab(With(Machines.Find("kept-off")!.Machine, s_alsactl));
        var before = Lab.Shape(lab.Machine);
        foreach (var direction in (Direction[])[Direction.ToVm, Direction.ToHost])
        {
            var plan = lab.Plan(direction);
            Assert.Contains(plan.Steps, step => step is StopUnit stop && stop.Unit == s_alsactl);
            Assert.Contains(plan.Steps, step => step is StartUnit start && start.Unit == s_alsactl);
            Assert.Equal(Outcome.Switched, lab.Run(plan));
            Assert.True(lab.Machine.FindService(s_alsactl)!.IsActive, $"after {direction}");
        }
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void So_is_any_service_of_the_system_that_only_plays()
    {
        var player = new UnitName("mpd.service");
        var lab = new Lab(With(Machines.Find("kept-off")!.Machine, player));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.True(lab.Machine.FindService(player)!.IsActive);
    }

    [Fact]
    public void Where_the_card_has_the_only_sound_alsactl_comes_back_with_the_card_as_systemd_would_not_start_it_before()
    {
        var parts = Machines.DesktopParts("only-sound");
        parts = parts with
        {
            Devices = [.. parts.Devices.Where(device => !device.Class.IsSound || device.Address.SharesSlotWith(Machines.Card))],
            HiddenFromSeat = [SeatRule.For(parts.Find(Machines.Card)!, isPermanent: true)],
        };
        var lab = new Lab(With(parts.Booted(Machines.Fernando), s_alsactl));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.False(lab.Machine.FindService(s_alsactl)!.IsActive);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.True(lab.Machine.FindService(s_alsactl)!.IsActive);
    }

    [Fact]
    public void Alsactl_that_is_started_as_early_as_the_system_itself_is_paused_all_the_same()
    {
        var host = new Lab(With(Machines.Find("kept-off")!.Machine, s_alsactl)).Look();
        host = host with
        {
            Units =
            [
                .. host.Units.Where(unit => unit.Name != s_alsactl),
                new SystemdUnit(s_alsactl, "active") { Traits = new UnitTraits { WantedBy = "basic.target" } },
            ],
        };
        var holder = host.Holders.First(holder => holder.Unit == s_alsactl.Name);
        Assert.Equal(HolderActionKind.StopService, HolderAction.Of(holder, host).Kind);
    }

    private static Machine With(Machine machine, UnitName unit) =>
        (machine with
        {
            Services =
            [
                .. machine.Services,
                new Service(unit, [new("alsactl") { Opens = [NodeKind.Sound], OnHotPlug = HotPlug.Opens }]) { State = "inactive" },
            ],
        }).Change(m => UnitVerbs.Start(m, unit));
}
