using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Planning;

/// <summary>A card that went to a virtual machine at boot, so that nobody remembers its driver, which is a part of the kernel.</summary>
public sealed class BuiltInDriverTests
{
    private static readonly string[] s_arc =
    [
        "kernel 6.18.1",
        "pci 00:02.0 0300 8086:4680 driver=i915 group=0 primary",
        "pci 03:00.0 0300 8086:56a0 driver=vfio-pci module=vfio_pci group=17 override=vfio-pci",
        "pci 03:00.2 0c0330 8086:56a1 driver=vfio-pci module=vfio_pci group=17 override=vfio-pci",
        "module i915 3",
        "driver xe builtin",
        "driver xhci_hcd builtin",
        "modprobe no-usb.conf blacklist xhci_pci",
        "session 3 uid=0 user=root seat=\"\" type=tty leader=900 remote=yes",
        "viewer in=/user.slice/user-0.slice/session-3.scope",
    ];

    private const string IdsOfXe =
        @"file lib/modules/6.18.1/modules.builtin.modinfo = xe.license=GPL\0xe.alias=pci:v00008086d000056A0sv*sd*bc03sc*i*\0xe.file=x";

    /// <summary>There is nothing to load, and a blacklist keeps no driver away that is there.</summary>
    [RootFact]
    public async Task It_comes_home_to_the_driver_that_the_kernel_has_for_it_and_nothing_is_loaded()
    {
        using var machine = StrangersMachine.Of([.. s_arc, IdsOfXe]);
        var host = await machine.ReadAsync();
        Assert.Equal(["xe"], host.Find(PciAddress.Parse("03:00.0"))!.CandidateModules.AsEnumerable());
        Assert.Equal(
            [("0000:03:00.0", "xe", null), ("0000:03:00.2", "xhci_hcd", null)],
            Bound(await machine.PlanAsync(Direction.ToHost, "03:00.0")));
    }

    /// <summary>Before Linux 6.18 nothing tells which functions a driver takes that is built in.</summary>
    [RootFact]
    public async Task Where_no_list_tells_whether_it_fits_the_kernel_is_left_to_find_out()
    {
        using var machine = StrangersMachine.Of(s_arc);
        var plan = await machine.PlanAsync(Direction.ToHost, "03:00.0");
        Assert.Equal([("0000:03:00.0", null, null), ("0000:03:00.2", "xhci_hcd", null)], Bound(plan));
    }

    [RootFact]
    public async Task Where_the_kernel_has_none_of_the_maker_the_card_stays_where_it_is()
    {
        using var machine = StrangersMachine.Of([.. s_arc.Where(line => line != "driver xe builtin")]);
        var refused = Assert.IsType<PlanResult.Blocked>(await machine.PlanAsync(Direction.ToHost, "03:00.0"));
        Assert.Contains(refused.Obstacles, obstacle => obstacle is Obstacle.NoHomeDriver);
    }

    /// <summary>For a driver that makes what it takes by an override it would mean a card that it does not know.</summary>
    [RootFact]
    public async Task A_driver_that_is_only_guessed_is_never_named_by_an_override()
    {
        using var machine = StrangersMachine.Of(s_arc);
        var plan = Assert.IsType<PlanResult.Ready>(await machine.PlanAsync(Direction.ToHost, "03:00.0")).Plan;
        Assert.DoesNotContain(plan.Steps, step => step is SetDriverOverride { New: "xe" });
    }

    private static IEnumerable<(string, string?, string?)> Bound(PlanResult plan) =>
        Assert.IsType<PlanResult.Ready>(plan).Plan.Steps.OfType<BindDevice>().Select(step => ($"{step.Device}", step.Driver, step.Module));
}
