namespace GpuTty.Tests.Terminal;

/// <summary>A test that needs root and a kernel with virtual consoles.</summary>
internal sealed class ConsoleFactAttribute : FactAttribute
{
    public ConsoleFactAttribute()
    {
        if (!LinuxConsole.IsThere) Skip = "Needs root and virtual consoles.";
    }
}
