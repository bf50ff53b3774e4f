using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A step as the user sees it.</summary>
/// <param name="Note">How long it took, or how long it may still take.</param>
internal sealed record StepLine(string Text, StepMark Mark = StepMark.Waiting, string Note = "")
{
    public (string Sign, Style Style) Looks => Mark switch
    {
        StepMark.Running => ("[> ]", Look.Strong),
        StepMark.Done => ("[ok]", Look.Good),
        StepMark.Failed => ("[!!]", Look.Bad),
        StepMark.TakenBack => ("[<-]", Look.Warn),
        StepMark.Skipped => ("[--]", Look.Plain),
        _ => ("[  ]", Look.Plain),
    };
}
