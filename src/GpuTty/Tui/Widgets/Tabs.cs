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

    public void Draw(Surface on, bool focused)
    {
        on.Draw(0, Line(on.Width, focused));
        if (focused) on.PlaceCursor(Line(on.Width, focused).FirstOrDefault(run => run.Style == Look.Focus).X, 0);
    }

    /// <summary>One line. The active title stands in brackets, and comes first if not all of them fit.</summary>
    public IEnumerable<TextRun> Line(int width, bool focused)
    {
        var first = Titles.Sum(title => Printable.Width(title) + 3) <= width ? 0 : Active;
        var x = 0;
        for (var i = first; i < Titles.Length && x < width; i++)
        {
            var active = i == Active;
            var title = TextRun.Cut(x, width - x, active ? $"[{Titles[i]}]" : $" {Titles[i]} ", !active ? Look.Plain : focused ? Look.Focus : Look.Strong);
            yield return title;
            x = title.End + 1;
        }
    }
}
