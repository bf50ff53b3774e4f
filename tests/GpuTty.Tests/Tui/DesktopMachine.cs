using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Tests.Tui;

/// <summary>A desktop with a small card for its monitors and a big one for games, as the screens are mostly seen.</summary>
internal static class DesktopMachine
{
    public static readonly PciAddress Big = PciAddress.Parse("0000:01:00.0");
    public static readonly PciAddress Small = PciAddress.Parse("0000:00:02.0");

    /// <summary>Booted, logged in, looked at from tty3.</summary>
    public static HostSnapshot Idle { get; } = new()
    {
        TakenAt = new DateTimeOffset(2026, 5, 4, 14, 3, 1, TimeSpan.Zero),
        HostName = "lab",
        Kernel = "6.12.30-1-amd64",
        BootId = "1f0c",
        Taint = 0,
        Devices =
        [
            Device("0000:00:00.0", 0x060000, 0x8086, "Intel Corporation Host bridge", null, 0),
            Device("0000:00:01.0", 0x060400, 0x8086, "Intel Corporation PCI Express Root Port", "pcieport", 1) with { HeaderType = 1 },
            Device("0000:00:02.0", 0x030000, 0x8086, "Intel Corporation Raptor Lake-S GT1 [UHD Graphics 770]", "i915", 2) with
            {
                IsBootVga = true, PowerState = "D0", ResetMethods = ["flr"],
                Nodes = [
                    new DeviceNode("/dev/dri/card0", NodeKind.Card, 226, 0),
                    new DeviceNode("/dev/dri/renderD128", NodeKind.Render, 226, 128),
                ],
                Connectors = [new Connector("HDMI-A-1", true), new Connector("DP-1", false)],
            },
            Device("0000:00:14.0", 0x0c0330, 0x8086, "Intel Corporation USB 3.2 Controller", "xhci_hcd", 4),
            Device("0000:01:00.0", 0x030000, 0x10de, "NVIDIA Corporation AD102 [GeForce RTX 4090]", "nvidia", 13) with
            {
                IsBootVga = false, PowerState = "D0", ResetMethods = ["flr", "bus"], CandidateModules = ["nvidia", "nouveau"],
                Nodes =
                [
                    new DeviceNode("/dev/dri/card1", NodeKind.Card, 226, 1),
                    new DeviceNode("/dev/dri/renderD129", NodeKind.Render, 226, 129),
                    new DeviceNode("/dev/nvidia0", NodeKind.Nvidia, 195, 0),
                ],
                Connectors = [new Connector("DP-2", false)],
            },
            Device("0000:01:00.1", 0x040300, 0x10de, "NVIDIA Corporation AD102 High Definition Audio Controller", "snd_hda_intel", 13) with
            {
                CandidateModules = ["snd_hda_intel"], Nodes = [new DeviceNode("/dev/snd/controlC1", NodeKind.Sound, 116, 8)],
            },
            Device("0000:03:00.0", 0x020000, 0x8086, "Intel Corporation Ethernet Controller I226-V", "igc", 14) with
            {
                Uses = [new HostUse(HostUseKind.Network, "enp3s0", true)],
            },
            Device("0000:04:00.0", 0x010802, 0x144d, "Samsung NVMe SSD 990 PRO", "nvme", 14),
        ],
        Groups = [Group(0, "0000:00:00.0"), Group(1, "0000:00:01.0"), Group(2, "0000:00:02.0"), Group(4, "0000:00:14.0"),
            Group(13, "0000:01:00.0", "0000:01:00.1"), Group(14, "0000:03:00.0", "0000:04:00.0")],
        Drivers = [
            new("nvidia", "nvidia"),
            new("snd_hda_intel", "snd_hda_intel"),
            new("i915", "i915"),
            new("xhci_hcd", "xhci_hcd"),
            new("igc", "igc"),
            new("nvme", null),
        ],
        Modules =
        [
            new("nvidia_drm", 2, []), new("nvidia_modeset", 1, ["nvidia_drm"]), new("nvidia_uvm", 0, []),
            new("nvidia", 7, ["nvidia_modeset", "nvidia_uvm"]), new("snd_hda_intel", 4, []), new("i915", 30, []),
        ],
        Holders =
        [
            Holder(2143, "gnome-shell", 1000) with
            {
                Session = "2",
                Unit = "session-2.scope",
                Nodes = [Held("/dev/dri/card1", NodeKind.Card, 5), Held("/dev/nvidia0", NodeKind.Nvidia, 9), Module("/dev/nvidiactl", 8)],
            },
            Holder(2231, "Xwayland", 1000) with
            {
                Session = "2",
                Unit = "session-2.scope",
                Nodes = [Held("/dev/dri/renderD129", NodeKind.Render, 4)],
            },
            Holder(812, "nvidia-persistenced", 990) with
            {
                User = "nvpd",
                Unit = "nvidia-persistenced.service",
                Nodes = [Held("/dev/nvidia0", NodeKind.Nvidia, 3), Module("/dev/nvidiactl", 4)],
            },
            Holder(2101, "wireplumber", 1000) with
            {
                Unit = "user@1000.service",
                UserUnit = "wireplumber.service",
                Nodes = [Held("/dev/snd/controlC1", NodeKind.Sound, 21) with { Device = PciAddress.Parse("01:00.1") }],
            },
        ],
        Sessions =
        [
            new LoginSession
            {
                Id = "2", Uid = 1000, User = "fernando", Seat = "seat0", Vt = 2, Type = "wayland", Class = "user",
                State = "online", Desktop = "GNOME",
            },
            new LoginSession { Id = "5", Uid = 0, User = "root", Seat = "seat0", Vt = 3, Type = "tty", Class = "user", State = "active" },
        ],
        Programs = [
            new("firefox", 1000, null, [2544, 2560]),
            new("Terminal", 1000, null, [3010]),
            new("Terminal", 1000, null, [3020]),
            new("LibreOffice", 1000, null, [3100]),
        ],
        Units = [new SystemdUnit(new UnitName("nvidia-persistenced.service"), "active")],
        DisplayManager = new DisplayManager(new SystemdUnit(new UnitName("gdm.service"), "active"), 1),
        Console = new ConsoleState
        {
            ActiveVt = 3,
            Framebuffers = [new Framebuffer(0, "i915drmfb", Small)],
            Shown = new Framebuffer(0, "i915drmfb", Small),
        },
        Vfio = new VfioSupport(false, true),
        Caller = new CallerLocation { Pid = 4000, IsRoot = true, Vt = 3, Session = "5", Ancestors = [4000, 3990, 1] },
    };

    /// <summary>The same with nobody logged in and the card free: nothing is lost by a switch.</summary>
    public static HostSnapshot Free { get; } = Idle with
    {
        Holders = [],
        Sessions = [Idle.Sessions[1]],
        DisplayManager = null,
        // Without holders only the modules above it are left.
        Modules = [.. Idle.Modules.Select(module =>
            module.Name switch
            {
                "nvidia" => module with { References = 2 },
                "nvidia_drm" => module with { References = 0 },
                _ => module,
            })],
    };

    /// <summary>A program nobody planned for holds the card, too.</summary>
    public static HostSnapshot Busy { get; } = Idle with
    {
        Holders = Idle.Holders.Add(Holder(4711, "ollama", 995) with
        {
            User = "ollama",
            Unit = "ollama.service",
            Nodes = [Module("/dev/nvidia-uvm", 7) with { Module = "nvidia_uvm" }, Held("/dev/nvidia0", NodeKind.Nvidia, 12)],
        }),
    };

    public static HostSnapshot WithoutIommu { get; } = Idle with
    {
        Groups = [],
        Devices = [.. Idle.Devices.Select(device => device with { IommuGroup = null })],
    };

    /// <summary>Some other program has set the card's driver override to vfio-pci and left it at that.</summary>
    public static HostSnapshot WithStrayOverride { get; } = Idle with
    {
        Devices = [.. Idle.Devices.Select(device => device.Address == Big ? device with { DriverOverride = "vfio-pci" } : device)],
    };

    /// <summary>As after a switch: the card is with vfio-pci, and how it was is remembered.</summary>
    public static HostSnapshot WithVm { get; } = Free with
    {
        DisplayManager = Idle.DisplayManager,
        Devices = [.. Idle.Devices.Select(device => device.Address.SharesSlotWith(Big)
            ? device with
            {
                Driver = "vfio-pci",
                DriverOverride = "vfio-pci",
                Nodes = [new DeviceNode("/dev/vfio/13", NodeKind.Vfio, 244, 0)],
                Connectors = [],
            }
            : device)],
        Modules = [new("i915", 30, []), new("snd_hda_intel", 4, []), new("vfio_pci", 0, [])],
        Drivers = [.. Idle.Drivers.Where(driver => driver.Name != "nvidia"), new("vfio-pci", "vfio_pci")],
        Vfio = new VfioSupport(true, true),
        Memory = new OriginalState(
            [
                new(Big, new PciId(0x10de, 0x2684), "nvidia", "nvidia", null),
                new(PciAddress.Parse("01:00.1"), new PciId(0x10de, 0x22ba), "snd_hda_intel", "snd_hda_intel", null),
            ],
            [new(Big, "nvidia_drm"), new(Big, "nvidia_modeset"), new(Big, "nvidia_uvm"), new(Big, "nvidia")],
            [new(Big, new UnitName("nvidia-persistenced.service"))]),
    };

    /// <summary>The big card draws this very screen, and the small one could take over.</summary>
    public static HostSnapshot ConsoleAtStake { get; } = Idle with
    {
        Console = new ConsoleState
        {
            ActiveVt = 3,
            Framebuffers = [new(0, "nvidia-drmdrmfb", Big), new(1, "i915drmfb", Small)],
            Shown = new(0, "nvidia-drmdrmfb", Big),
        },
    };

    /// <summary>A worker was killed between unbinding and binding.</summary>
    public static HostSnapshot Halfway { get; } = WithVm with
    {
        Devices = [.. WithVm.Devices.Select(device =>
            device.Address == Big
                ? device with { Driver = null }
                : device.Address.SharesSlotWith(Big) ? device with { Driver = "snd_hda_intel" } : device)],
    };

    private static PciDevice Device(string address, int code, int vendor, string name, string? driver, int group) => new()
    {
        Address = PciAddress.Parse(address),
        Class = new PciClass(code),
        Name = name,
        Driver = driver,
        IommuGroup = group,
        HeaderType = 0,
        PowerState = "D0",
        Id = new PciId(vendor, address switch { "0000:01:00.0" => 0x2684, "0000:01:00.1" => 0x22ba, _ => 0x1234 }),
    };

    private static IommuGroup Group(int number, params string[] members) =>
        new(number, "DMA-FQ", [.. members.Select(PciAddress.Parse)], []);

    private static Holder Holder(int pid, string name, int uid) =>
        new() { Pid = pid, StartTime = pid * 10, Name = name, Uid = uid, User = "fernando" };

    private static HeldNode Held(string path, NodeKind kind, int descriptor) =>
        new(path, kind, Big, null, descriptor) { File = new OpenFile(path.Length, descriptor) };

    private static HeldNode Module(string path, int descriptor) =>
        new(path, NodeKind.Nvidia, null, "nvidia", descriptor) { File = new OpenFile(path.Length, descriptor) };
}
