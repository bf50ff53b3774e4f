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

    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private protected string Root { get; }
    private protected StatePaths State { get; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        // A worker of the test that has been killed may still be writing.
        Assert.True(SpinWait.SpinUntil(IsDeleted, TimeSpan.FromSeconds(30)), $"{Root} cannot be deleted");
    }
}
