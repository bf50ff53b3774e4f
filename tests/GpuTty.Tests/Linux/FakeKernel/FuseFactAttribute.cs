using GpuTty.Interop;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>Needs root and a kernel with FUSE. Shown as skipped otherwise.</summary>
internal sealed class FuseFactAttribute : FactAttribute
{
    public FuseFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
        else if (!IsThere()) Skip = "needs /dev/fuse and the right to mount";
    }

    private static bool IsThere()
    {
        using var device = Native.Open("/dev/fuse", Native.ReadWrite | Native.CloseOnExec, 0);
        if (device.IsInvalid) return false;
        var folder = Directory.CreateTempSubdirectory("gputty-fuse").FullName;
        try
        {
            new FuseMount(folder, _ => new Entry.Folder([])).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
