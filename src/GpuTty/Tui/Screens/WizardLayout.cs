using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Where a page of the wizard has its steps, its text and its log:
/// side by side, or, when narrow, the steps in one line above.</summary>
internal sealed record WizardLayout(Rect Steps, Rect Page, Rect Log)
{
    private const int StepsWidth = 19;

    /// <summary>The room for the text, within the frame.</summary>
    public Rect Inside => new(Page.X + 2, Page.Y + 1, Page.Width - 4, Page.Height - 2);

    /// <param name="stepsWidth">0 where the steps have nothing to say.</param>
    public static WizardLayout For(Rect body, int stepsWidth = StepsWidth, int logPart = 5)
    {
        var (log, upper) = body.Height >= 20 ? body.SplitBottom(Math.Max(5, body.Height / logPart)) : body.SplitBottom(0);
        var joined = log.IsEmpty ? log : new Rect(log.X, log.Y - 1, log.Width, log.Height + 1);
        if (stepsWidth == 0) return new WizardLayout(default, upper, joined);
        if (body.Width < 72) return new WizardLayout(default, upper.SplitTop(1).Remainder, joined);
        var (steps, page) = upper.SplitLeft(stepsWidth);
        return new WizardLayout(steps, new Rect(page.X - 1, page.Y, page.Width + 1, page.Height), joined);
    }

    /// <summary>The room for the text, counted from its own corner.</summary>
    public Rect Room => Inside.AtOrigin();

    public ScreenPanels Panels(StepList steps, Model model, string heading, params ImmutableArray<PanelPart> parts) => new(
    [
        .. Steps.IsEmpty
            ? ImmutableArray<PanelPicture>.Empty
            : [PanelPicture.Of(Steps, new PanelFrame("Steps"), steps.Shown(Steps.Width - 4, Steps.Height - 2)) with
            {
                HasPanelBelow = !Log.IsEmpty,
            }],
        new PanelPicture(Page, new PanelFrame(heading, Focused: true), parts) { HasPanelBelow = !Log.IsEmpty },
        // Last: its title stands in the edge of the frames above.
        .. Log.IsEmpty
            ? ImmutableArray<PanelPicture>.Empty
            : [PanelPicture.Of(
                Log,
                new PanelFrame("Log", Note: model.LogView.Note),
                model.LogView.Shown(model.Log, PanelFrame.Inside(Log).Width, PanelFrame.Inside(Log).Height))],
    ])
    {
        Top = Steps.IsEmpty && Page.Y > 0 ? [.. steps.Line(Page.Width - 2).Select(run => run with { X = run.X + 1 })] : [],
    };

    /// <summary>The text fills the page.</summary>
    public PanelPart Text(Page page, IEnumerable<Label> lines) =>
        new(Room, page.Shown(lines, Inside.Width, Inside.Height)) { HasCursor = true };
}
