using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A function of the card answers nothing but ones: no write brings it back, only a power cycle.</summary>
public sealed class OffTheBusTests
{
    private static readonly PciAddress s_sound = PciAddress.Parse("01:00.1");

    [Theory]
    [InlineData(Direction.ToVm)]
    [InlineData(Direction.ToHost)]
    public void M23_a_plan_for_such_a_card_is_refused(Direction direction)
    {
        foreach (var address in (PciAddress[])[Machines.Card, s_sound])
        {
            var machine = Start(direction);
            var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
                Fallen(machine, address).Snapshot(), new SwitchIntent(Machines.Card, direction, EndSessions: true)));
            Assert.Contains(blocked.Obstacles, obstacle => obstacle is Obstacle.OffTheBus off && off.Device.Address == address);
        }
    }

    [Theory]
    [InlineData("desktop", Direction.ToVm)]
    [InlineData("desktop", Direction.ToHost)]
    [InlineData("kept-off", Direction.ToVm)]
    [InlineData("kept-off", Direction.ToHost)]
    public void M23_in_the_middle_nothing_more_is_written_to_it_and_the_desktop_comes_back(string name, Direction direction)
    {
        var machine = Start(direction, name);
        var plan = new Lab(machine).Plan(direction);
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            var (step, callsBefore) = (index, 0);
            Lab? lab = null;
            lab = new Lab(machine)
            {
                Hears = entry =>
                {
                    if (entry is not RunEvent.Begun begun || begun.Step != step || callsBefore > 0) return;
                    callsBefore = lab!.Host.Calls.Length;
                    lab.Host.Happen(m => Fallen(m, index % 2 == 0 ? Machines.Card : s_sound));
                },
            };
            var outcome = lab.Run(plan);
            lab.Pass(60);
            var at = $"{plan.Steps[index].Describe()}: {lab.Summary}";
            Assert.True(!lab.Host.Calls.Skip(callsBefore).Any(call => call.TouchesPci), at);
            Assert.True(lab.Machine.FindService(lab.Machine.Desktop!.Unit)!.IsActive, $"no desktop: {at}");
            // What was left to do has nothing to do with the card.
            if (outcome == Outcome.Switched) Assert.DoesNotContain(plan.Steps.Skip(index), s => s.TouchesPci() || s is CheckGroup);
            else Assert.Contains("no longer answers", lab.Summary, StringComparison.Ordinal);
        }
    }

    private static Machine Start(Direction direction, string name = "desktop")
    {
        var lab = Lab.On(name);
        if (direction == Direction.ToHost) Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        lab.Pass(60);
        return lab.Machine;
    }

    private static Machine Fallen(Machine machine, PciAddress address) => machine.With(machine.Find(address)! with { HeaderType = 0x7f });
}
