using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Planning.Plans;

/// <summary>The driver that a function would get on the host.</summary>
/// <param name="Name">Null where it is not registered and nobody knows what it will call itself: its module's name is not its own.</param>
/// <param name="Module">What to load for it; null where it is there and no module, but a part of the kernel.</param>
internal sealed record HostDriver(string? Name, string? Module)
{
    /// <summary>The first kernel of which it is said that an override may be
    /// refused where it names a driver that is not made for overrides.</summary>
    private const int FirstThatMayRefuse = 7;

    /// <summary>Of NVIDIA's cards: nvidia_drm and nvidiafb offer themselves as well, and their patterns may be the closer ones.</summary>
    private static readonly string[] s_byName = ["nvidia", "nouveau"];

    /// <summary>Since Linux 6.15 it offers itself too, and draws nothing yet (drivers/gpu/nova-core).</summary>
    private const string WithoutDisplay = "nova_core";

    /// <summary>The best of what the function gets by itself; null when there is nothing.</summary>
    public static HostDriver? Of(HostSnapshot host, PciDevice function) =>
        Ordered(host, function).FirstOrDefault() is { } best ? Of(host, best) : null;

    /// <summary>
    /// What is tried where the best refuses the function: two drivers may offer themselves for one product, and only their
    /// probes tell which of them takes it (radeon and amdgpu, i915 and xe, nvidia and nouveau). Each has a name, and can be there.
    /// </summary>
    public static ImmutableArray<HostDriver> After(HostSnapshot host, PciDevice function, HostDriver best) => best.Name is null ? [] :
    [
        .. Ordered(host, function)
            .Where(module => module != WithoutDisplay)
            .Select(module => (Module: module, Driver: Of(host, module)))
            .Where(other => other.Driver.Name is { } name && name != best.Name
                && Forbids(host, name, other.Module) is null
                && !IsMissing(host, name, other.Module)
                && !IsLocked(host, name, other.Module))
            .Select(other => other.Driver)
            .DistinctBy(driver => driver.Name),
    ];

    private static IEnumerable<string> Ordered(HostSnapshot host, PciDevice function) => function.CandidateModules
        .OrderBy(module => IsToldToRefuse(host, function, module))
        .ThenBy(module =>
            Array.IndexOf(s_byName, module) is >= 0 and var place ? place : module == WithoutDisplay ? int.MaxValue : s_byName.Length);

    /// <summary>i915 and xe: <c>i915.force_probe=!56a0</c> (drivers/gpu/drm/i915/i915_pci.c, id_blocked).</summary>
    private static bool IsToldToRefuse(HostSnapshot host, PciDevice function, string module) => KernelCommandLine
        .Listed(KernelCommandLine.Parameters(host.CommandLine).LastOrDefault(one => one.Name == $"{module}.force_probe")?.Value)
        .Any(word => word == "!*" || word.Equals($"!{function.Id.Device:x4}", StringComparison.OrdinalIgnoreCase));

    private static HostDriver Of(HostSnapshot host, string module)
    {
        var name = NameOf(host, module);
        return new HostDriver(name, ToLoad(host, name, module));
    }

    /// <summary>Null where the driver is there and has no module: it is a part of the kernel, and nothing can load or unload it.</summary>
    public static string? ToLoad(HostSnapshot host, string? driver, string? module) =>
        driver is not null && module is not null && IsRegistered(host, driver) && IsNoModule(host, module) ? null : module;

    /// <summary>Not while it cannot be told which are loaded; and one that was unloaded for a card is a module.</summary>
    private static bool IsNoModule(HostSnapshot host, string name) =>
        !host.IsLoaded(name)
        && host.Unknowns.All(unknown => unknown.Code != UnknownFact.Modules)
        && host.Memory.Modules.All(known => known.Name != name);

    /// <summary>One that is built in may be made for a graphics function: only the kernel knows, and finds out when it probes.</summary>
    public static bool MayBeBuiltIn(HostSnapshot host, PciDevice function) => host.Drivers.Any(driver =>
        KnownDrivers.IsOfMaker(driver.Name, function) && IsNoModule(host, driver.ModuleOrName));

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

    /// <summary>Whether it should be named, where it needs no override at first, before the function is probed once more.</summary>
    public static bool NeedsOverrideAfterLoading(HostSnapshot host, PciDevice function, string driver) =>
        MayRefuse(host.Kernel) && !IsRegistered(host, driver) && OthersTake(host, function, driver);

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
        var known = KnownDrivers.NameOf(module);
        return registered.Count == 0 || (known is not null && registered.Contains(known)) ? known : registered[0];
    }
}
