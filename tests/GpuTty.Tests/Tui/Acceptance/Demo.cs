using GpuTty.Simulation;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Somebody in front of a machine of the demo, as the walk over all of them was made.</summary>
internal static class Demo
{
    public static Play On(string name, int width = 100, int height = 30)
    {
        var machine = Machines.Find(name)!;
        var play = Play.AfterCrash(machine.Machine.Snapshot(), machine.Journal);
        return (play with { Model = play.Model with { Demo = name } }).Sized(width, height);
    }

    /// <summary>The bottom line.</summary>
    public static string Bar(this Play play) => play.Text().Split('\n')[^2].Trim();

    /// <summary>The first line.</summary>
    public static string Top(this Play play) => play.Text().Split('\n')[0].Trim();

    /// <summary>The first line with these words; empty where there is none.</summary>
    public static string Line(this Play play, string words) =>
        play.Text().Split('\n').FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) ?? "";

    /// <summary>Every kind of screen, and the questions over them.</summary>
    public static IEnumerable<Play> Everywhere()
    {
        foreach (var keys in (string[])[
            "", "2", "3", "4", "5", "6", "a", "/x", "\n", "2\n", "4\n", "5\n", "L", "L/x", "?", "?/x", "v", "v\e", "v\e\e",
            "vS\n", "vS\nc", "vS\n\n", "K", "P",
        ])
            yield return On("desktop").Type(keys);
        var begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
        begun = begun with { Model = begun.Model with { Demo = "desktop" } };
        yield return begun;
        yield return begun.Report(Runs.Until(9));
        yield return begun.Report(Runs.Until(9)).Type("c");
        yield return begun.Report(Runs.Until(9)).Type("t");
        yield return begun.Report(Runs.Until(9)).Type("q");
        yield return begun.Report(Runs.Switched);
        yield return begun.Report(Runs.TakenBack);
        yield return begun.Report(Runs.LeftHalfway);
        yield return Consenting.Asked with { Model = Consenting.Asked.Model with { Demo = "desktop" } };
        yield return On("interrupted");
        yield return On("single").Type("vo\nS\n\n");
        yield return On("window").Type("vT");
    }
}
