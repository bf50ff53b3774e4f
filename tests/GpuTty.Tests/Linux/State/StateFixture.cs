using GpuTty.Linux.State;

namespace GpuTty.Tests.Linux.State;

/// <summary>State directories below a new directory of our own.</summary>
public class StateFixture : IDisposable
{
    private protected StateFixture()
    {
        Root = Directory.CreateTempSubdirectory("gputty-state").FullName;
        foreach (var parent in (string[])["run", "var/lib", "var/log"]) Directory.CreateDirectory($"{Root}/{parent}");
        State = StatePaths.Below(Root);
    }

    private protected string Root { get; }
    private protected StatePaths State { get; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(Root, recursive: true);
    }
}
