using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Plans;

/// <summary>The driver that a function would get on the host.</summary>
/// <param name="Name">Null where it is not registered and nobody knows what it will call itself: its module's name is not its own.</param>
/// <param name="Module">What to load for it.</param>
internal sealed record HostDriver(string? Name, string Module)
{
    /// <summary>The first kernel of which it is said that an override may be
    /// refused where it names a driver that is not made for overrides.</summary>
    private const int FirstThatMayRefuse = 7;

    /// <summary>Names that the drivers of cards have (pci_driver.name), for before their module is loaded.</summary>
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["nvidia"] = "nvidia",
        ["nvidia_drm"] = "nvidia",
        ["nouveau"] = "nouveau",
        ["amdgpu"] = "amdgpu",
        ["radeon"] = "radeon",
        ["i915"] = "i915",
        ["xe"] = "xe",
        ["snd_hda_intel"] = "snd_hda_intel",
        ["xhci_pci"] = "xhci_hcd",
        ["i2c_nvidia_gpu"] = "nvidia-gpu",
    };

    /// <summary>The best of what the function gets by itself; null when there is nothing.</summary>
    public static HostDriver? Of(HostSnapshot host, PciDevice function)
    {
        var modules = function.CandidateModules;
        // Both offer themselves; nvidia_drm only needs the driver, which is nvidia's.
        var best = modules.Contains("nvidia") ? modules.FirstOrDefault(module => module != "nvidia_drm") : modules.FirstOrDefault();
        return best is null ? null : new HostDriver(NameOf(host, best), best);
    }

    /// <summary>A driver that is there, or will be: nothing has to be loaded for it that may not be loaded.</summary>
    public static ModuleRule? Forbids(HostSnapshot host, string? driver, string? module) =>
        module is null || IsThere(host, driver, module) ? null : host.ModuleSettings.Forbids(module);

    /// <summary>Its module has to be loaded, and would not be found.</summary>
    public static bool IsMissing(HostSnapshot host, string? driver, string? module) =>
        module is not null && !IsThere(host, driver, module) && host.NotInstalled.Contains(module);

    /// <summary>Its module has to be loaded, and the kernel loads none.</summary>
    public static bool IsLocked(HostSnapshot host, string? driver, string? module) =>
        module is not null && host.ModulesLocked && !IsThere(host, driver, module);

    public static bool IsThere(HostSnapshot host, string? driver, string module) =>
        host.Drivers.Any(there => there.Name == driver || there.ModuleOrName == module) || host.IsLoaded(module);

    /// <summary>
    /// Whether the override should name the driver while the function is probed. The kernel asks the drivers in the order in
    /// which they were registered, and each takes by its own table and by the ids it was told (drivers/base/dd.c,
    /// drivers/pci/pci-driver.c), so that vfio-pci with ids= takes the function again. Kernels that may refuse such an override
    /// get one only where another driver would take the function; a driver that is loaded for it takes it in any case.
    /// </summary>
    public static bool NeedsOverride(HostSnapshot host, PciDevice function, string? driver) =>
        driver is not null && (!MayRefuse(host.Kernel) || (IsRegistered(host, driver) && OthersTake(host, function, driver)));

    private static bool OthersTake(HostSnapshot host, PciDevice function, string driver) =>
        (function.IsReserved && function.DriverOverride != function.Driver)
        || host.ModuleSettings.Ids.Any(id => id.Driver != driver && id.Matches(function) && IsRegistered(host, id.Driver))
        || host.Drivers.Any(other => other.Name != driver && function.CandidateModules.Contains(other.ModuleOrName));

    private static bool IsRegistered(HostSnapshot host, string driver) => host.Drivers.Any(there => there.Name == driver);

    private static bool MayRefuse(string release) =>
        int.TryParse(release.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= FirstThatMayRefuse;

    private static string? NameOf(HostSnapshot host, string module)
    {
        var registered = host.Drivers.Where(driver => driver.ModuleOrName == module).Select(driver => driver.Name).ToList();
        var known = s_names.GetValueOrDefault(module);
        return registered.Count == 0 || (known is not null && registered.Contains(known)) ? known : registered[0];
    }
}
