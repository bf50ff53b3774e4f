using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>Breaks a text into lines of a width: between words where it can, inside a word that is longer than a line.</summary>
internal static class WordWrap
{
    private const int WidestName = 16;

    public static IEnumerable<string> Lines(string text, int width)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = paragraph;
            while (width > 0 && Printable.Width(line) > width)
            {
                var end = Fit(line, width);
                var space = line.LastIndexOf(' ', end);
                // What a command writes to stays with the mark before it, where both fit into a line.
                if (space > 1 && line.AsSpan(0, space).EndsWith(" >") && WordAt(line, space + 1) + 2 <= width) space -= 2;
                // Blanks at the start of a paragraph are its indentation, not a place to break.
                var breaks = space > 0 && !line.AsSpan(0, space).IsWhiteSpace();
                yield return (breaks ? line[..space] : line[..end]).TrimEnd(' ');
                line = (breaks ? line[space..] : line[end..]).TrimStart(' ');
            }
            yield return line;
        }
    }

    /// <summary>Continued lines keep the indentation of their first one; after a short name and a gap, that of what is named;
    /// after a dash, that of what is listed.</summary>
    public static ImmutableArray<Label> Labels(IEnumerable<Label> lines, int width) =>
    [
        .. lines.SelectMany(line =>
        {
            var indent = Indent(line.Text);
            if (indent > width / 2) indent = 0;
            return Lines(line.Text[indent..], width - indent)
                .Select((part, index) => new Label((index == 0 ? line.Text[..indent] : new string(' ', indent)) + part, line.Style));
        }),
    ];

    private static int Indent(string text)
    {
        var own = text.Length - text.TrimStart(' ').Length;
        var gap = text.LastIndexOf("  ", Math.Min(text.Length, WidestName) - 1 is var last and >= 0 ? last : 0, StringComparison.Ordinal);
        return gap > own ? gap + 2 : text.AsSpan(own).StartsWith("- ") ? own + 2 : own;
    }

    private static int WordAt(string line, int start) => (line.IndexOf(' ', start) is var end and >= 0 ? end : line.Length) - start;

    /// <summary>How many characters fit into the width; never half of a surrogate pair.</summary>
    private static int Fit(string line, int width)
    {
        var rest = line.AsSpan();
        for (var taken = 0; taken < width; taken++) Printable.Next(ref rest);
        return line.Length - rest.Length;
    }
}
