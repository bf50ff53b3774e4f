using System.Text;
using GpuTty.Host.Pci;
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

    public static void Forget(StateDirectory run) => run.Delete(Name);
}
