namespace GpuTty.Tests.Linux;

/// <summary>As <see cref="RootFactAttribute"/>, with data.</summary>
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
    }
}
