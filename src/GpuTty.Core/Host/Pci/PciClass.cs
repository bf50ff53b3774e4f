namespace GpuTty.Host.Pci;

/// <summary>A PCI class code: 24 bits, base class, subclass and programming interface (PCI Code and ID Assignment Specification).</summary>
/// <param name="Code">0 to 0xffffff, as the <c>class</c> file of sysfs shows it.</param>
public readonly record struct PciClass(
    [property: JsonPropertyName("code")] int Code)
{
    public int Base => Code >> 16;

    /// <summary>Base class and subclass, as lspci prints them: 0x0300 for a VGA controller.</summary>
    public int Kind => Code >> 8;

    /// <summary>VGA (0300), XGA (0301), 3D (0302) and other (0380) display controllers: every kind of graphics card.</summary>
    public bool IsDisplay => Base == 0x03;

    /// <summary>1200, what computes and shows nothing: AMD Instinct, Gaudi, but NPUs of processors and FPGAs as well.</summary>
    public bool IsAccelerator => Kind == 0x1200;

    /// <summary>Only class 0300 makes the kernel evict firmware framebuffers
    /// when vfio-pci binds (drivers/vfio/pci/vfio_pci_core.c).</summary>
    public bool IsVga => Kind == 0x0300;

    public bool IsBridge => Base == 0x06;
    public bool IsSound => Kind is 0x0403 or 0x0401;
    public bool IsUsb => Kind == 0x0c03;
    public bool IsNetwork => Base == 0x02;
    public bool IsStorage => Base == 0x01;

    /// <summary>What the function is, in the words of this program.</summary>
    public string Name => Kind switch
    {
        0x0300 => "VGA controller",
        0x0302 => "3D controller",
        0x0380 or 0x0301 => "display controller",
        0x0401 or 0x0403 => "sound",
        0x0c03 => "USB controller",
        0x0c80 => "USB-C controller",
        0x0600 => "host bridge",
        0x0601 => "ISA bridge",
        0x0604 => "PCI bridge",
        0x0c05 => "SMBus",
        0x0106 => "SATA controller",
        0x0108 => "NVMe controller",
        0x0100 => "SCSI controller",
        0x0200 => "Ethernet controller",
        0x0280 => "network controller",
        _ => Base switch
        {
            0x01 => "storage controller",
            0x02 => "network controller",
            0x03 => "display controller",
            0x04 => "multimedia device",
            0x05 => "memory controller",
            0x06 => "bridge",
            0x07 => "communication controller",
            0x08 => "system device",
            0x0b => "processor",
            0x0c => "bus controller",
            0x10 => "encryption controller",
            0x11 => "signal processor",
            0x12 => "accelerator",
            _ => "device",
        },
    };

    public override string ToString() => $"{Kind:x4}";
}
