using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Writes;

namespace GpuTty.Linux.Pci;

/// <summary>
/// Reads a card's firmware through sysfs (Documentation/ABI/testing/sysfs-bus-pci, rom): the window is opened, read by a child that can
/// be given up, and closed again whatever happened. A function that sleeps is kept awake meanwhile, as it answers with nothing but ones.
/// </summary>
internal sealed class RomReader(FileSystemRoot root, CommandRunner tools, SupervisedWrite write, TimeProvider clock)
{
    private static readonly TimeSpan s_reads = TimeSpan.FromSeconds(10), s_wakes = TimeSpan.FromSeconds(5);

    /// <param name="into">A folder of ours for the child to write to.</param>
    /// <exception cref="HostException">There is no such window, or nothing could be read.</exception>
    public async Task<byte[]> ReadAsync(PciAddress address, string into, CancellationToken cancel)
    {
        var folder = $"{root.PciDevices}/{address}";
        var rom = $"{folder}/rom";
        if (!File.Exists(rom))
            throw new HostException(
                $"{address} has no window for its firmware.",
                "Cards of laptops often have none; the firmware of the machine holds it, and the guest needs none.");
        var control = $"{folder}/power/control";
        var before = SysFiles.Word(control);
        var copy = Path.Combine(into, $"rom-{Guid.NewGuid():N}");
        try
        {
            if (before is not null) await write.ToFileAsync(control, "on", cancel, address);
            await UntilAwakeAsync(folder, cancel);
            await write.ToFileAsync(rom, "1", cancel, address);
            try
            {
                // At most 16 MiB, into a file that is not there yet.
                var read = await tools.RunAsync(
                    "dd",
                    [$"if={rom}", $"of={copy}", "bs=4096", $"count={RomImage.Largest / 4096}", "conv=excl", "status=none"],
                    s_reads,
                    cancel);
                if (!read.Succeeded)
                    throw new HostException(
                        $"The firmware of {address} cannot be read: {read.Problem("dd")}",
                        "A card that showed the picture when the machine started often keeps it hidden: "
                            + "put the machine to sleep and wake it, then try again.");
            }
            finally
            {
                await write.ToFileAsync(rom, "0", CancellationToken.None, address);
            }
            return await File.ReadAllBytesAsync(copy, cancel);
        }
        finally
        {
            if (before is not null and not "on") await write.ToFileAsync(control, before, CancellationToken.None, address);
            File.Delete(copy);
        }
    }

    private async Task UntilAwakeAsync(string folder, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), clock);
        while (SysFiles.Word($"{folder}/power_state") is "D3hot" or "D3cold" && clock.GetElapsedTime(began) < s_wakes)
            await timer.WaitForNextTickAsync(cancel);
    }
}
