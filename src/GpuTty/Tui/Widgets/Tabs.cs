using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The titles of pages of which one is shown.</summary>
internal sealed record Tabs(ImmutableArray<string> Titles, int Active = 0)
{
    public Tabs Next() => Titles.IsEmpty ? this : this with { Active = (Active + 1) % Titles.Length };

    public Tabs Previous() => Titles.IsEmpty ? this : this with { Active = (Active + Titles.Length - 1) % Titles.Length };

    /// <summary>The tabs after a key; null if the key is none of theirs.</summary>
    public Tabs? On(Key key) => key.Code switch
    {
        KeyCode.Left => Previous(),
        KeyCode.Right => Next(),
        _ => null,
    };

    /// <summary>One line. The active title stands in brackets, and comes first if not all of them fit.</summary>
    public void Draw(Surface on, bool focused)
    {
        var first = Titles.Sum(title => Printable.Width(title) + 3) <= on.Width ? 0 : Active;
        var x = 0;
        for (var i = first; i < Titles.Length && x < on.Width; i++)
        {
            var active = i == Active;
            if (active && focused) on.PlaceCursor(x, 0);
            var style = !active ? Look.Plain : focused ? Look.Focus : Look.Strong;
            x = on.CutText(x, 0, on.Width - x, active ? $"[{Titles[i]}]" : $" {Titles[i]} ", style) + 1;
        }
    }
}
