using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>Where a page of the wizard has its steps, its text and its log: side by side, or, when narrow, the steps in one line above.</summary>
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

    public void Draw(Surface on, StepList steps, Model model, string heading)
    {
        if (!Steps.IsEmpty) steps.Draw(new FrameView("Steps").Draw(on, Steps));
        else if (Page.Y > 0) steps.DrawLine(on.Clip(new Rect(1, 0, on.Width - 2, 1)));
        new FrameView(heading, Focused: true).Draw(on, Page);
        // Last: its title stands in the edge of the frames above.
        if (!Log.IsEmpty) model.LogView.Draw(new FrameView("Log", Note: model.LogView.Note).Draw(on, Log), model.Log);
    }
}
