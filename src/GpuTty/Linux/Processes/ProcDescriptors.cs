using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>Open files of a process that are nodes of interest (/proc/PID/fd), matched by the device number of what is open.</summary>
internal static unsafe class ProcDescriptors
{
    public const string Deleted = " (deleted)";

    /// <summary>What it holds; <paramref name="wasRefused"/> when it is there and its files cannot be listed to the end.</summary>
    public static ImmutableArray<HeldNode> Read(Folder process, NodeIndex index, out bool wasRefused)
    {
        nint list;
        fixed (byte* name = "fd"u8) list = Libc.OpenList(process.Handle, name);
        wasRefused = list == 0 && Libc.WhyNot("it cannot be opened") is not null;
        if (list == 0) return [];
        ImmutableArray<HeldNode>.Builder? held = null;
        var folder = Libc.HandleOf(list);
        while (Libc.Next(list) is var name && name != null)
        {
            if (*name == '.' || !Libc.TryStat(folder, name, out var facts)) continue;
            if (facts.IsAnonymous && DmaBuffers.Read(process, folder, name) is { } buffer) (held ??= ImmutableArray.CreateBuilder<HeldNode>()).Add(buffer);
            if (!facts.IsCharacterDevice) continue;
            var now = index.Find(facts.Major, facts.Minor);
            var known = now.IsEmpty ? index.FindRemoved(facts.Major, facts.Minor) : now;
            if (known.IsEmpty) continue;
            var path = Folder.ReadLink(folder, name) ?? "";
            if (now.IsEmpty && !path.EndsWith(Deleted, StringComparison.Ordinal)) continue;
            if (!int.TryParse(Folder.Text(name), NumberStyles.None, null, out var descriptor)) continue;
            held ??= ImmutableArray.CreateBuilder<HeldNode>();
            held.AddRange(Held(path, known, descriptor));
        }
        wasRefused = Libc.WhyNot(null) is not null;
        _ = Libc.CloseList(list);
        return held?.ToImmutable() ?? [];
    }

    public static IEnumerable<HeldNode> Held(string path, ImmutableArray<KnownNode> known, int? descriptor) =>
        known.Select(node => new HeldNode(Visible.Text(path, 200), node.Kind, node.Device, node.Module, descriptor));
}
