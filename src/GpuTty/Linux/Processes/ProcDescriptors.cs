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

    /// <summary>So many descriptors of one node are told of each process; up to
    /// <see cref="MostOfOne"/> as long as not too many are told in all.</summary>
    private const int FewOfOne = 16;

    /// <summary>Further ones are left out: anybody may copy one as often as he likes.</summary>
    private const int MostOfOne = 4096;

    /// <summary>What it holds; <paramref name="wasRefused"/> when it is there and its files cannot be listed to the end.</summary>
    public static ImmutableArray<HeldNode> Read(
        DirectoryHandle process, int pid, NodeIndex index, SharedReadings shared, out bool wasRefused)
    {
        wasRefused = false;
        if (shared.Find(pid) is { } known) return known;
        using var reading = new Reading(process, pid, index, shared);
        return reading.All(out wasRefused);
    }

    public static IEnumerable<HeldNode> Held(string path, ImmutableArray<KnownNode> known, int? descriptor) =>
        known.Select(node => new HeldNode(path, node.Kind, node.Device, node.Module, descriptor));

    /// <summary>One table of descriptors.</summary>
    private sealed class Reading(DirectoryHandle process, int pid, NodeIndex index, SharedReadings shared) : IDisposable
    {
        private readonly Dictionary<(int Major, int Minor), int> _ofOne = [];
        private ImmutableArray<HeldNode>.Builder? _held;
        private SharedReadings.Turn? _turn;
        private string _path = "";

        public ImmutableArray<HeldNode> All(out bool wasRefused)
        {
            nint list;
            fixed (byte* name = "fd"u8) list = Libc.OpenList(process.Handle, name);
            wasRefused = list == 0 && Libc.WhyNot("it cannot be opened") is not null;
            if (list == 0) return [];
            var folder = Libc.HandleOf(list);
            var count = 0;
            while (Libc.Next(list) is var name && name != null)
            {
                if (*name == '.') continue;
                if (++count == SharedReadings.Large && (_turn = shared.Begin(pid, out var known)) is not null && known is { } same)
                {
                    _ = Libc.CloseList(list);
                    return same;
                }
                Look(folder, name);
            }
            wasRefused = Libc.WhyNot(null) is not null;
            _ = Libc.CloseList(list);
            var held = _held?.ToImmutable() ?? [];
            if (!wasRefused) _turn?.Keep(held);
            return held;
        }

        public void Dispose() => _turn?.Dispose();

        private void Look(int folder, byte* name)
        {
            if (!Libc.TryStat(folder, name, out var facts)) return;
            if (facts.IsAnonymous && MayBeKept((0, 0)) && DmaBuffers.Read(process, folder, name) is { } buffer) Keep((0, 0), [buffer]);
            if (!facts.IsCharacterDevice || !MayBeKept((facts.Major, facts.Minor))) return;
            var now = index.Find(facts.Major, facts.Minor);
            var known = now.IsEmpty ? index.FindRemoved(facts.Major, facts.Minor) : now;
            if (known.IsEmpty) return;
            var path = DirectoryHandle.ReadLink(folder, name) ?? "";
            if (now.IsEmpty && !path.EndsWith(Deleted, StringComparison.Ordinal)) return;
            if (!int.TryParse(DirectoryHandle.Text(name), NumberStyles.None, null, out var descriptor)) return;
            // One text for all that are the same.
            var shown = Visible.Text(path, 200);
            if (shown != _path) _path = shown;
            Keep((facts.Major, facts.Minor), Held(_path, known, descriptor));
        }

        private bool MayBeKept((int Major, int Minor) file) =>
            _ofOne.GetValueOrDefault(file) is var count && (count < FewOfOne || (count < MostOfOne && shared.HasRoom));

        private void Keep((int Major, int Minor) file, IEnumerable<HeldNode> nodes)
        {
            if ((_ofOne[file] = _ofOne.GetValueOrDefault(file) + 1) > FewOfOne) shared.TakeRoom();
            (_held ??= ImmutableArray.CreateBuilder<HeldNode>()).AddRange(nodes);
        }
    }
}
