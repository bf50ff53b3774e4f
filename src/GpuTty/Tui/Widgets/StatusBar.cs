using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The bottom line: what the keys do here. Where there is not room for all, the pinned ones stay.</summary>
internal sealed record StatusBar(ImmutableArray<KeyHint> Hints)
{
    private const int Gap = 3;

    public IEnumerable<TextRun> Line(int width)
    {
        // What comes first stays first, pinned or not; the other pinned ones are the way out, which is looked for at the end.
        var first = Hints.TakeWhile(hint => hint.IsPinned).ToList();
        var last = Hints.Skip(first.Count).Where(hint => hint.IsPinned).ToList();
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
            yield return new TextRun(x, hint.Text);
            yield return new TextRun(x + (hint.IsEnabled ? 0 : 1), hint.Key, hint.IsEnabled ? Look.Strong : Look.Plain);
            x += Printable.Width(hint.Text) + Gap;
        }
    }
}
