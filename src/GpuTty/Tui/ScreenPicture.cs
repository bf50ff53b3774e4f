using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Screens;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui;

/// <summary>The whole picture: first line, screen, last line. Drawn anew each time; what has not changed is not sent.</summary>
internal static class ScreenPicture
{
    public const int LeastWidth = 40;
    public const int LeastHeight = 10;

    public static Surface Draw(Model model)
    {
        var on = new Surface(model.Width, model.Height);
        if (IsTooSmall(model)) DrawTooSmall(on, model);
        else DrawScreens(on, model);
        return on;
    }

    /// <summary>Nothing but a few words fits.</summary>
    public static bool IsTooSmall(Model model) => model.Width < LeastWidth || model.Height < LeastHeight;

    private static void DrawScreens(Surface on, Model model)
    {
        var (head, below) = on.Bounds.SplitTop(1);
        var (foot, body) = below.SplitBottom(1);
        Header.Draw(on.Clip(head), model);
        foreach (var picture in Pictures(model)) picture.Draw(on.Clip(body));
        if (model.Notice is { } notice) new NoticeView(notice).Draw(on, foot.Y - 1);
        new StatusBar(Hints(model)).Draw(on.Clip(foot));
    }

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

    private static void DrawTooSmall(Surface on, Model model)
    {
        TooSmallLines(model).Draw(on);
        on.PlaceCursor(0, 0);
    }

    /// <summary>The words where nothing else fits.</summary>
    public static ShownLines TooSmallLines(Model model) => ShownLines.Of([.. WordWrap.Lines(TooSmall(model), Math.Max(1, model.Width)).Select(line => ImmutableArray.Create(new TextRun(0, line)))]);

    private static string TooSmall(Model model)
    {
        var size = $"GpuTty needs {LeastWidth}x{LeastHeight}, this is {model.Width}x{model.Height}.";
        if (!model.IsRunning) return $"{size}\nq quits.";
        // First what has a deadline.
        return RunningScreen.Consent(model) is not null ? $"Make the window larger to keep the switch, or: gputty confirm\n{size}"
            : $"{size}\n{Step(model.Run)}q leaves; the switch goes on.";
    }

    private static string Step(Switching.RunState? run) => run is { Current: >= 0 } ? $"A switch is at step {run.Current + 1} of {run.Steps.Length}.\n" : "";
}
