using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>Every look is waited for, so a step asks for what it is checked by and for nothing else.</summary>
public sealed class LooksOfStepsTests
{
    private const SnapshotSections Devices = SnapshotSections.Devices;
    private static readonly PciAddress s_card = PciAddress.Parse("01:00.0");

    [Fact]
    public void A_step_looks_at_what_it_is_checked_by()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        (Step Step, SnapshotSections Looks)[] expected =
        [
            (new SetDriverOverride(s_card, null, VfioSupport.Driver), Devices),
            (new BindDevice(s_card, VfioSupport.Driver, null), Devices),
            (new CheckGroup(s_card), Devices),
            (new LoadModule(VfioSupport.Driver), Devices | SnapshotSections.Modules),
            (new UnbindDevice(s_card, "amdgpu", "amdgpu"), Devices | SnapshotSections.Holders),
            (new UnbindDevice(s_card, "nvidia", "nvidia"), Devices | SnapshotSections.Holders | SnapshotSections.Modules),
            (new RemoveDevice(s_card, null), Devices | SnapshotSections.Holders),
            (new ResetFunction(s_card, "flr", "flr bus"), Devices | SnapshotSections.Holders),
            (new SaveFirmware(s_card, "/tmp/rom"), Devices | SnapshotSections.Holders),
            (new SaveOriginalState(OriginalState.Nothing), SnapshotSections.State),
            (new DropOriginalState(OriginalState.Nothing), SnapshotSections.State),
            (new AwaitDesktop(), SnapshotSections.Desktop),
        ];

        Assert.All(expected, one => Assert.Equal(one.Looks, one.Step.SectionsToVerify(host)));
    }

    [Fact]
    public void Who_holds_a_card_is_asked_before_it_is_taken_from_them_and_not_afterwards()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        Step[] steps =
        [
            new UnbindDevice(s_card, "nvidia", "nvidia"),
            new RemoveDevice(s_card, null),
            new ResetFunction(s_card, "flr", "flr bus"),
            new SaveFirmware(s_card, "/tmp/rom"),
        ];

        Assert.All(steps, step => Assert.Equal(Devices, step.SectionsToVerify(host, isDone: true)));
    }

    [Fact]
    public void A_look_without_holders_may_prove_that_a_card_is_free_and_never_that_it_may_be_taken()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var host = machine.Snapshot(Devices, machine.Snapshot());
        var bound = host.Find(s_card)!.Driver!;

        Assert.True(new UnbindDevice(s_card, "nouveau", "nouveau").HasHappened(host));
        Assert.Contains("not read", new UnbindDevice(s_card, bound, bound).BlockedBy(host), StringComparison.Ordinal);
    }
}
