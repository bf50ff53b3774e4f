using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The bottom line: what the keys do here. Where there is not room for all, the pinned ones stay.</summary>
internal sealed record StatusBar(ImmutableArray<KeyHint> Hints)
{
    private const int Gap = 3;

    public void Draw(Surface on)
    {
        var pinned = Hints.Where(hint => hint.IsPinned).ToList();
        var room = on.Width - pinned.Sum(hint => Printable.Width(hint.Text) + Gap);
        var x = 1;
        foreach (var hint in Hints.Where(hint => !hint.IsPinned))
        {
            if (x + Printable.Width(hint.Text) > room) break;
            x = DrawHint(on, x, hint) + Gap;
        }
        foreach (var hint in pinned) x = DrawHint(on, x, hint) + Gap;
    }

    private static int DrawHint(Surface on, int x, KeyHint hint)
    {
        on.Text(x, 0, hint.Text);
        on.Text(x + (hint.IsEnabled ? 0 : 1), 0, hint.Key, hint.IsEnabled ? Look.Strong : Look.Plain);
        return x + Printable.Width(hint.Text);
    }
}
