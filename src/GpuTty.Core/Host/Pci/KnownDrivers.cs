namespace GpuTty.Host.Pci;

/// <summary>What is known of the drivers of cards where neither /sys nor the lists of modules tell it.</summary>
public static class KnownDrivers
{
    private const int Renesas = 0x1912, Xhci = 0x0c0330, HdAudio = 0x0403;

    /// <summary>Modules, and the names of their drivers (pci_driver.name).</summary>
    private static readonly (string Module, string Driver)[] s_names =
    [
        ("nvidia", "nvidia"), ("nvidia_drm", "nvidia"), ("nouveau", "nouveau"), ("amdgpu", "amdgpu"), ("radeon", "radeon"),
        ("i915", "i915"), ("xe", "xe"), ("snd_hda_intel", "snd_hda_intel"), ("xhci_pci", "xhci_hcd"), ("i2c_nvidia_gpu", "nvidia-gpu"),
    ];

    /// <summary>For before the module is loaded; null where nobody knows it.</summary>
    public static string? NameOf(string module) => s_names.FirstOrDefault(known => known.Module == module).Driver;

    /// <summary>Of a driver that does not name it, as most do not that are built in; its own name is the best guess.</summary>
    public static string ModuleOf(string driver) =>
        s_names.FirstOrDefault(known => known.Driver == driver).Module ?? KernelModule.Canonical(driver);

    /// <summary>
    /// Modules whose drivers take every function of a kind, as their tables name classes (drivers/usb/host/xhci-pci.c,
    /// sound/hda/controllers/intel.c). Before Linux 6.18 nothing else tells that of a driver that is built in.
    /// </summary>
    public static IEnumerable<string> OfEvery(PciDevice function)
    {
        // Those want a firmware first, and have a driver for that.
        if (function.Class.Code == Xhci && function.Id.Vendor != Renesas) yield return "xhci_pci";
        if (function.Class.Kind == HdAudio && function.Id.Vendor is PciId.Nvidia or PciId.Amd) yield return "snd_hda_intel";
    }

    /// <summary>It drives some cards of that maker; only the kernel knows which.</summary>
    public static bool IsOfMaker(string driver, PciDevice graphics) => graphics.IsGraphics && graphics.Id.Vendor switch
    {
        PciId.Amd => driver is "amdgpu" or "radeon",
        PciId.Intel => driver is "i915" or "xe",
        PciId.Nvidia => driver is "nouveau",
        _ => false,
    };
}
