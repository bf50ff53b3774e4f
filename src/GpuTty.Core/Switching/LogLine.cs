namespace GpuTty.Switching;

public enum LogLevel { Debug, Info, Warning, Error }

public enum LogSource { Gputty, Step, Command, Kernel, Unit }

/// <summary>A line for the log pane and the log file; the text holds no control characters.</summary>
public sealed record LogLine(DateTimeOffset At, LogLevel Level, LogSource Source, string Text);
