using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>Memory on cards, as their drivers tell it in files: nothing is asked of a card that sleeps.</summary>
internal sealed class CardMemory(FileSystemRoot root)
{
    private const int LongestInfo = 16 * 1024;
    private readonly HangTolerantScan<int> _scan = new();

    /// <summary>
    /// Of each program that holds a node of a card: /proc/PID/fdinfo tells it for each of DRM's clients, which several descriptors may
    /// share. The driver counts it then, and waits for whoever changes the client's memory meanwhile (amdgpu_fdinfo.c).
    /// </summary>
    /// <param name="busy">Functions with a write under way.</param>
    /// <param name="unknowns">Gets the programs whose files are silent.</param>
    public ImmutableArray<HeldMemory> Held(
        HostSnapshot host, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var asked = host.Holders
            .Select(holder => (Holder: holder, Nodes: holder.Nodes.Where(node => IsAsked(host, node, busy)).ToList()))
            .Where(one => one.Nodes.Count > 0)
            .DistinctBy(one => one.Holder.Pid)
            .ToDictionary(one => one.Holder.Pid);
        var (held, late) = _scan.Read([.. asked.Keys.Order()], pid => Of(pid, asked[pid].Nodes), cancel: cancel);
        foreach (var pid in late)
            new PartFiles(unknowns, UnknownFact.Details, $"memory on cards of {asked[pid].Holder.Label}", $"{pid}")
                .Missing("Reading its files timed out; the kernel may be stuck in them.");
        return [.. held.OfType<List<HeldMemory>>().SelectMany(memory => memory)];
    }

    private List<HeldMemory> Of(int pid, List<HeldNode> nodes)
    {
        var clients = new HashSet<(PciAddress, string)>();
        var sums = new Dictionary<PciAddress, long>();
        foreach (var node in nodes)
        {
            if (SysFiles.Text(root.Proc($"{pid}/fdinfo/{node.Descriptor}"), LongestInfo) is not { } text) continue;
            if (Bytes(text, out var client) is { } bytes && clients.Add((node.Device!.Value, client)))
                sums[node.Device.Value] = sums.GetValueOrDefault(node.Device.Value) + bytes;
        }
        return [.. sums.Select(sum => new HeldMemory(pid, sum.Key, sum.Value))];
    }

    private static bool IsAsked(HostSnapshot host, HeldNode node, ImmutableArray<PciAddress> busy) =>
        node is { Kind: NodeKind.Card or NodeKind.Render, Descriptor: not null, Device: { } device }
        && !busy.Contains(device) && IsAwake(host, device);

    /// <summary>amdgpu and xe tell how much there is (amdgpu_vram_mgr.c); others do not.</summary>
    public long? Of(PciDevice device) =>
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
