using GpuTty.Host.Pci;

namespace GpuTty.Switching;

/// <summary>What has to be known of a card that is given away, however often the watch over it is started again.</summary>
public interface IWatchNotes
{
    /// <summary>True where a virtual machine has been seen with the card since it was given away.</summary>
    bool WasInUse(PciAddress card);

    void NoteInUse(PciAddress card);
}

/// <summary>Where nothing can be kept, as on a simulated machine.</summary>
public sealed class NoNotes : IWatchNotes
{
    public bool WasInUse(PciAddress card) => false;

    public void NoteInUse(PciAddress card)
    {
    }
}
