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

    /// <summary>Long lines go on in the next row, instead of being cut.</summary>
    public bool IsWrapped { get; init; }

    /// <summary>How many rows of the first line are above what is in sight.</summary>
    public int TopRow { get; init; }

    public bool IsFollowing => Top is null;

    /// <summary>Why not all lines are in sight, for the frame; empty where the newest of all are.</summary>
    public string Note => string.Join("  ", ((string[])
    [
        TextFilter.IsEmpty(Filter) ? "" : $"/{Filter}",
        Least switch { LogLevel.Warning => "warnings and errors", LogLevel.Error => "errors only", _ => "" },
        IsFollowing ? "" : "scrolled back, End follows",
    ]).Where(part => part.Length > 0));

    public LogView Follow() => this with { Top = null, TopRow = 0 };

    /// <summary>Shows more, and after the most important ones all again.</summary>
    public LogView NextLevel() => this with { Least = Least == LogLevel.Error ? LogLevel.Debug : Least + 1 };

    /// <summary>The view after a key; null if the key is none of a log's.</summary>
    /// <param name="width">Of the room where it is read.</param>
    /// <param name="height">How many rows are in sight.</param>
    public LogView? On(Key key, LogLines lines, int width, int height) => key switch
    {
        { Code: KeyCode.Left } => this with { Shift = Math.Max(0, Shift - ShiftPerKey) },
        { Code: KeyCode.Right } => this with { Shift = Math.Min(FarthestShift, Shift + ShiftPerKey) },
        _ when key.Is('f') => IsFollowing ? Move(lines, 0, width, height) : Follow(),
        _ => Moves.By(key, height - 1) switch
        {
            null => null,
            -Moves.ToEnd => AtFirst(lines),
            Moves.ToEnd => Follow(),
            { } by => Move(lines, by, width, height),
        },
    };

    /// <summary>The lines in sight; the last of them counts as the one the user is on.</summary>
    public ShownLines Shown(LogLines lines, int width, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        if (chosen.Count == 0 && !TextFilter.IsEmpty(Filter)) return ShownLines.Of(TextRun.Cut(0, width, $"nothing matches \"{Filter}\""));
        var rows = new LogRows(chosen, IsWrapped ? width : 0);
        var first = First(lines, rows, height);
        if (rows.AreWrapped) return Wrapped(rows, first, height);
        return new ShownLines(
            chosen.Count,
            first.Line,
            chosen.Count > 0 ? Math.Min(first.Line + height, chosen.Count) - 1 : null,
            index => [.. Line(chosen[index], Shift, width)]);
    }

    /// <summary>The line that counts as the one the user is on; null where there is none.</summary>
    public ShownLine? LastIn(LogLines lines, int width, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        var rows = new LogRows(chosen, IsWrapped ? width : 0);
        return chosen.Count == 0 ? null : chosen[rows.Below(First(lines, rows, height), height - 1).Line];
    }

    /// <summary>Nowhere beyond the place from which the rest fills the height.</summary>
    private (int Line, int Row) First(LogLines lines, LogRows rows, int height)
    {
        var last = rows.Above(rows.End, height);
        return Top is { } top && rows.At(rows.Chosen.IndexOf(lines.NumberOf(top)), TopRow) is var first && first.CompareTo(last) < 0
            ? first
            : last;
    }

    private LogView Move(LogLines lines, int by, int width, int height)
    {
        var chosen = lines.Choose(Filter, Least);
        var rows = new LogRows(chosen, IsWrapped ? width : 0);
        var from = First(lines, rows, height);
        var to = by < 0 ? rows.Above(from, -by) : rows.Below(from, by);
        return by > 0 && to.CompareTo(rows.Above(rows.End, height)) >= 0 ? Follow()
            : chosen.Count == 0 ? this
            : this with { Top = lines.MarkOf(chosen.NumberAt(to.Line)), TopRow = to.Row };
    }

    private LogView AtFirst(LogLines lines) => lines.Choose(Filter, Least) is { Count: > 0 } chosen
        ? this with { Top = lines.MarkOf(chosen.NumberAt(0)), TopRow = 0 }
        : this;

    /// <summary>From the first row in sight downwards, as far as there is room.</summary>
    private static ShownLines Wrapped(LogRows rows, (int Line, int Row) first, int height)
    {
        var shown = new List<ImmutableArray<TextRun>>();
        for (var (index, skipped) = (first.Line, first.Row); index < rows.Chosen.Count && shown.Count < height; index++, skipped = 0)
        {
            var line = rows.Chosen[index];
            shown.AddRange(rows.Of(index).Index().Skip(skipped).Take(height - shown.Count).Select(row => ImmutableArray.Create<TextRun>(
                [.. row.Index == 0 ? Head(line) : [], new TextRun(LogRows.TextStart, row.Item, line.Looks.Style)])));
        }
        return ShownLines.Of([.. shown]) with { Selected = shown.Count > 0 ? shown.Count - 1 : null };
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
