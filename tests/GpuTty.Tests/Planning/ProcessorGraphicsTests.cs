using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Graphics inside an AMD processor from before Zen (Kaveri, Carrizo): alone in its slot on the first bus.</summary>
public sealed class ProcessorGraphicsTests
{
    private static readonly PciAddress s_ofProcessor = PciAddress.Parse("00:01.0");

    [Theory]
    [InlineData(Platform.Hardware)]
    [InlineData(Platform.XenControlDomain)]
    public void Where_the_added_card_shows_the_picture_it_is_still_the_one_that_is_meant(Platform platform)
    {
        var host = Kaveri(platform);
        Assert.Equal([Added(host).Address], CardChoice.Candidates(host).Select(card => card.Address));
        Assert.DoesNotContain("slot", SlotAdvice.SharedGroup(host, Card.FindAt(host, s_ofProcessor)!), StringComparison.Ordinal);
    }

    /// <summary>QEMU puts a card on the first bus, and may leave out the bridge before it.</summary>
    [Theory]
    [InlineData(Platform.Guest)]
    [InlineData(Platform.Unknown)]
    public void In_a_virtual_machine_a_card_on_the_first_bus_was_given_to_it(Platform platform) =>
        Assert.Contains(CardChoice.Candidates(Kaveri(platform)), card => card.Address == s_ofProcessor);

    [Fact]
    public void A_card_behind_a_bridge_or_of_another_maker_is_no_part_of_the_processor()
    {
        var host = Kaveri(Platform.Hardware);
        var graphics = host.Find(s_ofProcessor)!;
        Assert.True(ProcessorGraphics.Is(host, graphics));
        Assert.False(ProcessorGraphics.Is(host, Added(host)));
        Assert.False(ProcessorGraphics.Is(host, graphics with { Id = new PciId(PciId.Nvidia, 0x2684) }));
        Assert.False(ProcessorGraphics.Is(host, graphics with { Parent = PciAddress.Parse("00:02.0") }));
    }

    private static PciDevice Added(HostSnapshot host) =>
        host.Devices.Single(device => device.IsGraphics && device.Address != s_ofProcessor);

    private static HostSnapshot Kaveri(Platform platform)
    {
        var host = Machines.Find("single")!.Machine.Snapshot();
        var graphics = Added(host) with
        {
            Address = s_ofProcessor,
            Id = new PciId(PciId.Amd, 0x130f),
            Parent = null,
            IsBootVga = false,
            IommuGroup = 90,
            Driver = "amdgpu",
            CandidateModules = ["amdgpu", "radeon"],
            Nodes = [],
            Connectors = [],
        };
        return host with
        {
            MachineKind = new MachineKind(ProcessorMaker.Amd, platform, Chassis.Desktop),
            Devices = [graphics, .. host.Devices.Where(device => device.Address != s_ofProcessor)],
        };
    }
}
