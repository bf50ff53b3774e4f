using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Guests;

/// <summary>A function of the host that a guest wants.</summary>
/// <param name="Address">On the host; where it appears in the guest is another matter.</param>
/// <param name="IsManaged">libvirt would bind and unbind it by itself (managed='yes').</param>
public sealed record GuestDevice(
    [property: JsonPropertyName("address")] PciAddress Address, [property: JsonPropertyName("is_managed")] bool IsManaged);

/// <summary>What a libvirt domain says of itself, as far as a card depends on it.</summary>
/// <param name="Name">As libvirt knows it: any characters but a slash and an end of line.</param>
/// <param name="Uuid">Lower case; null where the description has none.</param>
/// <param name="Devices">Of hostdev, and of interface type='hostdev'.</param>
public sealed record GuestDescription(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("uuid")] string? Uuid,
    [property: JsonPropertyName("devices")] ImmutableArray<GuestDevice> Devices)
{
    /// <summary>What it may have at most, in MiB; null where it does not say so in a unit that libvirt knows.</summary>
    [JsonPropertyName("memory")] public long? Memory { get; init; }

    /// <summary>Files that QEMU is to show as the firmware of a function (hostdev, rom file=), as they are written there.</summary>
    [JsonPropertyName("rom_files")] public ImmutableArray<string> RomFiles { get; init; } = [];

    /// <summary>Its memory is of huge pages (memoryBacking, hugepages).</summary>
    [JsonPropertyName("wants_huge_pages")] public bool WantsHugePages { get; init; }

    /// <summary>Size of one of them in KiB; null where it takes those that the machine has by default,
    /// and 0 where they are of several sizes or only for a part of its memory.</summary>
    [JsonPropertyName("huge_page_kib")] public long? HugePageKib { get; init; }

    /// <summary>Size in MiB that it expects of /dev/kvmfr0; null where it does not name that.</summary>
    [JsonPropertyName("kvmfr_size")] public int? KvmfrSize { get; init; }

    public bool Wants(Card card) => Devices.Any(device => card.Contains(device.Address));
}
