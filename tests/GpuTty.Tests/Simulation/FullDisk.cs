using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Tests.Simulation;

/// <summary>A journal that takes no more after so many lines.</summary>
internal sealed class FullDisk(IJournal journal, int lines) : IJournal
{
    private int _lines = lines;

    public int Refused { get; private set; }

    public void Append(RunEvent entry)
    {
        if (_lines-- > 0) journal.Append(entry);
        else
        {
            Refused++;
            throw new HostException("The journal cannot be written: No space left on device.", "Make room.");
        }
    }
}
