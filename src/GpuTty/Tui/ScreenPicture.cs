using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Screens;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui;

/// <summary>What the whole picture is made of. Put together anew each time; only what has changed is drawn.</summary>
internal static class ScreenPicture
{
    public const int LeastWidth = 40;
    public const int LeastHeight = 10;

    /// <summary>Nothing but a few words fits.</summary>
    public static bool IsTooSmall(Model model) => model.Width < LeastWidth || model.Height < LeastHeight;

    /// <summary>What is in sight between the first and the last line, questions over what they are about.</summary>
    public static IEnumerable<ScreenPanels> Pictures(Model model)
    {
        var body = new Rect(0, 0, model.Width, model.Height - 2);
        foreach (var screen in model.InSight)
        {
            yield return screen.Picture(body, model);
            if (screen.Over(body) is { } question) yield return question;
        }
    }

    /// <summary>What can be pressed stands first: on a narrow screen it is all that is seen.</summary>
    public static ImmutableArray<KeyHint> Hints(Model model) =>
        [.. model.Top.Keys(model).Where(key => key.InBar).Select(key => key.Hint(model)).OrderBy(hint => !hint.IsEnabled)];

    /// <summary>The words where nothing else fits.</summary>
    public static ShownLines TooSmallLines(Model model) =>
        ShownLines.Of([.. WordWrap.Lines(
            TooSmall(model), Math.Max(1, model.Width)).Select(line => ImmutableArray.Create(new TextRun(0, line)))]);

    private static string TooSmall(Model model)
    {
        var size = $"GpuTty needs {LeastWidth}x{LeastHeight}, this is {model.Width}x{model.Height}.";
        if (!model.IsRunning) return $"{size}\nq quits.";
        // First what has a deadline.
        return RunningScreen.Consent(model) is not null ? $"Make the window larger to keep the switch, or: gputty confirm\n{size}"
            : $"{size}\n{Step(model.Run)}q leaves; the switch goes on.";
    }

    private static string Step(Switching.RunState? run) =>
        run is { Current: >= 0 } ? $"A switch is at step {run.Current + 1} of {run.Steps.Length}.\n" : "";
}
