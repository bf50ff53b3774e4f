using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>A machine to try things on.</summary>
/// <param name="Name">What <c>gputty demo</c> is told.</param>
/// <param name="Description">One line for the list.</param>
internal sealed record DemoMachine(string Name, string Description, Machine Machine)
{
    /// <summary>What goes wrong there.</summary>
    public FaultPlan FaultPlan { get; init; } = FaultPlan.None;

    /// <summary>What an earlier run of this boot left in the journal.</summary>
    public ImmutableArray<RunEvent> Journal { get; init; } = [];

    /// <summary>The same as if it had been left a minute ago: people read its times.</summary>
    public ImmutableArray<RunEvent> JournalAt(DateTimeOffset now) =>
        Journal is [.., var last] ? [.. Journal.Select(entry => entry with { At = entry.At + (now.AddMinutes(-1) - last.At) })] : Journal;
}

/// <summary>The machines of the demo and of the tests.</summary>
internal static class Machines
{
    public static readonly PciAddress Card = PciAddress.Parse("0000:01:00.0");
    public static readonly Person Fernando = new("fernando", 1000);

    public static ImmutableArray<DemoMachine> All { get; } =
    [
        new("desktop", "RTX 4090 beside a Ryzen's own graphics, GNOME on Wayland: log out, switch, log in", Desktop()),
        new("kept-off", "the same with the desktop kept off the card: no logout at all", HiddenFromSeat()),
        new("twins", "two identical RTX 3090: the driver stays loaded for the other one", Twins()),
        new("amd", "Radeon RX 7900 beside AMD graphics: one driver for both", Amd()),
        new("wedged", "the driver of a Radeon RX 7900 has stopped: the card is recovered by a switch to vfio-pci and back", Wedged()),
        new("laptop", "RTX 2070 with USB-C: four functions travel together", Laptop()),
        new("shared-group", "the card shares its IOMMU group with the network card: refused", SharedGroup()),
        new("single", "one graphics card and no other: refused", Single()),
        new("no-iommu", "IOMMU switched off in the firmware: refused", NoIommu()),
        new("window", "started in a window of the desktop that must end: goes on at a text console", Window()),
        new("vm-running", "the card is in a running virtual machine", VmRunning()),
        new("stubborn", "a training job holds the card and ignores SIGTERM: rolled back, unless you agree to kill", Stubborn()),
        new(
            "stuck",
            "a write to the kernel never returns: the desktop comes back, then only a reboot helps",
            Desktop() with { Name = "stuck" })
            { FaultPlan = new FaultPlan(new Fault(FaultKind.Hangs, Verb.Unbind)) },
        new("arc", "Intel Arc: its sound is on another bus and keeps its driver loaded, so it goes first", CardShapes.Arc()),
        new("apu", "a Ryzen's own graphics: USB, PSP and sound in the same slot stay on the host", CardShapes.Apu()),
        new(
            "accelerators",
            "two Instinct accelerators in a server: no picture to lose, and one is in use by a container",
            CardShapes.Accelerators()),
        new(
            "virtual-functions",
            "graphics shared out in virtual functions: each is a card, their parent cannot go",
            CardShapes.VirtualFunctions()),
        new("mediated", "a running machine has a part of the processor's graphics (GVT-g): refused", CardShapes.Mediated()),
        Interrupted(),
        new(
            "ids-at-boot",
            "RTX 4090 reserved at boot with vfio-pci.ids=: returned to the host anyway; the doctor corrects the files of that recipe",
            ReservedAtBoot.Boot()),
        .. LoginMachines.All,
    ];

    /// <summary>Null when there is none of that name.</summary>
    public static DemoMachine? Find(string name) => All.FirstOrDefault(machine => machine.Name == name);

    private static Machine Desktop() => DesktopParts("desktop").Booted(Fernando);

    private static Machine HiddenFromSeat()
    {
        var parts = DesktopParts("kept-off");
        return (parts with { HiddenFromSeat = [SeatRule.For(parts.Find(Card)!, isPermanent: true)] }).Booted(Fernando);
    }

    private static Machine Twins() =>
        MachineBoot.Of("twins", OtherBoards.Workstation, OtherBoards.WorkstationWirings,
            FirstTwin(), GraphicsCard.Rtx3090("0b:00", "00:03.2", 20, hasMonitor: false))
        .WithDesktop(Desktops.Xfce).WithServices([Desktops.Persistenced, .. Desktops.SoundOf(Fernando)]).Booted(Fernando);

    private static Machine Amd() =>
        MachineBoot.Of("amd", Am5Board.Functions, Am5Board.Wirings, GraphicsCard.Rx7900("01:00", "00:01.1", 20))
        .WithDesktop(Desktops.Plasma).WithServices(Desktops.SoundOf(Fernando)).Booted(Fernando);

    /// <summary>After a hang that a reset of the engine did not end (Documentation/gpu/drm-uapi.rst, "Device Wedging").</summary>
    private static Machine Wedged()
    {
        var machine = Amd() with { Name = "wedged" };
        return machine.With(machine.Find(Card)! with { Wedged = "rebind,bus-reset" });
    }

    private static Machine Laptop() =>
        (MachineBoot.Of("laptop", OtherBoards.Laptop, OtherBoards.LaptopWirings, GraphicsCard.Rtx2070Mobile("01:00", "00:01.0", 1)) with
        {
            CommandLine = "BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p2 ro quiet intel_iommu=on iommu=pt",
        })
        .WithDesktop(Desktops.Gnome).WithServices(Desktops.SoundOf(Fernando)).Booted(Fernando);

    private static Machine SharedGroup() =>
        MachineBoot.Of(
            "shared-group",
            Am5Board.Functions.Select(function => function.Class.IsNetwork ? function with { IommuGroup = 14 } : function),
            Am5Board.Wirings,
            Big())
        .WithDesktop(Desktops.Gnome).WithServices([Desktops.Persistenced, .. Desktops.SoundOf(Fernando)]).Booted(Fernando);

    private static Machine Single() =>
        MachineBoot.Of("single", OtherBoards.Workstation, OtherBoards.WorkstationWirings, FirstTwin())
        .WithDesktop(Desktops.Gnome).WithServices([Desktops.Persistenced, .. Desktops.SoundOf(Fernando)]).Booted(Fernando);

    private static Machine NoIommu() => (DesktopParts("no-iommu") with
    {
        HasIommu = false,
        CommandLine = "BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p2 ro quiet",
    }).Booted(Fernando);

    private static Machine Window()
    {
        var machine = Desktop() with { Name = "window", ActiveVt = Desktops.Gnome.SessionVt };
        return machine with
        {
            Caller = machine.Caller with { Vt = null, Session = null, Unit = $"user@{Fernando.Uid}.service", IsInsideDesktop = true },
        };
    }

    private static Machine Stubborn()
    {
        var training = new Software("python3")
        {
            Opens = [NodeKind.Nvidia],
            OpensAlso = ["/dev/nvidiactl", "/dev/nvidia-uvm"],
            IgnoresTerm = true,
        };
        var machine = Desktop() with { Name = "stubborn" };
        return (machine with
        {
            Sessions = machine.Sessions.Add(new LoginSession
            {
                Id = "5",
                Uid = 1001,
                User = "ada",
                Type = "tty",
                Class = "user",
                State = "active",
                Leader = 4702,
                IsRemote = true,
            }),
        }).Start(training, new Person("ada", 1001), process => process with { Unit = "session-5.scope", Session = "5" });
    }

    private static DemoMachine Interrupted()
    {
        var left = Interruption.During(
            Desktop() with { Name = "interrupted" },
            new SwitchIntent(Card, Direction.ToVm, EndSessions: true),
            step => step is BindDevice);
        return new("interrupted", "an earlier switch was killed halfway: resume it, or undo it", left.Machine) { Journal = left.Journal };
    }

    private static Machine VmRunning()
    {
        var parts = DesktopParts("vm-running");
        var home = new OriginalState(
            [.. parts.Devices
                .Where(d => d.Address.SharesSlotWith(Card))
                .Select(d => new OriginalDevice(d.Address, d.Id, d.Driver, d.CandidateModules[0], null))],
            [.. KernelModules.NvidiaStack.Select(name => new OriginalModule(Card, name))],
            [new OriginalUnit(Card, Desktops.Persistenced.Name)]);
        var given = parts.Devices
            .Select(d =>
                d.Address.SharesSlotWith(Card)
                    ? d with { Driver = VfioSupport.Driver, DriverOverride = VfioSupport.Driver, PowerState = "D0" }
                    : d)
            .ToImmutableArray();
        var machine = parts with
        {
            Devices = given,
            Modules = KernelModules.For(given),
            Memory = home,
            Services = [
                .. parts.Services.Where(service => service.Name != Desktops.Persistenced.Name),
                Desktops.Persistenced with { State = "inactive" },
            ],
        };
        var qemu = new Software("qemu-system-x86") { Opens = [NodeKind.Vfio] };
        return machine.Booted(Fernando).Start(qemu, new Person("libvirt-qemu", 64055), process => process with
        {
            Unit = @"machine-qemu\x2d1\x2dwin11.scope",
            Container = "machine qemu-1-win11",
        });
    }

    internal static Machine DesktopParts(string name) =>
        MachineBoot.Of(name, Am5Board.Functions, Am5Board.Wirings, Big())
        .WithDesktop(Desktops.Gnome).WithServices([Desktops.Persistenced, .. Desktops.SoundOf(Fernando)]);

    internal static GraphicsCard Big() => GraphicsCard.Rtx4090("01:00", "00:01.1", 14);

    private static GraphicsCard FirstTwin()
    {
        var card = GraphicsCard.Rtx3090("0a:00", "00:03.1", 19, hasMonitor: true);
        return card with { Functions = [.. card.Functions.Select(function => function.Class.IsDisplay ? function.AsBootVga() : function)] };
    }
}
