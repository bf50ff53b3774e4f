using System.Collections.Immutable;

namespace GpuTty.Simulation;

/// <summary>Modules of an ordinary distribution's kernel, and NVIDIA's open ones beside it.</summary>
internal static class KernelModules
{
    /// <summary>One that lets go of a card while another one keeps it loaded.</summary>
    public const string NvidiaVersion = "580.105.08";

    public static ImmutableArray<ModuleFile> Installed { get; } =
    [
        new("pcieport", "pcieport") { IsBuiltIn = true },
        new("nvidia", "nvidia") { Nodes = ["/dev/nvidiactl"], Version = NvidiaVersion },
        new("nvidia_modeset") { DependsOn = ["nvidia"], Nodes = ["/dev/nvidia-modeset"] },
        new("nvidia_drm") { DependsOn = ["nvidia_modeset"], SetsModes = true },
        new("nvidia_uvm") { DependsOn = ["nvidia"], Nodes = ["/dev/nvidia-uvm"] },
        new("nouveau", "nouveau"),
        new("amdgpu", "amdgpu"),
        new("i915", "i915"),
        new("snd_hda_intel", "snd_hda_intel"),
        new("xhci_pci", "xhci_hcd"),
        new("i2c_nvidia_gpu", "nvidia-gpu"),
        new("vfio"),
        new("vfio_pci_core") { DependsOn = ["vfio"] },
        new("vfio_pci", "vfio-pci") { DependsOn = ["vfio_pci_core"] },
    ];

    /// <summary>In unload order.</summary>
    public static ImmutableArray<string> NvidiaStack { get; } = ["nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia"];

    /// <summary>As after boot: what has hardware is loaded, together with what a display driver brings along.</summary>
    public static ImmutableArray<ModuleFile> For(IReadOnlyCollection<Host.Pci.PciDevice> devices)
    {
        var others = devices.Where(device => device.Driver is { } driver && Installed.All(module => module.Driver != driver))
            .Select(device => (Driver: device.Driver!, Module: device.CandidateModules[0])).Distinct()
            .Select(pair => new ModuleFile(pair.Module, pair.Driver));
        var hasNvidia = devices.Any(device => device.Driver == "nvidia");
        var hasVfio = devices.Any(device => device.Driver == Host.Pci.VfioSupport.Driver);
        return
        [
            .. Installed.Concat(others).Select(module => module with
            {
                IsLoaded = !module.IsBuiltIn && (devices.Any(device => module.Driver is not null && device.Driver == module.Driver)
                    || (hasNvidia && module.Name.StartsWith("nvidia_", StringComparison.Ordinal))
                    || (hasVfio && module.Name.StartsWith("vfio", StringComparison.Ordinal))),
            }),
        ];
    }
}
