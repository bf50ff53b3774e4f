using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>Open files of a process that are nodes of interest (/proc/PID/fd), matched by the device number of what is open.</summary>
internal static class ProcDescriptors
{
    public const string Deleted = " (deleted)";

    /// <summary>So many descriptors of one node are told of each process; up to
    /// <see cref="MostOfOne"/> as long as not too many are told in all.</summary>
    private const int FewOfOne = 16;

    /// <summary>Further ones are left out: anybody may copy one as often as he likes.</summary>
    private const int MostOfOne = 4096;

    /// <param name="over">Nobody waits for it any more.</param>
    public static ProcessReading Read(
        DirectoryHandle process, int pid, NodeIndex index, DmaBuffers buffers, SharedReadings shared, CancellationToken over)
    {
        if (shared.Find(pid) is { } known) return known;
        using var reading = new Reading(process, pid, index, buffers, shared);
        return reading.All(over);
    }

    public static IEnumerable<HeldNode> Held(string path, ImmutableArray<KnownNode> known, int? descriptor) =>
        known.Select(node => new HeldNode(path, node.Kind, node.Device, node.Module, descriptor));

    /// <summary>One table of descriptors.</summary>
    private sealed class Reading(
        DirectoryHandle process, int pid, NodeIndex index, DmaBuffers buffers, SharedReadings shared) : IDisposable
    {
        private readonly Dictionary<(int Major, int Minor), int> _ofOne = [];
        private ImmutableArray<HeldNode>.Builder? _held;
        private SharedReadings.Turn? _turn;
        private string _path = "";

        public ProcessReading All(CancellationToken over)
        {
            using var list = process.List("fd");
            if (list is null) return ProcessReading.Not(Libc.WhyNot("it cannot be opened") is null ? ReadingEnd.Whole : ReadingEnd.Refused);
            var reading = All(list, over);
            if (reading.End is ReadingEnd.Whole or ReadingEnd.TooMuch) _turn?.Keep(reading);
            return reading;
        }

        public void Dispose() => _turn?.Dispose();

        private ProcessReading All(DirectoryListing list, CancellationToken over)
        {
            var count = 0;
            while (list.MoveNext())
            {
                if (++count == SharedReadings.Large)
                {
                    _turn = shared.TryBegin(pid, out var known);
                    if (_turn is null) return ProcessReading.Not(ReadingEnd.Later);
                    if (known is { } same) return same;
                }
                if (over.IsCancellationRequested || _turn?.MayReadOn() == false) return new ProcessReading(Found(), ReadingEnd.TooMuch);
                Look(list);
            }
            return new ProcessReading(Found(), Libc.WhyNot(null) is null ? ReadingEnd.Whole : ReadingEnd.Refused);
        }

        private ImmutableArray<HeldNode> Found() => _held?.ToImmutable() ?? [];

        private void Look(DirectoryListing list)
        {
            if (!list.TryStat(out var facts)) return;
            if (facts.IsAnonymous && MayBeKept((0, 0)) && buffers.Read(process, list, facts.Inode) is { } buffer)
                Keep((0, 0), [buffer]);
            if (!facts.IsCharacterDevice || !MayBeKept((facts.Major, facts.Minor))) return;
            var now = index.Find(facts.Major, facts.Minor);
            var known = now.IsEmpty ? index.FindRemoved(facts.Major, facts.Minor) : now;
            if (known.IsEmpty) return;
            var path = list.Link() ?? "";
            if (now.IsEmpty && !path.EndsWith(Deleted, StringComparison.Ordinal)) return;
            if (list.Number is not { } descriptor) return;
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
