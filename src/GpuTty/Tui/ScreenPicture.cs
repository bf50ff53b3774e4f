using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>What the whole picture is made of. Put together anew each time; only what has changed is drawn.</summary>
internal static class ScreenPicture
{
    public const int LeastWidth = 40;
    public const int LeastHeight = 10;
    private const int MostNoticeLines = 3;

    /// <summary>Nothing but a few words fits.</summary>
    public static bool IsTooSmall(Model model) => model.Width < LeastWidth || model.Height < LeastHeight;

    /// <summary>What is in sight between the first and the last line, questions over what they are about.</summary>
    public static IEnumerable<ScreenPanels> Pictures(Model model)
    {
        foreach (var screen in model.InSight)
        {
            yield return screen.IsOverlay ? BesideNotice(model, room => screen.Picture(room, model)) : screen.Picture(model.Body, model);
            if (screen.Over(model.Body) is not null) yield return BesideNotice(model, room => screen.Over(room)!);
        }
    }

    /// <summary>A question makes room for a notice of several lines, which would lie over its buttons.</summary>
    private static ScreenPanels BesideNotice(Model model, Func<Rect, ScreenPanels> question)
    {
        var (asked, body) = (question(model.Body), model.Body);
        var covered = model.Notice is { } notice ? Notice(notice, model.Width - 1).Length : 0;
        // The last line of the notice lies over an edge, which says nothing.
        var isHidden = asked.Area.Y + asked.Area.Height - 1 > body.Height - covered;
        return isHidden && covered > 1 ? question(new Rect(body.X, body.Y, body.Width, body.Height - covered + 1)) : asked;
    }

    /// <summary>
    /// One sentence for the user, in the lower edge of what is on the screen: that says nothing itself, so neither a row nor a key
    /// is lost to it. With blanks around, and as wide as each other where there are several lines.
    /// </summary>
    public static ImmutableArray<ImmutableArray<TextRun>> Notice(Label notice, int width)
    {
        var room = Math.Max(1, width - 3);
        var lines = WordWrap.Lines(notice.Text, room).ToList();
        var shown = Math.Min(lines.Count, MostNoticeLines);
        var blanks = new TextRun(0, new string(' ', (shown == 1 ? Math.Min(room, Printable.Width(lines[0])) : room) + 2));
        return
        [
            .. lines.Take(shown - 1).Append(string.Join(' ', lines[(shown - 1)..]))
                .Select(line => ImmutableArray.Create(blanks, TextRun.Cut(1, room, line, notice.Style.Bold))),
        ];
    }

    /// <summary>The words where nothing else fits.</summary>
    public static ShownLines TooSmallLines(Model model) =>
        ShownLines.Of([.. WordWrap.Lines(
            TooSmall(model), Math.Max(1, model.Width)).Select(line => ImmutableArray.Create(new TextRun(0, line)))]);

    private static string TooSmall(Model model)
    {
        var size = $"GpuTty needs {LeastWidth}x{LeastHeight}, this is {model.Width}x{model.Height}.";
        // First what has a deadline.
        if (RunWaits.Consent(model) is not null) return $"Make the window larger to keep the switch, or: gputty confirm\n{size}";
        return $"{size}\n{Step(model)}"
            + (QuitKey.Until(model) is { } until ? $"q leaves as soon as {until}."
                : model.IsRunning ? "q leaves; it keeps running." : "q quits.");
    }

    private static string Step(Model model) => model is { IsRunning: true, Followed: { Current: >= 0 } run }
        ? $"A switch is at step {run.Current + 1} of {run.Steps.Length}.\n"
        : "";
}
