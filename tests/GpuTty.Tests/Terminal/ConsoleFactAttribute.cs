namespace GpuTty.Tests.Terminal;

/// <summary>A test that needs root and a kernel with virtual consoles.</summary>
internal sealed class ConsoleFactAttribute : FactAttribute
{
    /// <param name="tool">A program of /usr/bin that the test needs as well.</param>
    public ConsoleFactAttribute(string? tool = null)
    {
        if (!LinuxConsole.IsThere) Skip = "Needs root and virtual consoles.";
        else if (tool is not null && !File.Exists($"/usr/bin/{tool}")) Skip = $"{tool} is not installed.";
    }
}
