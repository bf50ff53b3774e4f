using GpuTty.Host.Pci;

namespace GpuTty.Switching;

/// <summary>What has to be known of a card that is given away, however often the watch over it is started again.</summary>
public interface IWatchNotes
{
    /// <summary>True where a virtual machine has been seen with the card since it was given away.</summary>
    bool WasInUse(PciAddress card);

    void NoteInUse(PciAddress card);

    /// <summary>Hears from now on that one of these nodes is opened or closed; null where that cannot be heard.</summary>
    /// <param name="paths">Below /dev; not empty.</param>
    INodeWatch? Hear(IReadOnlyCollection<string> paths);
}

/// <summary>Device nodes that somebody may open and close at any time.</summary>
public interface INodeWatch : IDisposable
{
    /// <summary>Returns when one of them is opened or closed, or was since the last return, or the time is over.</summary>
    /// <returns>True where one was opened.</returns>
    Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancel);
}

/// <summary>Where nothing can be kept, as on a simulated machine.</summary>
public sealed class NoNotes : IWatchNotes
{
    public bool WasInUse(PciAddress card) => false;

    public void NoteInUse(PciAddress card)
    {
    }

    public INodeWatch? Hear(IReadOnlyCollection<string> paths) => null;
}
