namespace GpuTty.Switching;

public enum LogLevel
{
    [JsonStringEnumMemberName("Debug")] Debug,
    [JsonStringEnumMemberName("Info")] Info,
    [JsonStringEnumMemberName("Warning")] Warning,
    [JsonStringEnumMemberName("Error")] Error,
}

public enum LogSource
{
    [JsonStringEnumMemberName("Gputty")] Gputty,
    [JsonStringEnumMemberName("Step")] Step,
    [JsonStringEnumMemberName("Command")] Command,
    [JsonStringEnumMemberName("Kernel")] Kernel,
    [JsonStringEnumMemberName("Unit")] Unit,
}

/// <summary>A line for the log pane and the log file; the text holds no control characters.</summary>
public sealed record LogLine(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("level")] LogLevel Level,
    [property: JsonPropertyName("source")] LogSource Source,
    [property: JsonPropertyName("text")] string Text)
{
    /// <summary>What the kernel's line means; <see cref="KernelEvent.None"/> for what others say.</summary>
    [JsonPropertyName("kernelEvent"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public KernelEvent Event { get; init; }
}
