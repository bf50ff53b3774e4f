using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A window onto the log. It follows the newest line until the user scrolls back, and again from <c>End</c> on.</summary>
/// <param name="Top">The mark of the first line in sight; null while following.</param>
/// <param name="Filter">Words that a line must have.</param>
/// <param name="Least">Lines of lesser importance are left out.</param>
/// <param name="Shift">How many columns the texts are moved to the left.</param>
internal sealed record LogView(long? Top = null, string Filter = "", LogLevel Least = LogLevel.Info, int Shift = 0)
{
    private const int ShiftPerKey = 10;
    private const int FarthestShift = 1000;

    public bool IsFollowing => Top is null;

    public LogView Follow() => this with { Top = null };

    /// <summary>Shows more, and after the most important ones all again.</summary>
    public LogView NextLevel() => this with { Least = Least == LogLevel.Error ? LogLevel.Debug : Least + 1 };

    /// <summary>The view after a key; null if the key is none of a log's.</summary>
    /// <param name="height">How many lines are in sight.</param>
    public LogView? On(Key key, LogLines lines, int height) => key switch
    {
        { Code: KeyCode.Up } => Move(lines, -1, height),
        { Code: KeyCode.Down } => Move(lines, 1, height),
        { Code: KeyCode.PageUp } => Move(lines, 1 - height, height),
        { Code: KeyCode.PageDown } => Move(lines, height - 1, height),
        { Code: KeyCode.Home } => Move(lines, -LogLines.Capacity, height),
        { Code: KeyCode.End } => Follow(),
        { Code: KeyCode.Left } => this with { Shift = Math.Max(0, Shift - ShiftPerKey) },
        { Code: KeyCode.Right } => this with { Shift = Math.Min(FarthestShift, Shift + ShiftPerKey) },
        _ when key.Is('k') => Move(lines, -1, height),
        _ when key.Is('j') => Move(lines, 1, height),
        _ when key.Is('g') => Move(lines, -LogLines.Capacity, height),
        _ when key.Is('G') => Follow(),
        _ when key.Is('f') => IsFollowing ? Move(lines, 0, height) : Follow(),
        _ => null,
    };

    public void Draw(Surface on, LogLines lines)
    {
        var chosen = lines.Choose(Filter, Least);
        var first = First(lines, chosen, on.Height);
        for (var y = 0; y < Math.Min(on.Height, chosen.Count - first); y++) DrawLine(on, y, chosen[first + y]);
        if (chosen.Count > 0) on.PlaceCursor(0, Math.Min(on.Height, chosen.Count - first) - 1);
    }

    private int First(LogLines lines, ChosenLines chosen, int height)
    {
        var last = Math.Max(0, chosen.Count - height);
        return Top is { } top ? Math.Min(chosen.IndexOf(lines.NumberOf(top)), last) : last;
    }

    private LogView Move(LogLines lines, int by, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        var to = Math.Max(0, First(lines, chosen, height) + by);
        return by > 0 && to >= chosen.Count - height ? Follow() : chosen.Count == 0 ? this : this with { Top = lines.MarkOf(chosen.NumberAt(to)) };
    }

    private void DrawLine(Surface on, int y, LogLine line)
    {
        var (mark, style) = line.Looks;
        var x = on.Text(0, y, line.Time) + 1;
        x = on.Text(x, y, mark, style) + 1;
        x = on.Text(x, y, line.Source.PadRight(7), style) + 1;
        var text = line.Text.AsSpan();
        for (var skipped = 0; skipped < Shift && !text.IsEmpty; skipped++) Printable.Next(ref text);
        on.CutText(x, y, on.Width - x, text, style);
    }
}
