using System.Diagnostics;

namespace GpuTty.Tests.Figures;

/// <summary>
/// The program beside what a user would type instead, and beside another build of it: whole processes on this machine, in
/// turn, so that whatever else the machine does meets all of them. Medians, because a busy moment is no fault of ours.
/// </summary>
internal static class Comparison
{
    private static readonly string[] s_commands = ["status", "doctor", "devices", "holders"];

    private static readonly string[] s_nodes =
    [
        .. new[] { "/dev/dri", "/dev/vfio" }.Where(Directory.Exists).SelectMany(Directory.GetFiles),
        .. Directory.GetFiles("/dev", "nvidia*"),
    ];

    /// <summary>What people type who have no gputty; on a machine without
    /// IOMMU groups or graphics nodes the same over what there is.</summary>
    private static readonly (string Name, string Script)[] s_tools =
    [
        ("lspci -nnk", "lspci -nnk"),
        ("group loop", """
            for d in /sys/kernel/iommu_groups/*/devices/*; do [ -e "$d" ] && found=yes && lspci -nns "${d##*/}"; done
            [ "$found" ] || for d in /sys/bus/pci/devices/*; do lspci -nns "${d##*/}"; done
            """),
        ("fuser -v", $"fuser -v {(s_nodes.Length > 0 ? string.Join(' ', s_nodes) : "/dev/null")}"),
        ("lsmod", "lsmod"),
    ];

    public static void Print(TextWriter to, string program, string? beside, int rounds, TimeSpan rest)
    {
        var programs = ((string?[])[program, beside]).OfType<string>().Select(path => new ProgramFigures(path)).ToList();
        var tools = s_tools.ToDictionary(tool => tool.Name, _ => new List<double>());
        // The first round fills caches.
        for (var round = -1; round < rounds; round++)
        {
            foreach (var one in programs)
            {
                foreach (var command in s_commands)
                {
                    var took = Time($"'{one.Program}' {command}");
                    if (round >= 0) one.Add(command, took);
                }
                var frame = one.MeasureFirstFrame();
                if (round >= 0) one.Add(ProgramFigures.FirstFrame, frame);
            }
            foreach (var (name, script) in s_tools)
            {
                var took = Time(script);
                if (round >= 0) tools[name].Add(took);
            }
        }
        for (var round = 0; round < 2; round++)
            foreach (var one in programs) one.MeasureScreen(keys: 100, rest);
        foreach (var one in programs) one.Add(ProgramFigures.Size, new FileInfo(one.Program).Length / 1e6);

        to.WriteLine($"{Environment.ProcessorCount} processors, {Directory.GetDirectories("/sys/bus/pci/devices").Length} PCI functions, "
            + $"{Count("/sys/kernel/iommu_groups")} IOMMU groups, {s_nodes.Length} graphics nodes; medians of {rounds}, in turn; "
            + $"keys of 200, at rest for {rest.TotalSeconds:0} s twice");
        to.WriteLine();
        PrintPrograms(to, programs);
        to.WriteLine();
        PrintTools(to, programs[0], tools.ToDictionary(tool => tool.Key, tool => tool.Value.Order().ElementAt(tool.Value.Count / 2)));
    }

    private static void PrintPrograms(TextWriter to, List<ProgramFigures> programs)
    {
        to.WriteLine($"{"",-40}{"gputty",12}{(programs.Count > 1 ? $"{"beside",12}{"ratio",9}" : "")}");
        foreach (var what in (string[])[
            .. s_commands,
            ProgramFigures.FirstFrame,
            ProgramFigures.Keys80,
            ProgramFigures.Keys240,
            ProgramFigures.Rest,
            ProgramFigures.Resident,
            ProgramFigures.Private,
            ProgramFigures.Size,
        ])
        {
            var unit = what is ProgramFigures.Resident or ProgramFigures.Private or ProgramFigures.Size ? "MB" : "ms";
            var figures = programs.Select(one => one.Median(what)).ToList();
            to.WriteLine(
                $"{what,-40}{string.Concat(figures.Select(figure => $"{figure,9:0.0#} {unit}"))}"
                    + $"{(figures is [var ours, > 0 and var other] ? $"{ours / other,9:0.00}" : "")}");
        }
        foreach (var one in programs)
            to.WriteLine(
                $"worst key press of {one.Program}: {one.Worst(ProgramFigures.Keys80):0.0} ms at 80x25, "
                    + $"{one.Worst(ProgramFigures.Keys240):0.0} ms at 240x67");
    }

    /// <summary>How many times as long as each tool a command of ours takes.</summary>
    private static void PrintTools(TextWriter to, ProgramFigures ours, Dictionary<string, double> tools)
    {
        to.WriteLine($"{"as a multiple of",-20}{string.Concat(tools.Keys.Select(name => $"{name,14}"))}");
        to.WriteLine($"{"",-20}{string.Concat(tools.Values.Select(time => $"{time,11:0.0} ms"))}");
        foreach (var command in s_commands)
            to.WriteLine($"{command,-20}{string.Concat(tools.Values.Select(time => $"{ours.Median(command) / time,14:0.00}"))}");
    }

    private static double Time(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"exec >/dev/null 2>&1 </dev/null\n{script}"]);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode is 126 or 127 ? throw new InvalidOperationException($"This cannot be run here: {script}") : took;
    }

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Length : 0;
}
