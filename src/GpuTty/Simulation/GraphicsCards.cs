using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using static GpuTty.Simulation.Hardware;

namespace GpuTty.Simulation;

/// <summary>A card for a slot: its functions and what hangs on them.</summary>
internal sealed record GraphicsCard(ImmutableArray<PciDevice> Functions, ImmutableArray<Wiring> Wirings)
{
    private static readonly ImmutableArray<string> s_nvidiaModules = ["nvidia", "nouveau"];
    private const string Ati = "Advanced Micro Devices, Inc. [AMD/ATI]";

    public static GraphicsCard Rtx4090(string slot, string bridge, int group) =>
        Of(slot, bridge, [new("DP-1", false), new("DP-2", false), new("HDMI-A-2", true, "LG TV SSCR2")],
        Function(
            $"{slot}.0",
            0x0300,
            "10de:2684:1043:889a",
            "NVIDIA Corporation AD102 [GeForce RTX 4090]",
            group,
            "nvidia",
            s_nvidiaModules),
        Function(
            $"{slot}.1",
            0x0403,
            "10de:22ba:1043:889a",
            "NVIDIA Corporation AD102 High Definition Audio Controller",
            group,
            "snd_hda_intel"));

    public static GraphicsCard Rtx3090(string slot, string bridge, int group, bool hasMonitor) =>
        Of(slot, bridge, [new("DP-1", hasMonitor), new("HDMI-A-1", false)],
        Function(
            $"{slot}.0",
            0x0300,
            "10de:2204:10de:1467",
            "NVIDIA Corporation GA102 [GeForce RTX 3090]",
            group,
            "nvidia",
            s_nvidiaModules),
        Function(
            $"{slot}.1",
            0x0403,
            "10de:1aef:10de:1467",
            "NVIDIA Corporation GA102 High Definition Audio Controller",
            group,
            "snd_hda_intel"));

    /// <summary>With a USB-C socket: four functions.</summary>
    public static GraphicsCard Rtx2070Mobile(string slot, string bridge, int group) =>
        Of(slot, bridge, [new("DP-2", false), new("HDMI-A-1", false)],
        Function(
            $"{slot}.0",
            0x0300,
            "10de:1f10:1558:65d1",
            "NVIDIA Corporation TU106M [GeForce RTX 2070 Mobile]",
            group,
            "nvidia",
            s_nvidiaModules),
        Function(
            $"{slot}.1",
            0x0403,
            "10de:10f9:1558:65d1",
            "NVIDIA Corporation TU106 High Definition Audio Controller",
            group,
            "snd_hda_intel"),
        Function(
            $"{slot}.2",
            0x0c03,
            "10de:1ada:1558:65d1",
            "NVIDIA Corporation TU106 USB 3.1 Host Controller",
            group,
            "xhci_hcd",
            "xhci_pci"),
        Function(
            $"{slot}.3",
            0x0c80,
            "10de:1adb:1558:65d1",
            "NVIDIA Corporation TU106 USB Type-C UCSI Controller",
            group,
            "nvidia-gpu",
            "i2c_nvidia_gpu"));

    /// <summary>Behind two bridges of its own, sound in another group than the picture.</summary>
    public static GraphicsCard Rx7900(string bus, string bridge, int group) =>
        Of(bus, bridge, [new("DP-1", true), new("DP-2", false), new("HDMI-A-1", false)],
        Function($"{bus}.0", 0x0300, "1002:744c:1eae:7905", $"{Ati} Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]", group, "amdgpu"),
        Function($"{bus}.1", 0x0403, "1002:ab30:1eae:7905", $"{Ati} Navi 31 HDMI/DP Audio", group + 1, "snd_hda_intel"));

    private static GraphicsCard Of(
        string slot, string bridge, ImmutableArray<Connector> connectors, params ImmutableArray<PciDevice> functions) => new(
        [.. functions.Select(function => function.Below(bridge))],
        [
            new(PciAddress.Parse($"{slot}.0")) { Connectors = connectors, I2cBuses = 4 },
            new(PciAddress.Parse($"{slot}.1")) { Playback = [3, 7, 8] },
            new(PciAddress.Parse($"{slot}.3")) { I2cBuses = 1 },
        ]);
}
