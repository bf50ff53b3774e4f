namespace GpuTty.Tui.Widgets;

/// <summary>How much a log line matters.</summary>
internal enum ShownLevel
{
    Debug,
    Info,
    Warning,
    Error,
}
