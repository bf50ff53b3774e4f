using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host;

/// <summary>What only the doctor asks of the machine: nothing is decided from it. A null means that it is unknown.</summary>
public sealed record MachineDetails
{
    /// <summary>The firmware is UEFI (/sys/firmware/efi).</summary>
    [JsonPropertyName("is_uefi")] public bool IsUefi { get; init; }

    /// <summary>The firmware starts signed programs only; null without UEFI.</summary>
    [JsonPropertyName("secure_boot")] public bool? SecureBoot { get; init; }

    /// <summary>none, integrity or confidentiality (kernel_lockdown(7)).</summary>
    [JsonPropertyName("lockdown")] public string? Lockdown { get; init; }

    /// <summary>Interrupts go through the IOMMU; null on processors where /proc/interrupts does not tell.</summary>
    [JsonPropertyName("remaps_interrupts")] public bool? RemapsInterrupts { get; init; }

    /// <summary>Version of NVIDIA's driver, <c>570.86.16</c>; null where it is not loaded.</summary>
    [JsonPropertyName("nvidia_version")] public string? NvidiaVersion { get; init; }

    /// <summary>NVIDIA's open modules; null where none is loaded.</summary>
    [JsonPropertyName("is_nvidia_open")] public bool? IsNvidiaOpen { get; init; }

    /// <summary>Parameters of nvidia_drm that are on: modeset, fbdev.</summary>
    [JsonPropertyName("nvidia_drm")] public ImmutableArray<string> NvidiaDrm { get; init; } = [];

    /// <summary>What the firmware tells the kernel about an IOMMU: DMAR (Intel's VT-d) or IVRS
    /// (AMD's); empty where it tells of none, null where it has no such tables (no ACPI).</summary>
    [JsonPropertyName("iommu_table")] public string? IommuTable { get; init; }

    /// <summary>This kernel switches Intel's IOMMU on by itself
    /// (CONFIG_INTEL_IOMMU_DEFAULT_ON); null where its configuration cannot be read.</summary>
    [JsonPropertyName("is_intel_iommu_default")] public bool? IsIntelIommuDefault { get; init; }

    /// <summary>The processor can run virtual machines and the firmware lets
    /// it (vmx, svm); null on processors that say it elsewhere.</summary>
    [JsonPropertyName("has_virtualization")] public bool? HasVirtualization { get; init; }

    /// <summary>Ways to hand out devices that this kernel has: /dev/vfio/vfio, /dev/iommu.</summary>
    [JsonPropertyName("has_vfio_groups")] public bool? HasVfioGroups { get; init; }
    [JsonPropertyName("has_iommufd")] public bool? HasIommufd { get; init; }

    /// <summary>nvidia-persistenced runs; null where NVIDIA's driver is not loaded.</summary>
    [JsonPropertyName("has_nvidia_persistence")] public bool? HasNvidiaPersistence { get; init; }

    /// <summary>Versions of modules of cards that have one of their own, by module.</summary>
    [JsonPropertyName("module_versions")] public ImmutableSortedDictionary<string, string>? ModuleVersions { get; init; }

    /// <summary>Memory that programs of each person's session may lock, in
    /// bytes; <see cref="long.MaxValue"/> where there is no limit.</summary>
    [JsonPropertyName("lockable")] public ImmutableArray<LockableMemory> Lockable { get; init; } = [];

    /// <summary>Huge pages that are set aside; null where none are.</summary>
    [JsonPropertyName("huge_pages")] public HugePages? HugePages { get; init; }

    /// <summary>The same for each size that this kernel has; null where it is unknown.</summary>
    [JsonPropertyName("huge_page_pools")] public ImmutableArray<HugePages>? HugePagePools { get; init; }

    /// <summary>Size in KiB of those that are taken where none is named; null where it is unknown.</summary>
    [JsonPropertyName("default_huge_page_kib")] public long? DefaultHugePageKib { get; init; }

    /// <summary>MiB in pages of 2 MiB that a switch sets aside by the system's configuration; null for none.</summary>
    [JsonPropertyName("configured_huge_pages")] public int? ConfiguredHugePages { get; init; }

    /// <summary>Size of the memory that the module kvmfr shares with a guest, in MiB; null where it is not loaded.</summary>
    [JsonPropertyName("kvmfr_size")] public int? KvmfrSize { get; init; }

    /// <summary>Nodes of shared memory that are there: /dev/kvmfr0, /dev/shm/looking-glass.</summary>
    [JsonPropertyName("shared_memory")] public ImmutableArray<SharedMemoryNode> SharedMemory { get; init; } = [];

    /// <summary>Files that guests name as the firmware of a card, and that QEMU could not use.</summary>
    [JsonPropertyName("bad_rom_files")] public ImmutableArray<BadRomFile> BadRomFiles { get; init; } = [];

    /// <summary>Version of NVIDIA's libraries on the disk; another than <see cref="NvidiaVersion"/>
    /// once the package was updated: unloading the module is a one-way street then.</summary>
    [JsonPropertyName("nvidia_installed")] public string? NvidiaInstalled { get; init; }

    /// <summary>When the machine was started; null where it is unknown.</summary>
    [JsonPropertyName("booted_at")] public DateTimeOffset? BootedAt { get; init; }

    [JsonPropertyName("boards")] public ImmutableArray<CardBoard> Boards { get; init; } = [];

    /// <summary>Only of programs whose driver tells.</summary>
    [JsonPropertyName("held_memory")] public ImmutableArray<HeldMemory> HeldMemory { get; init; } = [];

    [JsonPropertyName("links")] public ImmutableArray<LinkDetails> Links { get; init; } = [];
}

/// <summary>Memory that QEMU and Looking Glass both open.</summary>
/// <param name="Owner">User and group, by name where this machine knows one: <c>joe:kvm</c>.</param>
/// <param name="Mode">Permissions, octal: <c>660</c>.</param>
/// <param name="ClosedTo">Accounts of QEMU and people who are logged in that may not read and write it; empty
/// also where an access control list decides, which is not read.</param>
public sealed record SharedMemoryNode(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("owner")] string Owner,
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("closed_to")] ImmutableArray<string> ClosedTo)
{
    /// <summary>Number and login name of its owner; a report has another name for a person.</summary>
    [JsonPropertyName("uid")] public int Uid { get; init; }
    [JsonPropertyName("user")] public string User { get; init; } = "";
}

/// <param name="Guest">Whose description names it.</param>
/// <param name="Problem">One sentence.</param>
/// <param name="Remedy">One next action.</param>
public sealed record BadRomFile(
    [property: JsonPropertyName("guest")] string Guest,
    [property: JsonPropertyName("problem")] string Problem,
    [property: JsonPropertyName("remedy")] string Remedy)
{
    /// <summary>It could not be told whether QEMU can use it.</summary>
    [JsonPropertyName("is_unknown")] public bool IsUnknown { get; init; }
}

/// <summary>The PCI Express link of a graphics function, asked only where it is awake: the question would wake it.</summary>
/// <param name="Lanes">Now.</param>
/// <param name="MostLanes">That the function has.</param>
/// <param name="ResizableBars">Numbers of BARs whose size can be set.</param>
/// <param name="Speed">Now, as the kernel writes it: <c>16.0 GT/s PCIe</c>. A card that idles may have a lower one.</param>
/// <param name="MostSpeed">That the function has.</param>
/// <param name="Bars">Sizes of these BARs.</param>
public sealed record LinkDetails(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("lanes")] int? Lanes,
    [property: JsonPropertyName("most_lanes")] int? MostLanes,
    [property: JsonPropertyName("resizable_bars")] ImmutableArray<int> ResizableBars,
    [property: JsonPropertyName("speed")] string? Speed = null,
    [property: JsonPropertyName("most_speed")] string? MostSpeed = null,
    [property: JsonPropertyName("bars")] ImmutableArray<BarSize>? Bars = null);

/// <summary>A BAR whose size can be set.</summary>
/// <param name="Size">Now, in MiB; null where it is unknown.</param>
/// <param name="Most">That the function has, in MiB.</param>
public sealed record BarSize(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("size")] long? Size,
    [property: JsonPropertyName("most")] long? Most);

/// <summary>How much memory programs of a session may lock (getrlimit(2), RLIMIT_MEMLOCK).</summary>
public sealed record LockableMemory(
    [property: JsonPropertyName("user")] string User,
    [property: JsonPropertyName("bytes")] long Bytes);

/// <summary>Huge pages that are set aside (Documentation/admin-guide/mm/hugetlbpage.rst).</summary>
/// <param name="SizeKib">Of one.</param>
public sealed record HugePages(
    [property: JsonPropertyName("total")] long Total,
    [property: JsonPropertyName("free")] long Free,
    [property: JsonPropertyName("size_kib")] long SizeKib);
