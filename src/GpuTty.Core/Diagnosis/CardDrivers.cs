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
        "nvidia", "nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia_peermem", "nvidia_peer_mem", "nvidia_nvlink",
        "nouveau", "nova_core",
        "amdgpu", "radeon", "i915", "xe", "snd_hda_intel",
    ];

    public static bool IsOfCards(string module) => s_family.Contains(KernelModule.Canonical(module));

    /// <summary>Display and sound functions of the cards of this machine that have no other driver
    /// than this module, or whose driver now is of it. What else a card has nobody misses.</summary>
    public static IEnumerable<PciDevice> Needing(HostSnapshot host, string module)
    {
        var name = KernelModule.Canonical(module);
        return Functions(host).Where(function => Own(host, function).Contains(name)
            || (Offered(host, function) is var offered
                && offered.Contains(name)
                && offered.All(other => other == name || host.ModuleSettings.KeepsBack(other) is not null)));
    }

    /// <summary>Display and sound functions that some of these modules would drive, and that no module is loaded for by itself.</summary>
    public static IEnumerable<PciDevice> LeftWithout(HostSnapshot host, IEnumerable<string> modules)
    {
        var names = modules.Select(KernelModule.Canonical).ToHashSet();
        return Functions(host).Where(function => Offered(host, function) is var offered
            && offered.Overlaps(names)
            && offered.All(module => host.ModuleSettings.KeepsBack(module) is not null));
    }

    /// <summary>True where this module, or what is loaded with it, would drive one of the functions. Others are for their owner to keep
    /// away, and so are nouveau and nova_core where NVIDIA's own driver is loaded by itself.</summary>
    public static bool IsMissedBy(HostSnapshot host, IEnumerable<PciDevice> functions, string module)
    {
        var name = KernelModule.Canonical(module);
        var driver = name.StartsWith("nvidia", StringComparison.Ordinal) ? "nvidia" : name;
        return functions.Any(function => Own(host, function).Contains(driver)
            || (Offered(host, function) is var offered
                && offered.Contains(driver)
                && !(driver is "nouveau" or "nova_core"
                    && offered.Contains("nvidia")
                    && host.ModuleSettings.KeepsBack("nvidia") is null)));
    }

    /// <summary>With what they are: <c>the display function 01:00.0 and the sound function 01:00.1</c>.</summary>
    public static string Named(IEnumerable<PciDevice> functions)
    {
        var names = functions
            .Select(function => $"the {(function.IsGraphics ? "display" : "sound")} function {function.Address.ShortName}")
            .ToList();
        return names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    private static IEnumerable<PciDevice> Functions(HostSnapshot host) =>
        Card.FindAll(host).SelectMany(card => card.Functions).Where(function => function.IsGraphics || function.Class.IsSound);

    /// <summary>Drivers of no more than the text console: no desktop and no guest's way home needs them.</summary>
    private static bool IsFramebuffer(string module) =>
        module.EndsWith("fb", StringComparison.Ordinal) || module.StartsWith("matroxfb", StringComparison.Ordinal);

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
            .Where(module => !IsFramebuffer(module))
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
