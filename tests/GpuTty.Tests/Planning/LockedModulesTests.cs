using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>An administrator has locked the modules (kernel.modules_disabled=1): none is loaded or unloaded until the next start.</summary>
public sealed class LockedModulesTests
{
    private static readonly VfioSupport s_registered = new(true, true);

    [Fact]
    public void Nobody_is_logged_out_for_a_driver_that_only_unloading_takes_off_a_card()
    {
        var desktop = Locked(Machines.Find("desktop")!.Machine.Snapshot());
        Assert.Equal(
            "nvidia cannot be taken off 01:00.0 safely: it cannot be unloaded, because modules are locked until the next start "
                + "(kernel.modules_disabled=1).",
            Assert.Single(Refusals(desktop, Direction.ToVm)).Problem);
    }

    [Fact]
    public void A_driver_that_may_be_unbound_is_unbound()
    {
        var plan = Assert.IsType<PlanResult.Ready>(Plan(Locked(PretendedHost.Start), Direction.ToVm)).Plan;
        Assert.Contains(new UnbindDevice(PretendedHost.Card, "amdgpu", "amdgpu"), plan.Steps);
        Assert.DoesNotContain(plan.Steps, step => step is UnloadModule or LoadModule);
    }

    [Fact]
    public void Where_vfio_pci_is_not_there_yet_the_card_is_not_given_away()
    {
        var late = Locked(PretendedHost.Start) with { Vfio = new VfioSupport(false, true) };
        Assert.Equal("vfio-pci-locked", Assert.Single(Refusals(late, Direction.ToVm)).Code);
    }

    [Fact]
    public void A_card_whose_driver_cannot_be_loaded_any_more_stays_where_it_is()
    {
        const string problem = "01:00.0 would have no driver on the host: nvidia cannot be loaded, because modules are locked "
            + "until the next start (kernel.modules_disabled=1).";
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        Assert.Equal(problem, Assert.Single(Refusals(Locked(lab.Look()), Direction.ToHost)).Problem);
        Assert.Equal(problem, Assert.Single(Refusals(Locked(ReservedAtBoot.Boot().Snapshot()), Direction.ToHost)).Problem);
    }

    [RootFact]
    public async Task On_a_strangers_machine_the_kernel_says_whether_they_are_locked()
    {
        const string name = "kde-wayland-nvidia-same-user";
        using var locked = StrangersMachine.Load(name, "vfio loaded", "modules-disabled 1");
        Assert.Contains(await OfCardAsync(locked), obstacle => obstacle is Obstacle.DriverCannotLetGo);
        using var odd = StrangersMachine.Load(name, "modules-disabled perhaps");
        Assert.Equal(
            "Unknown whether modules can be loaded and unloaded: /proc/sys/kernel/modules_disabled cannot be read.",
            Assert.IsType<Obstacle.CouldNotTell>(Assert.Single(await OfCardAsync(odd))).Problem.Replace($"{odd.Root.Any("")}", "/"));
    }

    private static async Task<ImmutableArray<Obstacle>> OfCardAsync(StrangersMachine machine) =>
        await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true, HolderConsent.Kill) is PlanResult.Blocked blocked
            ? blocked.Obstacles
            : [];

    private static HostSnapshot Locked(HostSnapshot host) => host with { ModulesLocked = true, Vfio = s_registered };

    private static PlanResult Plan(HostSnapshot host, Direction direction) =>
        SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, direction, EndSessions: true));

    private static ImmutableArray<Obstacle> Refusals(HostSnapshot host, Direction direction) =>
        Assert.IsType<PlanResult.Blocked>(Plan(host, direction)).Obstacles;
}
