using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Logs;

/// <summary>A window onto the log. It follows the newest line until the user scrolls back, and again from <c>End</c> on.</summary>
/// <param name="Top">The mark of the first line in sight; null while following.</param>
/// <param name="Filter">Words that a line must have.</param>
/// <param name="Least">Lines of lesser importance are left out.</param>
/// <param name="Shift">How many columns the texts are moved to the left.</param>
internal sealed record LogView(long? Top = null, string Filter = "", LogLevel Least = LogLevel.Info, int Shift = 0)
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
        Least switch { LogLevel.Warning => "warnings and errors", LogLevel.Error => "errors only", _ => "" },
        IsFollowing ? "" : "scrolled back, End follows",
    ]).Where(part => part.Length > 0));

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

    /// <summary>The lines in sight; the last of them counts as the one the user is on.</summary>
    public ShownLines Shown(LogLines lines, int width, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        var first = First(lines, chosen, height);
        if (IsWrapped && width > TextStart) return Wrapped(chosen, first, width, height);
        return new ShownLines(
            chosen.Count,
            first,
            chosen.Count > 0 ? Math.Min(first + height, chosen.Count) - 1 : null,
            index => [.. Line(chosen[index], Shift, width)]);
    }

    /// <summary>The line that counts as the one the user is on; null where there is none.</summary>
    public ShownLine? LastIn(LogLines lines, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        return chosen.Count == 0 ? null : chosen[Math.Min(First(lines, chosen, height) + height, chosen.Count) - 1];
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
        return by > 0 && to >= chosen.Count - height
            ? Follow()
            : chosen.Count == 0 ? this : this with { Top = lines.MarkOf(chosen.NumberAt(to)) };
    }

    /// <summary>From the newest line upwards, or from the first one in sight downwards, as far as there is room.</summary>
    private ShownLines Wrapped(ChosenLines chosen, int first, int width, int height)
    {
        var rows = new List<ImmutableArray<TextRun>>();
        for (var i = IsFollowing ? chosen.Count - 1 : first; i >= 0 && i < chosen.Count && rows.Count < height; i += IsFollowing ? -1 : 1)
        {
            var line = chosen[i];
            rows.InsertRange(IsFollowing ? 0 : rows.Count, WordWrap.Lines(line.Text, width - TextStart)
                .Select((part, index) =>
                    ImmutableArray.Create<TextRun>([.. index == 0 ? Head(line) : [], new TextRun(TextStart, part, line.Looks.Style)])));
        }
        if (IsFollowing && rows.Count > height) rows.RemoveRange(0, rows.Count - height);
        return ShownLines.Of([.. rows]) with { Selected = rows.Count > 0 ? Math.Min(height, rows.Count) - 1 : null };
    }

    private static IEnumerable<TextRun> Line(ShownLine line, int shift, int width)
    {
        var left = line.Text.AsSpan();
        for (var skipped = 0; skipped < shift && !left.IsEmpty; skipped++) Printable.Next(ref left);
        var text = shift == 0 ? line.Text : left.ToString();
        var head = Head(line);
        return [.. head, TextRun.Cut(head[^1].End + 1, width - head[^1].End - 1, text, line.Looks.Style)];
    }

    private static ImmutableArray<TextRun> Head(ShownLine line)
    {
        var (mark, style) = line.Looks;
        var time = new TextRun(0, line.Time);
        var sign = new TextRun(time.End + 1, mark, style);
        return [time, sign, new TextRun(sign.End + 1, line.Source.PadRight(7), style)];
    }
}
