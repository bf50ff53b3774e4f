namespace GpuTty.Tests;

/// <summary>The tests are a program too, for everything that must be seen from another process or in a real terminal.</summary>
internal static class TestProgram
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["lock" or "host" or "hold" or "switch" or "file" or "untold-holders", ..] => Linux.Processes.OtherProcess.Run(arguments),
        [GpuTty.Interop.UntypedProgram.Word, ..] => GpuTty.Interop.UntypedProgram.Run(arguments.AsSpan(1)),
        ["failing-disk", var folder] => Linux.State.FailingDisk.Run(folder),
        ["attack", .. var rest] => Linux.SecondUser.Run(rest),
        ["figures", "frames"] => MeasureFrames(),
        ["figures", .. var rest] => Measure(rest),
        ["fuzz", .. var rest] => Linux.Fuzzing.Run(rest),
        ["formats", var folder] => Record(folder),
        _ => Terminal.TrialProgram.Run(arguments),
    };

    private static int Record(string folder)
    {
        Formats.FormatRecorder.Write(folder);
        return 0;
    }

    /// <summary>No test, because a busy machine is no mistake of ours: tests/benchmark.sh prints them.</summary>
    private static int Measure(string[] words)
    {
        if (words is [var program, var beside, var rounds, var rest])
            Figures.Comparison.Print(
                Console.Out,
                program,
                beside.Length > 0 ? beside : null,
                int.Parse(rounds),
                TimeSpan.FromSeconds(int.Parse(rest)));
        Console.Out.WriteLine();
        if (words is not ["big"]) MeasureFrames();
        Figures.BigMachineFigures.Print(Console.Out);
        return 0;
    }

    private static int MeasureFrames()
    {
        Figures.FrameFigures.Print(Console.Out);
        return 0;
    }
}
