namespace GpuTty.Tests;

/// <summary>The tests are a program too, for everything that must be seen from another process.</summary>
internal static class TestProgram
{
    public static int Main(string[] arguments) => Linux.OtherProcess.Run(arguments);
}
