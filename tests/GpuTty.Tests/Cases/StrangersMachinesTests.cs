using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Tests.Linux;
using Xunit.Sdk;

namespace GpuTty.Tests.Cases;

/// <summary>
/// What the program has to say on each machine of machines/. The number in brackets is the kind of fault that the machine stands
/// for. One that is not answered rightly yet is checked with NotYetRight, and turns red as soon as it is: then the word has to go.
/// </summary>
public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public async Task Every_fact_file_is_a_machine_that_can_be_read()
    {
        Assert.Equal(33, StrangersMachine.Names.Length);
        foreach (var name in StrangersMachine.Names)
        {
            using var machine = StrangersMachine.Load(name);
            var host = await machine.ReadAsync();
            Assert.True(host.Devices.Any(device => device.Class.IsDisplay || device.Class.Base == 0x12), name);
            Assert.True(host.Kernel.Length > 0 && host.CommandLine.Length > 0, name);
        }
    }

    [RootFact]
    public Task Right_egpu_thunderbolt() => Right("right-egpu-thunderbolt", async machine =>
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "65:00.0", endSessions: true, HolderConsent.Terminate));
        Assert.Equal(DesktopImpact.Restart, plan.DesktopImpact);
        Assert.Equal(["0000:65:00.0", "0000:65:00.1"], Bound(plan));
    });

    [RootFact]
    public Task Right_h200_with_nvswitch() => Right("right-h200-with-nvswitch", async machine =>
    {
        var said = await machine.RunAsync("plan vm --card 5d:00.0 --end-holders term");
        Assert.Equal(Done, said.Code);
        Assert.DoesNotContain("rmmod", said.Out);
        Assert.Contains("nvidia stays loaded", said.Out);
        Assert.Contains("nvidia-persistenced.service", said.Out);
        Assert.DoesNotContain("nvidia-fabricmanager", said.Out);
    });

    [RootFact]
    public Task Right_iommufd_vm() => Right("right-iommufd-vm", async machine =>
    {
        var said = await machine.RunAsync("plan host --card 0d:00.0");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("A virtual machine is using the card: qemu-system-x86", said.Error);
    });

    [RootFact]
    public Task Right_vfio_builtin_ubuntu() => Right("right-vfio-builtin-ubuntu", async machine =>
    {
        var said = await machine.RunAsync("plan vm --card 01:00.0");
        Assert.Equal(Done, said.Code);
        Assert.DoesNotContain("modprobe vfio-pci", said.Out);
        Assert.Equal(Done, (await machine.RunAsync("doctor --card 01:00.0")).Code);
    });

    private const int Done = GpuTty.Cli.ExitCodes.Done;
    private const int Refused = GpuTty.Cli.ExitCodes.Refused;

    private static async Task Right(string name, Func<StrangersMachine, Task> check)
    {
        using var machine = StrangersMachine.Load(name);
        await check(machine);
    }

    private static async Task NotYetRight(string name, Func<StrangersMachine, Task> check)
    {
        using var machine = StrangersMachine.Load(name);
        await Assert.ThrowsAnyAsync<XunitException>(() => check(machine));
    }

    private static SwitchPlan Ready(PlanResult result) => result is PlanResult.Blocked refused
        ? throw new XunitException($"refused: {string.Join(" ", refused.Obstacles.Select(obstacle => obstacle.Problem))}")
        : Assert.IsType<PlanResult.Ready>(result).Plan;

    private static T Blocked<T>(PlanResult result) where T : GpuTty.Planning.Checks.Obstacle =>
        Assert.IsType<T>(Assert.Single(Assert.IsType<PlanResult.Blocked>(result).Obstacles.OfType<T>()), exactMatch: false);

    /// <summary>The functions that the plan binds, in the plan's order.</summary>
    private static IEnumerable<string> Bound(SwitchPlan plan) =>
        plan.Steps.OfType<Steps.BindDevice>().Select(step => step.Device.ToString());

    private static PciAddress At(string address) => PciAddress.Parse(address);
}
