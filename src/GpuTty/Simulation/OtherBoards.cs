using System.Collections.Immutable;
using GpuTty.Host.Pci;
using static GpuTty.Simulation.Hardware;

namespace GpuTty.Simulation;

/// <summary>A gaming laptop with a Coffee Lake processor, and a workstation without graphics of its own.</summary>
internal static class OtherBoards
{
    private const string Intel = "Intel Corporation";
    private const string Amd = "Advanced Micro Devices, Inc. [AMD]";

    public static ImmutableArray<PciDevice> Laptop { get; } =
    [
        Function(
            "00:00.0",
            0x0600,
            "8086:3ec4",
            $"{Intel} 8th/9th Gen Core Processor Host Bridge / DRAM Registers",
            0,
            "skl_uncore",
            "intel_uncore"),
        Bridge("00:01.0", "8086:1901", $"{Intel} 6th-10th Gen Core Processor PCIe Controller (x16)", 1),
        Function("00:02.0", 0x0300, "8086:3e9b", $"{Intel} CoffeeLake-H GT2 [UHD Graphics 630]", 2, "i915").AsBootVga(),
        Function("00:12.0", 0x1180, "8086:a379", $"{Intel} Cannon Lake PCH Thermal Controller", 3, "intel_pch_thermal"),
        Function("00:14.0", 0x0c03, "8086:a36d", $"{Intel} Cannon Lake PCH USB 3.1 xHCI Host Controller", 4, "xhci_hcd", "xhci_pci")
            .For(HostUseKind.Input, "ITE built-in keyboard", true).For(HostUseKind.Usb, "Integrated webcam"),
        Function("00:14.2", 0x0500, "8086:a36f", $"{Intel} Cannon Lake PCH Shared SRAM", 4),
        Function("00:15.0", 0x0c80, "8086:a368", $"{Intel} Cannon Lake PCH Serial IO I2C Controller #0", 5, "intel-lpss", "intel_lpss_pci"),
        Function("00:16.0", 0x0780, "8086:a360", $"{Intel} Cannon Lake PCH HECI Controller", 6, "mei_me"),
        Bridge("00:1d.0", "8086:a330", $"{Intel} Cannon Lake PCH PCI Express Root Port #9", 7),
        Bridge("00:1d.5", "8086:a335", $"{Intel} Cannon Lake PCH PCI Express Root Port #14", 8),
        Function("00:1f.0", 0x0601, "8086:a30d", $"{Intel} HM470 Chipset LPC/eSPI Controller", 9),
        Function("00:1f.3", 0x0403, "8086:a348", $"{Intel} Cannon Lake PCH cAVS", 9, "snd_hda_intel"),
        Function("00:1f.4", 0x0c05, "8086:a323", $"{Intel} Cannon Lake PCH SMBus Controller", 9, "i801_smbus", "i2c_i801"),
        Function("3d:00.0", 0x0108, "1c5c:1339", "SK hynix BC511 NVMe SSD", 10, "nvme")
            .Below("00:1d.0")
            .For(HostUseKind.Storage, "nvme0n1 (/)", true),
        Function("3e:00.0", 0x0280, "8086:2723", $"{Intel} Wi-Fi 6 AX200", 11, "iwlwifi")
            .Below("00:1d.5")
            .For(HostUseKind.Network, "wlp62s0", true),
    ];

    public static ImmutableArray<Wiring> LaptopWirings { get; } =
    [
        new(PciAddress.Parse("0000:00:02.0")) { Connectors = [new("eDP-1", true), new("DP-1", false)], I2cBuses = 3 },
        new(PciAddress.Parse("0000:00:1f.3")) { Playback = [0, 3] },
    ];

    public static ImmutableArray<PciDevice> Workstation { get; } =
    [
        Function("00:00.0", 0x0600, "1022:1480", $"{Amd} Starship/Matisse Root Complex", 0),
        Function("00:00.2", 0x0806, "1022:1481", $"{Amd} Starship/Matisse IOMMU", null),
        Function("00:01.0", 0x0600, "1022:1482", $"{Amd} Starship/Matisse PCIe Dummy Host Bridge", 1),
        Bridge("00:01.1", "1022:1483", $"{Amd} Starship/Matisse GPP Bridge", 2),
        Bridge("00:03.1", "1022:1483", $"{Amd} Starship/Matisse GPP Bridge", 4),
        Bridge("00:03.2", "1022:1483", $"{Amd} Starship/Matisse GPP Bridge", 5),
        Bridge("00:08.1", "1022:1484", $"{Amd} Starship/Matisse Internal PCIe GPP Bridge 0 to bus[E:B]", 6),
        Function("00:14.0", 0x0c05, "1022:790b", $"{Amd} FCH SMBus Controller", 7, "piix4_smbus", "i2c_piix4"),
        Function("00:14.3", 0x0601, "1022:790e", $"{Amd} FCH LPC Bridge", 7),
        .. Enumerable.Range(
            0, 8).Select(n =>
                Function($"00:18.{n}", 0x0600, $"1022:144{n}", $"{Amd} Matisse/Vermeer Data Fabric: Device 18h; Function {n}", 8,
                n == 3 ? "k10temp" : null)),
        Function("01:00.0", 0x0108, "2646:5013", "Kingston Technology Company, Inc. KC3000/FURY Renegade NVMe SSD", 9, "nvme")
            .Below("00:01.1")
            .For(HostUseKind.Storage, "nvme0n1 (/)", true),
        Function("02:00.0", 0x0200, "8086:1563", $"{Intel} Ethernet Controller X550", 10, "ixgbe")
            .Below("00:01.1")
            .For(HostUseKind.Network, "enp2s0f0", true),
        Function("12:00.3", 0x0c03, "1022:149c", $"{Amd} Matisse USB 3.0 Host Controller", 21, "xhci_hcd", "xhci_pci")
            .Below("00:08.1")
            .For(HostUseKind.Input, "Das keyboard", true),
        Function("12:00.4", 0x0403, "1022:1487", $"{Amd} Starship/Matisse HD Audio Controller", 22, "snd_hda_intel").Below("00:08.1"),
    ];

    public static ImmutableArray<Wiring> WorkstationWirings { get; } = [new(PciAddress.Parse("0000:12:00.4")) { Playback = [0] }];
}
