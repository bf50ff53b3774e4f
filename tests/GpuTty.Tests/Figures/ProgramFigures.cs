using System.Diagnostics;

namespace GpuTty.Tests.Figures;

/// <summary>What one program costs: times in milliseconds, memory and size in MB (10^6 bytes).</summary>
internal sealed class ProgramFigures(string program)
{
    public const string Keys80 = "key press to last byte, 80x25",
        Keys240 = "key press to last byte, 240x67",
        FirstFrame = "demo: start to first whole frame",
        Rest = "demo at rest: processor time a minute",
        Resident = "demo: resident, both processes",
        Private = "demo: of their own, both processes",
        Size = "size of the file";

    /// <summary>Of the demo's card: not there before the machine has been looked at.</summary>
    private const string Sign = "GeForce";

    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(60), s_patience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<string, List<double>> _all = [];

    public string Program => program;

    public void Add(string what, double figure)
    {
        if (!_all.TryGetValue(what, out var figures)) _all[what] = figures = [];
        figures.Add(figure);
    }

    public double Median(string what) => _all[what].Order().ElementAt(_all[what].Count / 2);

    public double Worst(string what) => _all[what].Max();

    /// <summary>The first frame that shows what the machine has, from the start of the process to its last byte.</summary>
    public double MeasureFirstFrame()
    {
        using var demo = Demo();
        demo.ReadUntil(Sign, s_patience);
        return Stopwatch.GetElapsedTime(demo.Began, demo.ReadUntilQuiet(s_settled)).TotalMilliseconds;
    }

    /// <summary>A selection that moves, then a while of rest with nobody at the keys.</summary>
    public void MeasureScreen(int keys, TimeSpan rest)
    {
        using var demo = Demo();
        demo.ReadUntil(Sign, s_patience);
        foreach (var (what, width, height) in new[] { (Keys80, 80, 25), (Keys240, 240, 67) })
        {
            demo.Resize(width, height);
            demo.ReadUntilQuiet(TimeSpan.FromSeconds(1));
            demo.Type("2");
            demo.ReadUntilQuiet(TimeSpan.FromSeconds(1));
            for (var key = 0; key < keys; key++)
            {
                var began = Stopwatch.GetTimestamp();
                demo.Type(key % 8 < 4 ? "j" : "k");
                Add(what, Stopwatch.GetElapsedTime(began, demo.ReadUntilQuiet(s_settled)).TotalMilliseconds);
            }
        }
        var family = demo.Family;
        var before = family.Sum(Ticks);
        demo.ReadFor(rest);
        Add(Rest, (family.Sum(Ticks) - before) * 10 / rest.TotalMinutes);
        Add(Resident, family.TakeLast(2).Sum(process => Memory(process, "Rss:")));
        Add(Private, family.TakeLast(2).Sum(process => Memory(process, "Private_Clean:", "Private_Dirty:")));
    }

    private TerminalProgram Demo() => new($"'{program}' demo desktop", 80, 25);

    /// <summary>Hundredths of a second in user and kernel mode: fields 14 and 15 of proc_pid_stat(5).</summary>
    private static long Ticks(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }

    /// <summary>The kernel gives KiB (proc_pid_smaps(5)).</summary>
    private static double Memory(int process, params string[] fields) =>
        File.ReadLines($"/proc/{process}/smaps_rollup").Where(line => fields.Any(field => line.StartsWith(field, StringComparison.Ordinal)))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])) * 1024 / 1e6;
}
