using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The titles of pages of which one is shown.</summary>
internal sealed record Tabs(ImmutableArray<string> Titles, int Active = 0)
{
    /// <summary>One line. The active title stands in brackets, and comes first if not all of them fit.</summary>
    public IEnumerable<TextRun> Line(int width)
    {
        var first = Titles.Sum(title => Printable.Width(title) + 3) <= width ? 0 : Active;
        var x = 0;
        for (var i = first; i < Titles.Length && x < width; i++)
        {
            var active = i == Active;
            var title = TextRun.Cut(x, width - x, active ? $"[{Titles[i]}]" : $" {Titles[i]} ", active ? Look.Strong : Look.Plain);
            yield return title;
            x = title.End + 1;
        }
    }
}
