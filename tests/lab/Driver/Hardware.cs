namespace GpuTty.Lab.Driver;

/// <summary>The virtual machine's boards: what is plugged in where. A name in words, and QEMU's arguments.</summary>
public sealed record Hardware(string Name, string[] Devices)
{
    private const string HostGpu = "virtio-vga,id=host-gpu,addr=02.0";

    /// <summary>A small GPU for the desktop, a big card with sound at 01:00 for the VM.</summary>
    public static Hardware TwoGpus { get; } = new("two-gpus", [HostGpu, .. Card("gpu", 1)]);

    /// <summary>The same, but the card's driver loads first, and the text console stays on the card.</summary>
    public static Hardware CardFirst { get; } = TwoGpus with { Name = "card-first", Initrd = "initrd-card-first", Kernel = " fbcon=map:0" };

    /// <summary>The same without an IOMMU: nothing can be handed to a VM.</summary>
    public static Hardware NoIommu { get; } = TwoGpus with { Name = "no-iommu", Iommu = false };

    /// <summary>Two cards that differ by their address only, at 01:00 and 02:00.</summary>
    public static Hardware Twins { get; } = new("twins", [HostGpu, .. Card("gpu", 1), .. Card("twin", 2)]);

    /// <summary>The card at 01:00 shares its group with a network card at 02:00.</summary>
    public static Hardware SharedGroup { get; } = new("shared-group",
    [
        HostGpu,
        .. Card("gpu", 1, port: "03.0,multifunction=on,disable-acs=on"),
        "pcie-root-port,id=rp2,chassis=2,slot=2,addr=03.1,disable-acs=on",
        "e1000e,id=nic,bus=rp2,addr=00.0",
    ]);

    /// <summary>One GPU only: the card at 01:00 is the desktop's, the console's and the firmware's.</summary>
    public static Hardware OneGpu { get; } = new("one-gpu", Card("gpu", 1, display: "VGA"));

    /// <summary>Two GPUs under GNOME Shell on Wayland, with a user who logs in at tty3: today's standard machine.</summary>
    public static Hardware Gnome { get; } = TwoGpus with { Name = "gnome", Guest = Guest.Trixie };

    /// <summary>The same with libvirt.</summary>
    public static Hardware GnomeLibvirt { get; } = Gnome with { Name = "gnome-libvirt", Guest = Guest.TrixieLibvirt };

    /// <summary>The same, with a card that has a render node; behind the IOMMU, so that it can be given away.</summary>
    public static Hardware GnomeRendering => new(
        "gnome-rendering", [.. Rendering.Devices[..^1], $"{Rendering.Devices[^1]},iommu_platform=on"])
    {
        Guest = Guest.Trixie,
    };

    /// <summary>The same, with the card at vfio-pci since the initial RAM disk, as every guide has it.</summary>
    public static Hardware GnomeReserved { get; } = Gnome with
    {
        Name = "gnome-reserved",
        Initrd = "initrd-reserved-first",
        Kernel = " vfio-pci.ids=1234:1111,8086:293e",
    };

    /// <summary>Two GPUs under Plasma on Wayland, on what will be tomorrow's systems.</summary>
    public static Hardware Plasma { get; } = TwoGpus with { Name = "plasma", Guest = Guest.Sid };

    /// <summary>The card at 01:00 has a render node, as real ones do; it shares
    /// its driver with the host's GPU, so it cannot be unloaded.</summary>
    public static Hardware Rendering { get; } = new("rendering",
        [HostGpu, "pcie-root-port,id=rp1,chassis=1,slot=1,addr=03.0", "virtio-gpu-pci,id=gpu,bus=rp1,addr=00.0"]);

    /// <summary>The first machine with stand-ins for NVIDIA's driver on the card, and its services (guest/nvidia).</summary>
    public static Hardware Nvidia { get; } = TwoGpus with { Name = "nvidia", Software = "nvidia" };

    /// <summary>Two such cards: the driver stays loaded for the other when one of them goes.</summary>
    public static Hardware NvidiaTwins { get; } = Twins with { Name = "nvidia-twins", Software = "nvidia" };

    public Guest Guest { get; init; } = Guest.Bookworm;
    public bool Iommu { get; init; } = true;

    /// <summary>A folder of guest/ whose install.sh is run before the machine is frozen; null for the image as it is.</summary>
    public string? Software { get; init; }
    public string Initrd { get; init; } = "initrd-host-first";
    public string Kernel { get; init; } = "";

    /// <summary>Everything of the command line that the guest can notice, so that frozen machines are told apart by it.</summary>
    public IEnumerable<string> Arguments(string image)
    {
        string[] basics =
        [
            "-M", "q35,kernel-irqchip=split", "-cpu", Guest.Cpu, "-m", Guest.Memory, "-smp", "2", "-accel", Accelerator,
            "-nodefaults", "-display", "none", "-audiodev", "none,id=quiet",
            "-kernel", Path.Combine(image, "vmlinux"), "-initrd", Path.Combine(image, Initrd),
            "-append", "root=/dev/vda rw console=tty0 console=ttyS0 panic=-1 loglevel=4 systemd.show_status=0"
                + (Iommu ? " intel_iommu=on iommu=pt" : "") + Kernel,
        ];
        string[] furniture =
        [
            "virtio-blk-pci,drive=disk,addr=1a.0", "virtio-serial-pci,addr=1b.0", "virtserialport,chardev=shell,name=lab",
            "virtio-9p-pci,fsdev=share,mount_tag=share,addr=1c.0",
        ];
        string[] iommu = Iommu ? ["intel-iommu,intremap=on"] : [];
        return [.. basics, .. iommu.Concat(furniture).Concat(Devices).SelectMany(device => new[] { "-device", device })];
    }

    /// <summary>Emulation works everywhere; a host with a good /dev/kvm may say GPUTTY_LAB_ACCEL=kvm.</summary>
    private static string Accelerator => Environment.GetEnvironmentVariable("GPUTTY_LAB_ACCEL") ?? "tcg,thread=multi";

    private static string[] Card(string id, int number, string? port = null, string display = "bochs-display") =>
    [
        $"pcie-root-port,id=rp{number},chassis={number},slot={number},addr={port ?? $"0{number + 2}.0"}",
        $"{display},id={id},bus=rp{number},addr=00.0,multifunction=on",
        $"ich9-intel-hda,id={id}-sound,bus=rp{number},addr=00.1",
        $"hda-output,bus={id}-sound.0,audiodev=quiet",
    ];
}
