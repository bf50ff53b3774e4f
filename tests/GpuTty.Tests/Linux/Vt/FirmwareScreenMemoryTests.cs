using GpuTty.Linux.Vt;

namespace GpuTty.Tests.Linux.Vt;

/// <summary>/proc/iomem as root sees it, and as others do: the addresses are zeros, the order is the same.</summary>
public sealed class FirmwareScreenMemoryTests
{
    [Theory]
    [InlineData(
        "e0000000-efffffff : PCI Bus 0000:b2\n  e0000000-efffffff : 0000:b3:00.0\n    e0000000-e02fffff : efifb\nf0000000-f0ffffff : "
            + "PCI Bus 0000:01\n",
        "0000:b3:00.0")]
    [InlineData(
        "00000000-00000000 : PCI Bus 0000:01\n  00000000-00000000 : 0000:01:00.0\n    00000000-00000000 : "
            + "BOOTFB\n      00000000-00000000 : simpledrm\n",
        "0000:01:00.0")]
    [InlineData("e0000000-efffffff : 0000:03:00.0\nf0000000-f02fffff : efifb\n", null)]
    [InlineData("e0000000-efffffff : 0000:03:00.0\n  e0000000-efffffff : vfio-pci\n", null)]
    [InlineData("e0-ef : 0000:03:00.0\n  e0-e1 : something\n  e2-e3 : 0000:04:00.0\n    e2-e3 : vesafb\n", "0000:04:00.0")]
    [InlineData("efifb\n : \n  : efifb", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_firmwares_screen_belongs_to_the_function_whose_range_it_is_in(string? table, string? owner) =>
        Assert.Equal(owner, FirmwareScreenMemory.Owner(table)?.ToString());
}
