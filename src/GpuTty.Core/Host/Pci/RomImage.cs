using System.Buffers.Binary;
using System.Collections.Immutable;
using GpuTty.Text;

namespace GpuTty.Host.Pci;

/// <summary>What code an image holds (PCI Firmware Specification, "Code Type").</summary>
public enum RomCode
{
    [JsonStringEnumMemberName("x86")] X86,
    [JsonStringEnumMemberName("open-firmware")] OpenFirmware,
    [JsonStringEnumMemberName("pa-risc")] PaRisc,
    [JsonStringEnumMemberName("efi")] Efi,
    /// <summary>NVIDIA's own: tables and firmware of the card.</summary>
    [JsonStringEnumMemberName("vendor")] Vendor,
}

/// <summary>One image of a card's firmware: a header (55 AA), and the
/// structure that it points to (PCIR; NVIDIA's NPDS is the same).</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Length">Bytes, as the structure says.</param>
/// <param name="IsChecksumGood">The bytes of an x86 image add up to 0; null for others, which need not.</param>
/// <param name="IsLast">No image follows.</param>
/// <param name="EfiMachine">0x8664 for x86-64; null where it is no EFI driver.</param>
public sealed record RomPart(
    int Offset, int Length, RomCode Code, int Vendor, int Device, bool? IsChecksumGood, bool IsLast, int? EfiMachine);

/// <summary>A card's firmware as a file: its images, and what is around them.</summary>
/// <param name="Leading">Bytes before the first image: a header that only NVIDIA's own tool understands.</param>
/// <param name="Trailing">Bytes behind the last one.</param>
public sealed record RomImage(ImmutableArray<RomPart> Parts, int Leading, int Trailing)
{
    /// <summary>Bytes; larger than the memory window that any card has for it.</summary>
    public const int Largest = 16 * 1024 * 1024;

    private const int Block = 512;
    private const int MostParts = 64;

    public bool HasEfi => Parts.Any(part => part is { Code: RomCode.Efi, EfiMachine: 0x8664 });

    /// <summary>Null where no image is found in it at all.</summary>
    public static RomImage? Read(ReadOnlySpan<byte> bytes)
    {
        var first = FirstAt(bytes);
        if (first < 0) return null;
        var parts = ImmutableArray.CreateBuilder<RomPart>();
        var at = first;
        while (parts.Count < MostParts && PartAt(bytes, at) is { } part)
        {
            parts.Add(part);
            at += part.Length;
            if (part.IsLast) break;
        }
        return new RomImage(parts.ToImmutable(), first, Math.Max(0, bytes.Length - at));
    }

    /// <summary>What is wrong with it, a sentence each; empty where a guest can use it.</summary>
    /// <param name="card">The display function that it should be for; null where that is not known.</param>
    public IEnumerable<string> Problems(PciDevice? card)
    {
        if (Leading > 0) yield return $"{Counted.Of(Leading, "byte")} before the first image: QEMU wants a file that begins with it.";
        if (!Parts[^1].IsLast) yield return "No image says that it is the last one: the file has been cut off, or reading it was.";
        foreach (var part in Parts.Where(part => part.IsChecksumGood == false))
            yield return $"The image at {part.Offset} is damaged: its bytes do not add up.";
        if (card is not null)
            foreach (var part in Parts.Where(part =>
                part.Code != RomCode.Vendor && (part.Vendor != card.Id.Vendor || part.Device != card.Id.Device)))
                yield return $"The image at {part.Offset} is for {part.Vendor:x4}:{part.Device:x4}, and the card is {card.Id}.";
    }

    /// <summary>What is worth knowing and keeps nobody from using it.</summary>
    public IEnumerable<string> Notes()
    {
        if (!HasEfi)
            yield return "It has no EFI driver for x86-64: a guest with UEFI firmware shows no picture before its own driver runs.";
        if (Trailing > 0)
            yield return $"{Counted.Of(Trailing, "byte")} after the last image, which {Counted.Word(Trailing, "does", "do")} no harm.";
    }

    /// <summary>Dumps of NVIDIA's tool have a header of no fixed length before it.</summary>
    private static int FirstAt(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at + 0x1a <= bytes.Length; at++)
            if (bytes[at] == 0x55 && bytes[at + 1] == 0xaa && PartAt(bytes, at) is not null) return at;
        return -1;
    }

    /// <summary>Null where none begins there, or where the file ends in it.</summary>
    private static RomPart? PartAt(ReadOnlySpan<byte> bytes, int at)
    {
        const int structureLength = 0x18;
        if (at < 0 || at + 0x1a > bytes.Length || bytes[at] != 0x55 || bytes[at + 1] != 0xaa) return null;
        var structure = at + Word(bytes, at + 0x18);
        if (structure + structureLength > bytes.Length) return null;
        var data = bytes[structure..];
        if (!data.StartsWith("PCIR"u8) && !data.StartsWith("NPDS"u8)) return null;
        var (blocks, isLast) = Extended(data, (Word(data, 0x10), (data[0x15] & 0x80) != 0));
        var length = blocks * Block;
        if (length == 0 || length > bytes.Length - at) return null;
        var code =
            data[0x14] switch { 0 => RomCode.X86, 1 => RomCode.OpenFirmware, 2 => RomCode.PaRisc, 3 => RomCode.Efi, _ => RomCode.Vendor };
        var isEfi = code == RomCode.Efi && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]) == 0x0ef1;
        return new RomPart(
            at,
            length,
            code,
            Word(data, 4),
            Word(data, 6),
            code == RomCode.X86 ? IsZeroSum(bytes.Slice(at, Math.Min(length, bytes[at + 2] * Block))) : null,
            isLast,
            isEfi ? Word(bytes, at + 0x0a) : null);
    }

    /// <summary>NVIDIA's structure behind it (NPDE) tells the true length and end of what has one.</summary>
    private static (int Blocks, bool IsLast) Extended(ReadOnlySpan<byte> data, (int Blocks, bool IsLast) plain)
    {
        var at = (Word(data, 0x0a) + 15) & ~15;
        if (at + 11 > data.Length || !data[at..].StartsWith("NPDE"u8)) return plain;
        var blocks = Word(data, at + 8);
        return (blocks == 0 ? plain.Blocks : blocks, (data[at + 10] & 0x80) != 0);
    }

    private static bool IsZeroSum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var one in bytes) sum += one;
        return sum == 0 && bytes.Length > 0;
    }

    private static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
