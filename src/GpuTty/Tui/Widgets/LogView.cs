using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A window onto the log. It follows the newest line until the user scrolls back, and again from <c>End</c> on.</summary>
/// <param name="Top">The mark of the first line in sight; null while following.</param>
/// <param name="Filter">Words that a line must have.</param>
/// <param name="Least">Lines of lesser importance are left out.</param>
/// <param name="Shift">How many columns the texts are moved to the left.</param>
internal sealed record LogView(long? Top = null, string Filter = "", ShownLevel Least = ShownLevel.Info, int Shift = 0)
{
    private const int ShiftPerKey = 10;
    private const int FarthestShift = 1000;
    // Behind the time, the mark and the source.
    private const int TextStart = 20;

    /// <summary>Long lines go on in the next row, instead of being cut.</summary>
    public bool IsWrapped { get; init; }

    public bool IsFollowing => Top is null;

    /// <summary>Why not all lines are in sight, for the frame; empty where the newest of all are.</summary>
    public string Note => string.Join("  ", ((string[])
    [
        TextFilter.IsEmpty(Filter) ? "" : $"/{Filter}",
        Least switch { ShownLevel.Warning => "warnings and errors", ShownLevel.Error => "errors only", _ => "" },
        IsFollowing ? "" : "scrolled back, End follows",
    ]).Where(part => part.Length > 0));

    public LogView Follow() => this with { Top = null };

    /// <summary>Shows more, and after the most important ones all again.</summary>
    public LogView NextLevel() => this with { Least = Least == ShownLevel.Error ? ShownLevel.Debug : Least + 1 };

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
        if (IsWrapped && on.Width > TextStart)
        {
            DrawWrapped(on, lines, chosen);
            return;
        }
        var first = First(lines, chosen, on.Height);
        for (var y = 0; y < Math.Min(on.Height, chosen.Count - first); y++) DrawLine(on, y, chosen[first + y], Shift);
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

    /// <summary>From the newest line upwards, or from the first one in sight downwards, as far as there is room.</summary>
    private void DrawWrapped(Surface on, LogLines lines, ChosenLines chosen)
    {
        var rows = new List<(ShownLine Line, string Part, bool IsFirst)>();
        var first = First(lines, chosen, on.Height);
        for (var i = IsFollowing ? chosen.Count - 1 : first; i >= 0 && i < chosen.Count && rows.Count < on.Height; i += IsFollowing ? -1 : 1)
        {
            var line = chosen[i];
            rows.InsertRange(IsFollowing ? 0 : rows.Count, WordWrap.Lines(line.Text, on.Width - TextStart).Select((part, index) => (line, part, index == 0)));
        }
        var skipped = IsFollowing ? Math.Max(0, rows.Count - on.Height) : 0;
        for (var y = 0; y < Math.Min(on.Height, rows.Count - skipped); y++)
        {
            var (line, part, isFirst) = rows[skipped + y];
            if (isFirst) DrawHead(on, y, line);
            on.Text(TextStart, y, part, line.Looks.Style);
        }
        if (rows.Count > 0) on.PlaceCursor(0, Math.Min(on.Height, rows.Count) - 1);
    }

    private static void DrawLine(Surface on, int y, ShownLine line, int shift)
    {
        var x = DrawHead(on, y, line);
        var text = line.Text.AsSpan();
        for (var skipped = 0; skipped < shift && !text.IsEmpty; skipped++) Printable.Next(ref text);
        on.CutText(x, y, on.Width - x, text, line.Looks.Style);
    }

    private static int DrawHead(Surface on, int y, ShownLine line)
    {
        var (mark, style) = line.Looks;
        var x = on.Text(0, y, line.Time) + 1;
        x = on.Text(x, y, mark, style) + 1;
        return on.Text(x, y, line.Source.PadRight(7), style) + 1;
    }
}
