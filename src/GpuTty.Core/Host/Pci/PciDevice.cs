using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Host.Pci;

/// <summary>One PCI function as sysfs shows it (Documentation/ABI/testing/sysfs-bus-pci).
/// A null means "no such file" or "could not tell".</summary>
public sealed record PciDevice
{
    [JsonPropertyName("address")] public required PciAddress Address { get; init; }
    [JsonPropertyName("class")] public required PciClass Class { get; init; }
    [JsonPropertyName("id")] public required PciId Id { get; init; }

    /// <summary>Vendor and product in words from pci.ids; the ids where lspci
    /// or pci.ids are missing. Already free of control characters.</summary>
    [JsonPropertyName("name")] public required string Name { get; init; }

    /// <summary>The bound driver's name, which is not its module's name; null when no driver is bound.</summary>
    [JsonPropertyName("driver")] public string? Driver { get; init; }

    /// <summary>Null when unset; sysfs reads <c>(null)</c> or an empty line then.</summary>
    [JsonPropertyName("driver_override")] public string? DriverOverride { get; init; }

    /// <summary>
    /// Modules that modules.alias offers for this function and that it gets by itself, by the
    /// names that load them, best first, without vfio's; empty when none or unknown.
    /// </summary>
    [JsonPropertyName("candidate_modules")] public ImmutableArray<string> CandidateModules { get; init; } = [];

    /// <summary>Modules that are offered as well, and what keeps each from being loaded for it.</summary>
    [JsonPropertyName("barred_modules")] public ImmutableArray<ModuleRule> BarredModules { get; init; } = [];

    [JsonPropertyName("iommu_group")] public int? IommuGroup { get; init; }

    /// <summary>1 in <c>boot_vga</c>. Null for functions without the file (0302, 0380): unknown, not "no".</summary>
    [JsonPropertyName("is_boot_vga")] public bool? IsBootVga { get; init; }

    /// <summary>Low seven bits of the header type: 0 endpoint, 1 bridge, 2 CardBus,
    /// 0x7f fallen off the bus; null when config was not readable.</summary>
    [JsonPropertyName("header_type")] public int? HeaderType { get; init; }

    /// <summary>Words of <c>reset_method</c>, in the order the kernel tries them; empty when the function cannot be reset alone.</summary>
    [JsonPropertyName("reset_methods")] public ImmutableArray<string> ResetMethods { get; init; } = [];

    /// <summary>D0, D1, D2, D3hot, D3cold, unknown or error.</summary>
    [JsonPropertyName("power_state")] public string? PowerState { get; init; }

    /// <summary>What its driver recommends since it has said that it cannot go on: rebind,
    /// bus-reset, unknown; null where nobody who listened has heard that.</summary>
    [JsonPropertyName("wedged")] public string? Wedged { get; init; }

    [JsonPropertyName("nodes")] public ImmutableArray<DeviceNode> Nodes { get; init; } = [];
    [JsonPropertyName("connectors")] public ImmutableArray<Connector> Connectors { get; init; } = [];
    [JsonPropertyName("uses")] public ImmutableArray<HostUse> Uses { get; init; } = [];

    /// <summary>How many virtual functions are switched on (sriov_numvfs); vfio-pci refuses their parent.</summary>
    [JsonPropertyName("virtual_functions")] public int VirtualFunctions { get; init; }

    /// <summary>The parent when this is a virtual function.</summary>
    [JsonPropertyName("physical_function")] public PciAddress? PhysicalFunction { get; init; }

    /// <summary>The bridge right above, from the path in /sys/devices; null on a root bus.</summary>
    [JsonPropertyName("parent")] public PciAddress? Parent { get; init; }

    /// <summary>Bridges take part in no group's viability and are never bound by us.</summary>
    public bool IsBridge => HeaderType is 1 or 2 || (HeaderType is null && Class.Kind is 0x0604 or 0x0607);

    /// <summary>
    /// A graphics card, or what works like one: every display class; accelerators of makers of GPUs,
    /// or with a GPU's driver or render node. One whose maker could not be read (0000) may be one.
    /// </summary>
    public bool IsGraphics => !IsBridge && (Class.IsDisplay || (Class.IsAccelerator
        && (Id.Vendor is 0 or PciId.Amd or PciId.Nvidia or PciId.Habana
            || Driver is "amdgpu" or "nvidia" or "xe" or "i915"
            || Nodes.Any(node => node.Kind == NodeKind.Render))));

    /// <summary>Devices made inside this one for virtual machines, by UUID (/sys/bus/mdev/devices): Intel GVT-g, NVIDIA vGPU.</summary>
    [JsonPropertyName("mediated_devices")] public ImmutableArray<string> MediatedDevices { get; init; } = [];

    public bool IsOnVfio => Driver is { } driver && VfioSupport.IsVfioDriver(driver);

    /// <summary>Its driver only keeps it for somebody else: a virtual machine of KVM or of Xen.</summary>
    public bool IsReserved => IsOnVfio || Driver == PlaceholderDrivers.PciStub || IsWithXen;

    public bool IsWithXen => Driver is { } driver && PlaceholderDrivers.IsXen(driver);

    /// <summary>It has no driver, and nothing would give it one: the machine means it so.</summary>
    public bool IsMeantWithoutDriver => Driver is null && CandidateModules.IsEmpty;

    /// <summary>
    /// It can be left in a group that goes to a virtual machine: a driver that promises to transfer nothing does no harm
    /// (driver_managed_dma, in pci-stub and vfio since Linux 5.19; before, vfio_driver_whitelist in drivers/vfio/vfio.c). Bridges are asked
    /// elsewhere.
    /// </summary>
    public bool LeavesGroupViable => Driver is null or PlaceholderDrivers.PciStub || IsOnVfio;

    /// <summary>An override that names another driver than the bound one: it takes
    /// effect at the next probe, long after its cause is forgotten.</summary>
    public bool HasStrayOverride => DriverOverride is { } driverOverride && driverOverride != Driver;

    /// <summary>Config space reads as all ones: the function no longer answers and only a power cycle helps.</summary>
    public bool HasFallenOffTheBus => HeaderType == 0x7f;
}
