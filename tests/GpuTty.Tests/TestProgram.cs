namespace GpuTty.Tests;

/// <summary>The tests are a program too, for everything that must be seen from another process or in a real terminal.</summary>
internal static class TestProgram
{
    public static int Main(string[] arguments) =>
        arguments is ["lock" or "host" or "open", ..] ? Linux.OtherProcess.Run(arguments) : Terminal.TrialProgram.Run(arguments);
}
