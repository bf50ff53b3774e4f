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
            (new SaveOriginalState(OriginalState.Nothing), SnapshotSections.State),
            (new DropOriginalState(OriginalState.Nothing), SnapshotSections.State),
            (new AwaitDesktop(), SnapshotSections.Desktop),
        ];

        Assert.All(expected, one => Assert.Equal(one.Looks, one.Step.SectionsToVerify(host)));
    }
}
