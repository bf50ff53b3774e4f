using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Logs;

/// <summary>A line of the log.</summary>
/// <param name="Time">As it is shown: <c>14:03:01</c>.</param>
/// <param name="Source">Who said it: <c>step</c>, <c>kernel</c>, <c>command</c>.</param>
internal sealed record ShownLine(string Time, LogLevel Level, string Source, string Text)
{
    /// <summary>Its place among the others; those of one moment stand in the order in which they came.</summary>
    public DateTimeOffset At { get; init; }

    public bool Matches(string filter) => TextFilter.Matches(filter, Text, Source);

    public (string Mark, Style Style) Looks => Level switch
    {
        LogLevel.Error => ("!!", Theme.Bad),
        LogLevel.Warning => ("! ", Theme.Warn),
        _ => ("  ", Theme.Plain),
    };
}
