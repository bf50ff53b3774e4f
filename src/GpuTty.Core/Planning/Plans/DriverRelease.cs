using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>How a function is taken off its driver. Unloading is preferred:
/// it fails at once and changes nothing while the driver is busy.</summary>
public abstract record DriverRelease
{
    private DriverRelease() { }

    /// <summary>No driver, or already with vfio.</summary>
    public sealed record Nothing : DriverRelease;

    /// <summary>Unload these modules, dependents first; the last one is the driver's own.</summary>
    public sealed record Unload(ImmutableArray<string> Stack, string Module) : DriverRelease;

    /// <summary>Unbind this function only, with no holder of it.</summary>
    /// <param name="SharedWith">Another device on the same driver, the reason why
    /// it cannot be unloaded; null for drivers that are always unbound.</param>
    public sealed record Unbind(string? Module, PciDevice? SharedWith) : DriverRelease;

    public sealed record Impossible(Obstacle Obstacle) : DriverRelease;

    /// <summary>
    /// Drivers whose remove() is made for a running system and that may be unbound while loaded, once
    /// nobody holds the function. nvidia is here only for machines where a second card keeps it loaded.
    /// </summary>
    private static readonly HashSet<string> s_mayBeUnbound =
    [
        "snd_hda_intel", "xhci_hcd", "xhci-pci-renesas", "nvidia-gpu", "i2c-designware-pci",
        "amdgpu", "radeon", "nouveau", "xe", "i915", "bochs-drm", "virtio-pci", "nvidia", PlaceholderDrivers.PciStub,
    ];

    public static DriverRelease Of(HostSnapshot host, Card card, PciDevice function)
    {
        if (function.Driver is not { } driver || function.IsOnVfio) return new Nothing();
        var module = host.ModuleOf(driver);
        var twin = card.OutsiderOn(host, driver, module);
        if (IntelSound.Of(host, function).FirstOrDefault(sound => !card.Contains(sound.Address)) is { } sound && IsPinned(host, module))
            return new Impossible(new Obstacle.HeldBySound(function, sound));
        if (function.IsGraphics && module is not null && twin is null && UnloadOrder(host, card, module) is { } stack)
            return new Unload(stack, module);
        if (function.IsWithXen) return new Impossible(new Obstacle.HeldByXen(function));
        // Only a second card is a reason to unbind nvidia's driver; a module above it that cannot go is none.
        if (!s_mayBeUnbound.Contains(driver) || (driver == "nvidia" && twin is null && function.IsGraphics && module is not null))
            return new Impossible(card.TravelAlong.Contains(function)
                ? new Obstacle.TravelsAlong(function, card.Display)
                : new Obstacle.DriverCannotLetGo(function,
                    module is null ? "it is built into the kernel"
                    : host.ModulesLocked && function.IsGraphics && twin is null ? $"it cannot be unloaded, because {Obstacle.LockedWhy}"
                    : driver == "nvidia" && twin is null ? "a module that depends on it drives another device, so it cannot be unloaded"
                    : twin is not null ? $"it also drives {twin.Address.ShortName}, so it cannot be unloaded"
                    : "it is not known to survive being unbound"));
        if (function.IsGraphics && NvidiaModesetUse.Of(host, driver) is { } never)
            return new Impossible(new Obstacle.KeptOpenByModeset(function, never, NvidiaModesetUse.IsForRootOnly(host)));
        return new Unbind(module, function.IsGraphics ? twin : null);
    }

    /// <summary>Older sound drivers do not work with the graphics driver: then its count shows no reference for them.</summary>
    private static bool IsPinned(HostSnapshot host, string? module) =>
        module is null
        || host.FindModule(module) is not { References: not null } loaded
        || ModuleRefcountBreakdown.Of(host, loaded).IsPinnedBySound;

    /// <summary>The module after everything that depends on it; null when one of those drives another device.</summary>
    private static ImmutableArray<string>? UnloadOrder(HostSnapshot host, Card card, string module)
    {
        var order = new List<string>();
        // One that is built in has its name below /sys/module anyway, and cannot be unloaded; nor can one in a kernel that is locked.
        return !host.ModulesLocked && host.IsLoaded(module) && Visit(module) ? [.. order] : null;

        bool Visit(string name)
        {
            if (order.Contains(name)) return true;
            if (host.FindModule(name) is not { } loaded) return true;
            if ((name != module && card.OutsiderOn(host, null, name) is not null) || !loaded.UsedBy.All(Visit)) return false;
            order.Add(name);
            return true;
        }
    }
}
