using System.Collections.Immutable;

namespace GpuTty.Host.Pci;

/// <summary>A loaded kernel module (/proc/modules, /sys/module). Names use underscores.</summary>
/// <param name="References">Reference count; null where the kernel does not tell (<c>-</c>: no MODULE_UNLOAD); -1 while unloading.</param>
/// <param name="UsedBy">Modules that depend on it; each accounts for one reference or more.</param>
public sealed record KernelModule(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("references")] int? References,
    [property: JsonPropertyName("used_by")] ImmutableArray<string> UsedBy)
{
    /// <summary>The kernel treats <c>-</c> and <c>_</c> alike in module names (kmod, modprobe(8)).</summary>
    public static string Canonical(string name) => name.Replace('-', '_');
}

/// <summary>A registered PCI driver (/sys/bus/pci/drivers/NAME).</summary>
/// <param name="Module">Target of the <c>module</c> link; null when the driver is built in.</param>
public sealed record PciDriver(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("module")] string? Module)
{
    /// <summary>What modules.alias calls it, also where the link is missing, as with most that are built in.</summary>
    public string ModuleOrName => Module ?? KnownDrivers.ModuleOf(Name);
}
