using System.Text;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Switching;

namespace GpuTty.Linux.State;

/// <summary>
/// /run/gputty/in-use: that a virtual machine has had the only card since it was given away. The worker that gives it away begins anew.
/// </summary>
internal sealed class WatchNotes(StateDirectory run) : IWatchNotes
{
    private const string Name = "in-use";

    public bool WasInUse(PciAddress card) => run.Read(Name) is { } content && Encoding.ASCII.GetString(content) == card.ToString();

    public void NoteInUse(PciAddress card) => run.Replace(Name, Encoding.ASCII.GetBytes(card.ToString()));

    public INodeWatch? Hear(IReadOnlyCollection<string> paths) =>
        FileWatch.Of(FileEvents.Use, paths) is { } watch ? new NodeWatch(watch) : null;

    private sealed class NodeWatch(FileWatch watch) : INodeWatch
    {
        public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancel) =>
            (await watch.WaitAsync(atMost, cancel)).HasFlag(FileEvents.Opened);

        public void Dispose() => watch.Dispose();
    }

    public static void Forget(StateDirectory run) => run.Delete(Name);
}
