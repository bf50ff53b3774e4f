namespace GpuTty.Tests.Terminal;

/// <summary>A test that watches system calls.</summary>
public sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute()
    {
        if (!File.Exists("/usr/bin/strace")) Skip = "strace is not installed";
    }
}
