using System.Collections.Immutable;
using GpuTty.Host.Pci;
using static GpuTty.Simulation.Hardware;

namespace GpuTty.Simulation;

/// <summary>A desktop board with a Ryzen 7000 and its small graphics (ids and groups as on an ASUS B650E-F).</summary>
internal static class Am5Board
{
    public const string IntegratedGraphics = "0000:10:00.0";
    public const string BoardSound = "0000:10:00.6";
    private const string Amd = "Advanced Micro Devices, Inc. [AMD]";

    /// <summary>Everything but the card in the slot below 00:01.1.</summary>
    public static ImmutableArray<PciDevice> Functions { get; } = [.. Root, .. Chipset, .. Processor];

    public static ImmutableArray<Wiring> Wirings { get; } =
    [
        new(PciAddress.Parse(IntegratedGraphics))
        {
            Connectors = [new("DP-1", false), new("HDMI-A-1", true, "DELL U2723QE")],
            I2cBuses = 3,
        },
        new(PciAddress.Parse("0000:10:00.1")) { Playback = [3] },
        new(PciAddress.Parse(BoardSound)) { Playback = [0] },
    ];

    private static PciDevice[] Root =>
    [
        Function("00:00.0", 0x0600, "1022:14d8", $"{Amd} Raphael/Granite Ridge Root Complex", 0),
        Function("00:00.2", 0x0806, "1022:14d9", $"{Amd} Raphael/Granite Ridge IOMMU", null),
        Function("00:01.0", 0x0600, "1022:14da", $"{Amd} Raphael/Granite Ridge Dummy Host Bridge", 1),
        Bridge("00:01.1", "1022:14db", $"{Amd} Raphael/Granite Ridge GPP Bridge", 2),
        Bridge("00:01.2", "1022:14db", $"{Amd} Raphael/Granite Ridge GPP Bridge", 3),
        Function("00:02.0", 0x0600, "1022:14da", $"{Amd} Raphael/Granite Ridge Dummy Host Bridge", 4),
        Bridge("00:02.1", "1022:14db", $"{Amd} Raphael/Granite Ridge GPP Bridge", 5),
        Function("00:03.0", 0x0600, "1022:14da", $"{Amd} Raphael/Granite Ridge Dummy Host Bridge", 7),
        Function("00:04.0", 0x0600, "1022:14da", $"{Amd} Raphael/Granite Ridge Dummy Host Bridge", 8),
        Function("00:08.0", 0x0600, "1022:14da", $"{Amd} Raphael/Granite Ridge Dummy Host Bridge", 9),
        Bridge("00:08.1", "1022:14dd", $"{Amd} Raphael/Granite Ridge Internal GPP Bridge to Bus [C:A]", 10),
        Bridge("00:08.3", "1022:14dd", $"{Amd} Raphael/Granite Ridge Internal GPP Bridge to Bus [C:A]", 11),
        Function("00:14.0", 0x0c05, "1022:790b", $"{Amd} FCH SMBus Controller", 12, "piix4_smbus", "i2c_piix4"),
        Function("00:14.3", 0x0601, "1022:790e", $"{Amd} FCH LPC Bridge", 12),
        .. Enumerable.Range(
            0, 8).Select(n => Function($"00:18.{n}", 0x0600, $"1022:14e{n}", $"{Amd} Raphael/Granite Ridge Data Fabric; Function {n}", 13,
            n == 3 ? "k10temp" : null)),
    ];

    /// <summary>Behind the chipset's switch network and SATA share a group with its ports.</summary>
    private static PciDevice[] Chipset =>
    [
        Function("03:00.0", 0x0108, "144d:a80c", "Samsung Electronics Co Ltd NVMe SSD Controller S4LV008[Pascal]", 15, "nvme")
            .Below("00:01.2")
            .For(HostUseKind.Storage, "nvme0n1 (/)", true),
        Bridge("04:00.0", "1022:43f4", $"{Amd} 600 Series Chipset PCIe Switch Upstream Port", 16).Below("00:02.1"),
        Bridge("05:00.0", "1022:43f5", $"{Amd} 600 Series Chipset PCIe Switch Downstream Port", 17).Below("04:00.0"),
        Bridge("05:08.0", "1022:43f5", $"{Amd} 600 Series Chipset PCIe Switch Downstream Port", 17).Below("04:00.0"),
        Bridge("05:0c.0", "1022:43f5", $"{Amd} 600 Series Chipset PCIe Switch Downstream Port", 18).Below("04:00.0"),
        Function("06:00.0", 0x0200, "8086:15f3", "Intel Corporation Ethernet Controller I225-V", 17, "igc")
            .Below("05:00.0")
            .For(HostUseKind.Network, "enp6s0", true),
        Function("07:00.0", 0x0106, "1022:43f6", $"{Amd} 600 Series Chipset SATA Controller", 17, "ahci")
            .Below("05:08.0")
            .For(HostUseKind.Storage, "sda (/home)", true),
        Function("08:00.0", 0x0c03, "1022:43f7", $"{Amd} 600 Series Chipset USB 3.2 Controller", 18, "xhci_hcd", "xhci_pci")
            .Below("05:0c.0")
            .For(HostUseKind.Usb, "Webcam C920"),
    ];

    private static PciDevice[] Processor =>
    [
        Function(IntegratedGraphics, 0x0300, "1002:164e", $"{Amd[..^1]}/ATI] Raphael", 28, "amdgpu").Below("00:08.1").AsBootVga(),
        Function(
            "10:00.1",
            0x0403,
            "1002:1640",
            $"{Amd[..^1]}/ATI] Radeon High Definition Audio Controller",
            29,
            "snd_hda_intel").Below("00:08.1"),
        Function("10:00.2", 0x1080, "1022:1649", $"{Amd} Family 19h PSP/CCP", 30, "ccp").Below("00:08.1"),
        Function("10:00.3", 0x0c03, "1022:15b6", $"{Amd} Raphael/Granite Ridge USB 3.1 xHCI", 31, "xhci_hcd", "xhci_pci").Below("00:08.1")
            .For(HostUseKind.Input, "Keychron K3 keyboard", true).For(HostUseKind.Input, "Logitech MX mouse"),
        Function("10:00.4", 0x0c03, "1022:15b7", $"{Amd} Raphael/Granite Ridge USB 3.1 xHCI", 32, "xhci_hcd", "xhci_pci").Below("00:08.1"),
        Function(BoardSound, 0x0403, "1022:15e3", $"{Amd} Family 17h/19h HD Audio Controller", 33, "snd_hda_intel").Below("00:08.1"),
        Function("11:00.0", 0x0c03, "1022:15b8", $"{Amd} Raphael/Granite Ridge USB 2.0 xHCI", 34, "xhci_hcd", "xhci_pci").Below("00:08.3"),
    ];
}
