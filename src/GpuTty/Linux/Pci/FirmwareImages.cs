using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>What the machine's firmware keeps of cards' firmware, as the kernel shows the table: <see cref="VfctTable"/>.</summary>
internal static class FirmwareImages
{
    /// <returns>Null where there is no such table, or no image of the card in it.</returns>
    /// <exception cref="HostException">There is a table, and it cannot be read.</exception>
    public static byte[]? Of(FileSystemRoot root, PciDevice card)
    {
        var path = root.Sys("firmware/acpi/tables/VFCT");
        var table = SysFiles.Bytes(path, SysFiles.TableLimit, out var error);
        if (error is { } why)
            throw new HostException(
                $"What the machine's firmware keeps of the card's is unknown: {root.Shown(path)} cannot be read: {why}.",
                "See the kernel log (dmesg), then try again.");
        return table is null ? null : VfctTable.Find(table, card);
    }
}
