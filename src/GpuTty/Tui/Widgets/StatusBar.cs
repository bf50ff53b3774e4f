using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The bottom line: what the keys do here. Where there is not room for all, the pinned ones stay.</summary>
internal sealed record StatusBar(ImmutableArray<KeyHint> Hints)
{
    private const int Gap = 3;

    public IEnumerable<TextRun> Line(int width) => Places(width).SelectMany(place => (TextRun[])
    [
        new TextRun(place.X, place.Hint.Text),
        new TextRun(place.X + (place.Hint.IsEnabled ? 0 : 1), place.Hint.Key, place.Hint.IsEnabled ? Look.Strong : Look.Plain),
    ]);

    /// <summary>What stands in this column.</summary>
    public KeyHint? At(int x, int width) =>
        Places(width).FirstOrDefault(place => x >= place.X && x < place.X + Printable.Width(place.Hint.Text)).Hint;

    private IEnumerable<(int X, KeyHint Hint)> Places(int width)
    {
        // What comes first stays first, pinned or not; the other pinned ones are the way out, which is looked for at the end.
        var first = Hints.TakeWhile(hint => hint.IsPinned).ToList();
        var last = Hints.Skip(first.Count).Where(hint => hint.IsPinned).ToList();
        // Never half an entry: what does not fit goes, the help first, which every key that does nothing names.
        while (last.Count > 0 && first.Concat(last).Sum(hint => Printable.Width(hint.Text) + Gap) > width + Gap - 1)
            last.Remove(last.Find(hint => hint.Label == "help") ?? last[^1]);
        var room = width - last.Sum(hint => Printable.Width(hint.Text) + Gap);
        var x = 1;
        var shown = first.ToList();
        var used = 1 + first.Sum(hint => Printable.Width(hint.Text) + Gap);
        foreach (var hint in Hints.Where(hint => !hint.IsPinned))
        {
            if (used + Printable.Width(hint.Text) > room) break;
            shown.Add(hint);
            used += Printable.Width(hint.Text) + Gap;
        }
        foreach (var hint in shown.Concat(last))
        {
            yield return (x, hint);
            x += Printable.Width(hint.Text) + Gap;
        }
    }
}
