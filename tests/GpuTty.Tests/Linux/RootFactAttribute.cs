namespace GpuTty.Tests.Linux;

/// <summary>Needs root: foreign owners, mounts, device nodes. Shown as skipped otherwise.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
    }
}
