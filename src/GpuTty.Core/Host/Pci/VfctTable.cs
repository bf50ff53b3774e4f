using System.Buffers.Binary;

namespace GpuTty.Host.Pci;

/// <summary>The ACPI table in which firmware keeps the images of AMD's cards (drivers/gpu/drm/amd/amdgpu/amdgpu_bios.c, VFCT).</summary>
public static class VfctTable
{
    private const int HeaderLength = 36, FirstImageAt = HeaderLength + 16, ImageHeaderLength = 28;

    /// <summary>The image of the card at that address, if the ids agree too; null where there is none.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> table, PciDevice card)
    {
        if (table.Length < FirstImageAt + 4 || !table.StartsWith("VFCT"u8)) return null;
        var at = (long)BinaryPrimitives.ReadUInt32LittleEndian(table[FirstImageAt..]);
        while (at >= HeaderLength && at + ImageHeaderLength <= table.Length)
        {
            var header = table[(int)at..];
            var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
            if (at + ImageHeaderLength + length > table.Length) return null;
            uint bus = Number(header, 0), slot = Number(header, 4), function = Number(header, 8);
            if (length > 0
                && card.Address.Domain == 0
                && (bus, slot, function) == ((uint)card.Address.Bus, (uint)card.Address.Slot, (uint)card.Address.Function)
                && BinaryPrimitives.ReadUInt16LittleEndian(header[12..]) == card.Id.Vendor
                && BinaryPrimitives.ReadUInt16LittleEndian(header[14..]) == card.Id.Device)
                return header.Slice(ImageHeaderLength, (int)length).ToArray();
            at += ImageHeaderLength + length;
        }
        return null;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
