using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Simulation;

/// <summary>What libvirt's own tests hold, with our plans.</summary>
public sealed class PeersTests
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("laptop")]
    [InlineData("kept-off")]
    public void L4_L7_L8_a_function_without_a_driver_travels_along_and_comes_home_without_one(string name)
    {
        var away = new List<int>();
        Lab lab = null!;
        lab = new Lab(Machines.Find(name)!.Machine) { Hears = _ => away.Add(lab.Machine.Devices.Count(device => device.IsOnVfio)) };
        var card = CardChoice.Find(lab.Look(), null).Card!;
        var orphan = card.Functions.Last().Address;
        lab.Host.Happen(m => PciVerbs.Unbound(m, m.Find(orphan)!));
        // No module that is installed offers to drive it.
        lab.Host.Happen(m => m.With(m.Find(orphan)! with { CandidateModules = [] }));
        var before = Drivers(lab.Machine);

        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, card.Address));
        Assert.All(card.Functions, function => Assert.Equal(VfioSupport.Driver, lab.Machine.Find(function.Address)!.Driver));
        Assert.Equal(card.Functions.Length, lab.Machine.Memory.Devices.Length);
        Assert.Equal(Enumerable.Range(0, card.Functions.Length + 1), away.Distinct());

        away.Clear();
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost, card.Address));
        Assert.Equal(Enumerable.Range(0, card.Functions.Length + 1).Reverse(), away.Distinct());
        Assert.Empty(lab.Machine.Memory.Devices);
        Assert.Null(lab.Machine.Find(orphan)!.Driver);
        Assert.Equal(before, Drivers(lab.Machine));
    }

    /// <summary>By the owner of now, by another virtual machine, by a program of the host.</summary>
    [Theory]
    [InlineData("vm-running", "vm", 0)]
    [InlineData("vm-running", "host", 2)]
    [InlineData("stubborn", "vm", 2)]
    public void H5_a_card_that_is_in_use_is_not_handed_out_again_and_nothing_changes(string machine, string to, int code)
    {
        var program = Gputty.On(machine);
        var before = Lab.Shape(program.Host.Machine);
        Assert.Equal(code, program.Run("switch", to, "--yes", "--end-sessions").Code);
        Assert.Empty(program.Host.Calls);
        Assert.Equal(before, Lab.Shape(program.Host.Machine));
    }

    private static IEnumerable<string> Drivers(Machine machine) =>
        machine.Devices.Select(device => $"{device.Address} {device.Driver} {device.DriverOverride}");
}
