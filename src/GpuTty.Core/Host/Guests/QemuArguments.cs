using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Guests;

/// <summary>The same for QEMU without libvirt: all functions of a card behind a root port of their own, in one slot.</summary>
public static class QemuArguments
{
    /// <summary>High enough to be nobody else's: chassis and slot of a port have to be unique.</summary>
    private const int FirstChassis = 40;

    public static ImmutableArray<string> Of(Card card, GuestOptions options)
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        if (options.Iommufd) arguments.AddRange("-object", "iommufd,id=iommufd0");
        var slots = card.Functions.GroupBy(function => function.Address with { Function = 0 }).ToList();
        for (var index = 0; index < slots.Count; index++)
        {
            var number = (FirstChassis + index).ToString(CultureInfo.InvariantCulture);
            arguments.AddRange("-device", $"pcie-root-port,id=gputty{index},bus=pcie.0,chassis={number},slot={number}");
            var functions = slots[index].OrderBy(function => function.Address).ToList();
            foreach (var function in functions)
                arguments.AddRange("-device", Device(card, function, index, functions.Count > 1 && function == functions[0], options));
        }
        if (options.LookingGlass is { } size)
        {
            arguments.AddRange(
                "-object",
                $"memory-backend-file,id=looking-glass,mem-path={(options.Kvmfr ? "/dev/kvmfr0" : "/dev/shm/looking-glass")},size="
                    + $"{size}M,share=on");
            arguments.AddRange("-device", "ivshmem-plain,memdev=looking-glass,bus=pcie.0");
        }
        if (options.NoVideo) arguments.AddRange("-display", "none", "-vga", "none");
        if (options.HideKvm) arguments.AddRange("-cpu", "host,kvm=off");
        return arguments.ToImmutable();
    }

    private static string Device(Card card, PciDevice function, int port, bool isFirst, GuestOptions options) =>
        $"vfio-pci,host={function.Address},bus=gputty{port},addr=0x0.0x{function.Address.Function:x}"
        + (isFirst ? ",multifunction=on" : "")
        + (options.Rom is { } rom && function == card.Display ? $",romfile={Value(rom)}" : "")
        + (options.Iommufd ? ",iommufd=iommufd0" : "");

    /// <summary>A comma ends a value unless it is doubled.</summary>
    private static string Value(string text) => text.Replace(",", ",,", StringComparison.Ordinal);
}
