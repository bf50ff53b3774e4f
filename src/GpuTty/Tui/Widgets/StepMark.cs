namespace GpuTty.Tui.Widgets;

/// <summary>How a step stands.</summary>
internal enum StepMark
{
    Waiting,
    Running,
    Done,
    Failed,
    TakenBack,
    Skipped,
}
