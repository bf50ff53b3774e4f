namespace GpuTty.Tests;

/// <summary>The tests are a program too, for everything that must be seen from another process or in a real terminal.</summary>
internal static class TestProgram
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["lock" or "host" or "hold" or "switch", ..] => Linux.Processes.OtherProcess.Run(arguments),
        ["figures", .. var rest] => Measure(rest),
        ["formats", var folder] => Record(folder),
        _ => Terminal.TrialProgram.Run(arguments),
    };

    private static int Record(string folder)
    {
        Formats.FormatRecorder.Write(folder);
        return 0;
    }

    /// <summary>No test, because a busy machine is no mistake of ours: tests/benchmark.sh prints them.</summary>
    private static int Measure(string[] programs)
    {
        Figures.FrameFigures.Print(Console.Out);
        Figures.BigMachineFigures.Print(Console.Out);
        foreach (var program in programs) Figures.ProgramFigures.Print(Console.Out, program, TimeSpan.FromSeconds(60));
        return 0;
    }
}
