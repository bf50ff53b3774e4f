using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What only a person asks of a pretend machine's cards.</summary>
internal static class SimulatedDetails
{
    private const string NvidiaVersion = "570.86.16";
    private static readonly TimeSpan s_up = new(hours: 5, minutes: 20, seconds: 0);
    private static readonly Dictionary<int, string> s_makers = new()
    {
        [0x1043] = "ASUSTeK Computer Inc.",
        [PciId.Nvidia] = "NVIDIA Corporation",
        [0x1558] = "CLEVO/KAPOK Computer",
        [0x1eae] = "XFX Limited",
    };

    public static MachineDetails Of(Machine machine, HostSnapshot look)
    {
        var graphics = look.Devices.Where(device => device.IsGraphics).ToList();
        var isNvidia = graphics.Exists(device => device.Driver == "nvidia");
        return new MachineDetails
        {
            NvidiaVersion = isNvidia ? NvidiaVersion : null,
            IsNvidiaOpen = isNvidia ? true : null,
            NvidiaInstalled = isNvidia ? NvidiaVersion : null,
            BootedAt = machine.Now - DateTimeOffset.MinValue > s_up ? machine.Now - s_up : null,
            Boards = [.. graphics.Select(Board)],
            // As on a real machine: a card that sleeps is not asked.
            Links = [.. graphics.Where(device => device.PowerState == "D0").Select(Link)],
        };
    }

    private static CardBoard Board(PciDevice device) =>
        new(
            device.Address,
            device.Id.SubsystemVendor is { } maker ? s_makers.GetValueOrDefault(maker) : null,
            device.Driver == "amdgpu" ? 24L << 30 : null);

    private static LinkDetails Link(PciDevice device) =>
        new(device.Address, 16, 16, [1], "16.0 GT/s PCIe", "16.0 GT/s PCIe", [new BarSize(1, 256, 32768)]);
}
