using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>Memory on cards, as their drivers tell it in files: nothing is asked of a card that sleeps.</summary>
internal static class CardMemory
{
    private const int LongestInfo = 16 * 1024;

    /// <summary>
    /// Of each program that holds a node of a card: /proc/PID/fdinfo tells
    /// it for each of DRM's clients, which several descriptors may share.
    /// </summary>
    public static IEnumerable<HeldMemory> Held(FileSystemRoot root, HostSnapshot host)
    {
        foreach (var holder in host.Holders)
        {
            var clients = new HashSet<(PciAddress, string)>();
            var sums = new Dictionary<PciAddress, long>();
            foreach (var node in holder.Nodes)
            {
                if (node is not { Kind: NodeKind.Card or NodeKind.Render, Descriptor: { } descriptor, Device: { } device }
                    || !IsAwake(host, device))
                    continue;
                if (SysFiles.Text(root.Proc($"{holder.Pid}/fdinfo/{descriptor}"), LongestInfo) is not { } text) continue;
                if (Bytes(text, out var client) is { } bytes && clients.Add((device, client)))
                    sums[device] = sums.GetValueOrDefault(device) + bytes;
            }
            foreach (var (device, bytes) in sums) yield return new HeldMemory(holder.Pid, device, bytes);
        }
    }

    /// <summary>amdgpu and xe tell how much there is (amdgpu_vram_mgr.c); others do not.</summary>
    public static long? Of(FileSystemRoot root, PciDevice device) =>
        device.PowerState == "D0" && SysFiles.Word($"{root.PciDevices}/{device.Address}/mem_info_vram_total") is { } word
        && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>Resident memory of regions on the card; older drivers call
    /// it <c>drm-memory-</c>. Null where the driver tells none.</summary>
    /// <param name="client">Its number, which is the same for descriptors that share it.</param>
    internal static long? Bytes(string info, out string client)
    {
        client = "";
        long? resident = null, memory = null;
        foreach (var line in info.Split('\n'))
        {
            if (line.Split(':', 2) is not [var key, var value]) continue;
            if (key == "drm-client-id") client = value.Trim();
            else if (IsOnCard(key, "drm-resident-")) resident = (resident ?? 0) + Amount(value);
            else if (IsOnCard(key, "drm-memory-")) memory = (memory ?? 0) + Amount(value);
        }
        return resident ?? memory;
    }

    private static bool IsOnCard(string key, string prefix) =>
        key.StartsWith($"{prefix}vram", StringComparison.Ordinal) || key.StartsWith($"{prefix}local", StringComparison.Ordinal);

    /// <summary>Bytes without a unit, else KiB or MiB.</summary>
    private static long Amount(string value)
    {
        var words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? 0
            : words.ElementAtOrDefault(1) switch { "KiB" => number << 10, "MiB" => number << 20, _ => number };
    }

    private static bool IsAwake(HostSnapshot host, PciAddress device) => host.Find(device) is { PowerState: null or "D0" or "unknown" };
}
