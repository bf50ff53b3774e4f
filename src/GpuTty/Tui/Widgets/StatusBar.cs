using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The bottom line: what the keys do here. Where there is not room for all, the pinned ones stay.</summary>
internal sealed record StatusBar(ImmutableArray<KeyHint> Hints)
{
    private const int Gap = 3;

    public void Draw(Surface on)
    {
        // What comes first stays first, pinned or not; the other pinned ones are the way out, which is looked for at the end.
        var first = Hints.TakeWhile(hint => hint.IsPinned).ToList();
        var last = Hints.Skip(first.Count).Where(hint => hint.IsPinned).ToList();
        // Never half an entry: what does not fit goes, the help first, which every key that does nothing names.
        while (last.Count > 0 && first.Concat(last).Sum(hint => Printable.Width(hint.Text) + Gap) > on.Width + Gap - 1) last.Remove(last.Find(hint => hint.Label == "help") ?? last[^1]);
        var room = on.Width - last.Sum(hint => Printable.Width(hint.Text) + Gap);
        var x = 1;
        foreach (var hint in first) x = DrawHint(on, x, hint) + Gap;
        foreach (var hint in Hints.Where(hint => !hint.IsPinned))
        {
            if (x + Printable.Width(hint.Text) > room) break;
            x = DrawHint(on, x, hint) + Gap;
        }
        foreach (var hint in last) x = DrawHint(on, x, hint) + Gap;
    }

    private static int DrawHint(Surface on, int x, KeyHint hint)
    {
        on.Text(x, 0, hint.Text);
        on.Text(x + (hint.IsEnabled ? 0 : 1), 0, hint.Key, hint.IsEnabled ? Look.Strong : Look.Plain);
        return x + Printable.Width(hint.Text);
    }
}
