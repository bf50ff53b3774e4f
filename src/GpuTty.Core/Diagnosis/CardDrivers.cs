using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;

namespace GpuTty.Diagnosis;

/// <summary>Which modules matter to the graphics cards of a machine.</summary>
internal static class CardDrivers
{
    /// <summary>Modules of graphics cards; most of them no device asks for by itself.</summary>
    private static readonly HashSet<string> s_family =
    [
        "nvidia", "nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia_peermem", "nvidia_peer_mem", "nvidia_nvlink", "nvidiafb",
        "nouveau", "nova_core", "i2c_nvidia_gpu", "ucsi_ccg",
        "amdgpu", "radeon", "i915", "xe", "snd_hda_intel",
    ];

    public static bool IsOfCards(string module) => s_family.Contains(KernelModule.Canonical(module));

    /// <summary>Functions of the cards of this machine that have no other driver than this module, or whose driver now is of it.</summary>
    public static IEnumerable<PciDevice> Needing(HostSnapshot host, string module)
    {
        var name = KernelModule.Canonical(module);
        return Card.FindAll(host).SelectMany(card => card.Functions).Where(function => Own(host, function).Contains(name)
            || (Offered(host, function) is var offered
                && offered.Contains(name)
                && offered.All(other => other == name || host.ModuleSettings.KeepsBack(other) is not null)));
    }

    /// <summary>The module of the driver that a function has, or had before it went away.</summary>
    private static string[] Own(HostSnapshot host, PciDevice function) =>
        function is { Driver: { } driver, IsReserved: false } && host.ModuleOf(driver) is { } bound
            ? [bound]
            : host.Memory.Find(function)?.Module is { } remembered ? [remembered] : [];

    /// <summary>All that would drive a function; where that is unknown, what its maker's cards have.</summary>
    private static HashSet<string> Offered(HostSnapshot host, PciDevice function)
    {
        var known = function.CandidateModules
            .Concat(function.BarredModules.Select(rule => rule.Module))
            .Concat(Own(host, function))
            .ToHashSet();
        return known.Count > 0 ? known
            : function.Class.IsSound ? ["snd_hda_intel"]
            : !function.IsGraphics ? []
            : function.Id.Vendor switch
            {
                PciId.Nvidia => ["nvidia", "nouveau"],
                PciId.Amd => ["amdgpu"],
                PciId.Intel => ["i915", "xe"],
                _ => [],
            };
    }

    /// <summary>Cards that somebody may want to give away, and all others where there is none of these.</summary>
    public static IEnumerable<Card> Movable(HostSnapshot host) => CardChoice.Candidates(host);
}
