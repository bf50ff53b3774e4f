using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using static GpuTty.Simulation.Hardware;

namespace GpuTty.Simulation;

/// <summary>Machines whose cards are not simply a slot: parts on other buses or in
/// groups of their own, functions inside functions, cards without a picture.</summary>
internal static class CardShapes
{
    private const string Intel = "Intel Corporation";
    private const string Graphics = "0000:00:02.0";
    private static readonly Person s_qemu = new("libvirt-qemu", 64055);

    /// <summary>Graphics on bus 3, its sound on bus 4, both behind the switch on the card.</summary>
    public static Machine Arc() =>
        MachineBoot.Of("arc", OtherBoards.Laptop, OtherBoards.LaptopWirings, ArcA770("00:01.0"))
        .WithDesktop(Desktops.Gnome).WithServices(Desktops.SoundOf(Machines.Fernando)).Booted(Machines.Fernando);

    /// <summary>The only graphics are the processor's, whose slot also holds
    /// USB, PSP and the board's sound, each in a group of its own.</summary>
    public static Machine Apu() =>
        MachineBoot.Of("apu", Am5Board.Functions, Am5Board.Wirings)
        .WithDesktop(Desktops.Plasma).WithServices(Desktops.SoundOf(Machines.Fernando)).Booted(Machines.Fernando);

    /// <summary>Two accelerators beside the picture of the board's controller; a job runs on one of them.</summary>
    public static Machine Accelerators()
    {
        var board = OtherBoards.Workstation.Add(Function(
            "03:00.0", 0x0300, "1a03:2000", "ASPEED Technology, Inc. ASPEED Graphics Family", 30, "ast")
            .Below("00:01.1")
            .AsBootVga());
        var machine = MachineBoot.Of(
            "accelerators",
            board,
            OtherBoards.WorkstationWirings,
            Mi300X("0a:00", "00:03.1", 19),
            Mi300X("0b:00", "00:03.2", 20)).Booted(user: null);
        var training = new Software("python3") { Opens = [NodeKind.Render], Only = [PciAddress.Parse("0b:00.0")] };
        return machine.Start(
            training,
            new Person("ada", 1001),
            process => process with { Unit = "docker-3f0c5d1e9a7b.scope", Container = "docker 3f0c5d1e9a7b" });
    }

    /// <summary>Graphics of the processor shared out in virtual functions, of which one is in a running machine.</summary>
    public static Machine VirtualFunctions()
    {
        var first = Virtual(1, 18) with { Driver = VfioSupport.Driver, DriverOverride = VfioSupport.Driver };
        ImmutableArray<PciDevice> board = [
            .. OtherBoards.Laptop.Select(device =>
                device.Address == PciAddress.Parse(Graphics) ? device with { VirtualFunctions = 2 } : device),
            first,
            Virtual(2, 19),
        ];
        return MachineBoot.Of("virtual-functions", board, OtherBoards.LaptopWirings).Booted(user: null)
            .Start(new Software("qemu-system-x86") { Opens = [NodeKind.Vfio] }, s_qemu, Guest);
    }

    /// <summary>A running machine has a device that i915 made inside the processor's graphics (GVT-g).</summary>
    public static Machine Mediated()
    {
        ImmutableArray<PciDevice> board =
        [
            .. OtherBoards.Laptop.Select(device =>
                device.Address == PciAddress.Parse(Graphics)
                    ? device with { MediatedDevices = ["a297db4a-f4c2-11e6-90f6-d3b88d6c9525"] }
                    : device),
        ];
        return MachineBoot.Of("mediated", board, OtherBoards.LaptopWirings).Booted(user: null)
            .Start(new Software("qemu-system-x86") { Opens = [NodeKind.Vfio] }, s_qemu, Guest);
    }

    private static Process Guest(Process process) =>
        process with { Unit = @"machine-qemu\x2d1\x2dwin11.scope", Container = "machine qemu-1-win11" };

    private static PciDevice Virtual(int number, int group) =>
        Function($"00:02.{number}", 0x0300, "8086:3e9b", $"{Intel} CoffeeLake-H GT2 [UHD Graphics 630]", group, "i915") with
        {
            PhysicalFunction = PciAddress.Parse(Graphics),
        };

    private static GraphicsCard ArcA770(string bridge) => new(
        [
            Bridge("01:00.0", "8086:4fa0", $"{Intel} DG2 PCIe Switch Upstream Port", 1).Below(bridge),
            Bridge("02:01.0", "8086:4fa4", $"{Intel} DG2 PCIe Switch Downstream Port", 12).Below("01:00.0"),
            Bridge("02:04.0", "8086:4fa4", $"{Intel} DG2 PCIe Switch Downstream Port", 13).Below("01:00.0"),
            Function("03:00.0", 0x0300, "8086:56a0:8086:1020", $"{Intel} DG2 [Arc A770]", 14, "xe", "xe", "i915").Below("02:01.0"),
            Function("04:00.0", 0x0403, "8086:4f90:8086:1020", $"{Intel} DG2 Audio Controller", 15, "snd_hda_intel").Below("02:04.0"),
        ],
        [
            new(PciAddress.Parse("03:00.0"))
            {
                Connectors = [new Connector("DP-3", false), new Connector("HDMI-A-2", false)],
                I2cBuses = 4,
            },
            new(PciAddress.Parse("04:00.0")) { Playback = [3, 7] },
        ]);

    private static GraphicsCard Mi300X(string slot, string bridge, int group) =>
        new(
            [Function(
                $"{slot}.0",
                0x1200,
                "1002:74a1",
                "Advanced Micro Devices, Inc. [AMD/ATI] Aqua Vanjaram [Instinct MI300X]",
                group,
                "amdgpu").Below(bridge)],
            []);
}
