namespace GpuTty.Tui.Widgets;

/// <summary>How much a log line matters.</summary>
internal enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
}
