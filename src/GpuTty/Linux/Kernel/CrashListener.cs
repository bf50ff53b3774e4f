using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// Hears the kernel's lines while a switch runs and keeps a crash, with what the taint bits were before it. A line
/// is printed before the bit is set, so the bit is looked at when more lines have come: words that no bit has
/// followed when the next WARNING comes were none of a crash, and that WARNING's bit must not vouch for them. Where
/// the bit was there before the words, nothing can be told from it: they are kept, and that it cannot be told.
/// </summary>
/// <param name="run">Where the note is kept.</param>
/// <param name="taint">Reads the kernel's taint bits; null where they cannot be read.</param>
internal sealed class CrashListener(StateDirectory run, Func<long?> taint)
{
    /// <summary>TAINT_WARN and TAINT_BAD_PAGE (Documentation/admin-guide/tainted-kernels.rst), and TAINT_DIE.</summary>
    private const long Witnesses = (1 << 9) | (1 << 5) | (1 << 7);
    private const long OfWarning = 1 << 9;

    private long? _before = taint();
    private bool _isUnconfirmed;

    /// <param name="line">Counts only where it is the kernel's own.</param>
    public void Hear(KernelLogLine line)
    {
        switch (line.Event)
        {
            case KernelEvent.Crash:
                _isUnconfirmed |= new KernelCrash(line.Text, _before).Keep(run);
                break;
            case KernelEvent.Warning:
                if (_isUnconfirmed && (_before & Witnesses) == 0) KernelCrash.Forget(run);
                _isUnconfirmed = false;
                _before |= OfWarning;
                break;
            default:
                if (_isUnconfirmed) _isUnconfirmed = !IsWitnessed();
                break;
        }
    }

    /// <summary>When nothing more is heard: where none of the bits is set,
    /// it was no crash, and is not kept for the rest of the boot.</summary>
    public void End()
    {
        if (_isUnconfirmed && (taint() & Witnesses) == 0) KernelCrash.Forget(run);
        _isUnconfirmed = false;
    }

    /// <summary>Where the bits cannot be read, the words are all there is.</summary>
    private bool IsWitnessed() => taint() is not { } now || (now & ~(_before ?? 0) & Witnesses) != 0;
}
