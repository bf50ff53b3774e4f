using GpuTty.Host.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>Programs of a desktop that goes on connect to their sound server again at once, and its socket starts it.</summary>
public sealed class SoundServerSocketTests
{
    private static readonly UnitName s_server = new("wireplumber.service", 1000), s_socket = new("pipewire.socket", 1000);

    [Fact]
    public void A_sound_server_that_its_socket_starts_again_at_once_stays_down_until_the_card_has_moved()
    {
        var lab = new Lab(Machine());
        var before = Lab.Shape(lab.Machine);
        foreach (var direction in (Direction[])[Direction.ToVm, Direction.ToHost])
        {
            var plan = lab.Plan(direction);
            Assert.Equal(DesktopImpact.None, plan.DesktopImpact);
            Assert.Equal([s_socket, s_server], plan.Steps.OfType<StopUnit>().Select(stop => stop.Unit).Where(unit => unit.Uid is not null));
            Assert.Equal([s_socket, s_server], plan.Steps.OfType<StartUnit>().Select(start => start.Unit).Intersect([s_socket, s_server]));
            Assert.Equal(Outcome.Switched, lab.Run(plan));
            Assert.All(
                (UnitName[])[s_socket, s_server],
                unit => Assert.True(lab.Machine.FindService(unit)!.IsActive, $"{unit} after {direction}"));
        }
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void Rolled_back_it_listens_again()
    {
        var lab = new Lab(Machine(), new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, $"{Machines.Card}", 1, Fault.ForEver)));
        Assert.NotEqual(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.All((UnitName[])[s_socket, s_server], unit => Assert.True(lab.Machine.FindService(unit)!.IsActive, $"{unit}"));
    }

    [Fact]
    public void A_socket_that_does_not_listen_is_left_as_it_is()
    {
        var machine = Machine();
        var lab = new Lab(machine.With(machine.FindService(s_socket)! with { State = "inactive" }));
        Assert.DoesNotContain(
            lab.Plan(Direction.ToVm).Steps, step => (step as StopUnit)?.Unit == s_socket || (step as StartUnit)?.Unit == s_socket);
    }

    private static Machine Machine()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        return (machine with { Services = [.. machine.Services, new Service(s_socket, [])] })
            .With(machine.FindService(s_server)! with { ComesBackAfter = TimeSpan.FromMilliseconds(1), Socket = s_socket });
    }
}
