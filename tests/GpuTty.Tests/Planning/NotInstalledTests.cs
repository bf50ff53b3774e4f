using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>The kernel was updated, or its driver was not built for it: what is unloaded now cannot be loaded again.</summary>
public sealed class NotInstalledTests
{
    private static readonly HostSnapshot s_desktop = Machines.Find("desktop")!.Machine.Snapshot();

    [Fact]
    public void A_driver_that_could_not_be_loaded_again_is_not_unloaded_and_the_user_is_told_to_reboot()
    {
        var refused = Assert.Single(Refusals(s_desktop with { NotInstalled = ["nvidia_modeset"] }, Direction.ToVm));
        Assert.Equal(
            "nvidia_modeset, which 01:00.0 uses on the host, could not be loaded again after the switch: "
                + "it is not installed for the running kernel 6.12.48-amd64.",
            refused.Problem);
        Assert.StartsWith("Reboot if the kernel has been updated", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal("module-not-installed", refused.Code);
    }

    [Fact]
    public void A_driver_that_stays_loaded_for_another_card_need_not_be_installed_any_more()
    {
        var twins = Machines.Find("twins")!.Machine.Snapshot();
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            twins with { NotInstalled = ["nvidia"] },
            new SwitchIntent(Host.Pci.PciAddress.Parse("0b:00.0"), Direction.ToVm, EndSessions: true)));
    }

    [Fact]
    public void A_card_whose_driver_was_removed_meanwhile_stays_where_it_is_and_the_desktop_goes_on()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        var refused = Assert.Single(Refusals(lab.Look() with { NotInstalled = ["nvidia"] }, Direction.ToHost));
        Assert.Equal(
            "01:00.0 would have no driver on the host: nvidia is not installed for the running kernel 6.12.48-amd64.", refused.Problem);
        Assert.IsType<Obstacle.CouldNotTell>(Assert.Single(Refusals(lab.Look().Without(UnknownFact.InstalledModules), Direction.ToHost)));
    }

    [RootFact]
    public async Task On_a_strangers_machine_the_list_of_the_running_kernel_decides()
    {
        const string name = "kde-wayland-nvidia-same-user";
        using var updated = StrangersMachine.Load(name, "without modules.dep");
        var untold = Assert.IsType<Obstacle.CouldNotTell>(Assert.Single(await OfCardAsync(updated)));
        Assert.EndsWith("modules.dep is missing.", untold.Problem, StringComparison.Ordinal);
        Assert.StartsWith("Reboot if the kernel has been updated", untold.Remedy, StringComparison.Ordinal);
        using var notBuilt = StrangersMachine.Load(name, "not-installed nvidia");
        Assert.Equal("nvidia", Assert.IsType<Obstacle.ModuleNotInstalled>(Assert.Single(await OfCardAsync(notBuilt))).Module);
        using var asUsual = StrangersMachine.Load(name);
        Assert.Empty(await OfCardAsync(asUsual));
    }

    private static async Task<ImmutableArray<Obstacle>> OfCardAsync(StrangersMachine machine) =>
        await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true, HolderConsent.Kill) is PlanResult.Blocked blocked
            ? blocked.Obstacles
            : [];

    private static ImmutableArray<Obstacle> Refusals(HostSnapshot host, Direction direction) =>
        Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, direction, EndSessions: true))).Obstacles;
}
