namespace GpuTty.Tui.Widgets;

/// <summary>
/// The newest 100,000 lines, numbered from 0 for as long as the program runs. Not for two threads at once: the loop that draws
/// also appends.
/// </summary>
internal sealed class LogLines
{
    public const int Capacity = 100_000;

    private readonly LogLine[] ring = new LogLine[Capacity];
    private ChosenLines chosen;

    public LogLines() => chosen = new ChosenLines(this, "", LogLevel.Debug);

    /// <summary>The number of the oldest line that is still there.</summary>
    public long Oldest => Math.Max(0, End - Capacity);

    /// <summary>The number the next line will get.</summary>
    public long End { get; private set; }

    public LogLine this[long number] => ring[number % Capacity];

    public void Append(LogLine line) => ring[End++ % Capacity] = line;

    /// <summary>The lines with these words and of this importance. Asking again looks only at what came since.</summary>
    public ChosenLines Choose(string filter, LogLevel least)
    {
        if (!chosen.IsFor(filter, least)) chosen = chosen.LetsThroughAllOf(filter, least) ? chosen.Narrowed(filter) : new ChosenLines(this, filter, least);
        chosen.CatchUp();
        return chosen;
    }
}
