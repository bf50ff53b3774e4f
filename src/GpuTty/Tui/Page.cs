using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>A text to read: wrapped to the width, scrolled by lines.</summary>
/// <param name="Top">How many lines are scrolled away.</param>
internal sealed record Page(int Top = 0)
{
    private const int WidestName = 16;

    /// <summary>The page after a key; null if the key is none of a page's.</summary>
    /// <param name="lines">What is read, to know where it ends.</param>
    /// <param name="room">Where it is read.</param>
    public Page? On(Key key, IEnumerable<Label> lines, Rect room) => key switch
    {
        { Code: KeyCode.Up } => By(-1, lines, room),
        { Code: KeyCode.Down } => By(1, lines, room),
        { Code: KeyCode.PageUp } => By(1 - room.Height, lines, room),
        { Code: KeyCode.PageDown } => By(room.Height - 1, lines, room),
        { Code: KeyCode.Home } => new Page(),
        { Code: KeyCode.End } => By(int.MaxValue / 2, lines, room),
        _ when key.Is('k') => By(-1, lines, room),
        _ when key.Is('j') => By(1, lines, room),
        _ when key.Is('g') => new Page(),
        _ when key.Is('G') => By(int.MaxValue / 2, lines, room),
        _ => null,
    };

    public ShownLines Shown(IEnumerable<Label> lines, int width, int height)
    {
        var all = Wrap(lines, Math.Max(1, width));
        var first = Math.Clamp(Top, 0, Math.Max(0, all.Length - height));
        return new ShownLines(all.Length, first, null, index => [new TextRun(0, all[index].Text, all[index].Style)]);
    }

    /// <summary>Continued lines keep the indentation of their first one; after a short name and a gap, that of what is named.</summary>
    public static ImmutableArray<Label> Wrap(IEnumerable<Label> lines, int width) =>
    [
        .. lines.SelectMany(line =>
        {
            var indent = Indent(line.Text);
            if (indent > width / 2) indent = 0;
            return WordWrap.Lines(line.Text[indent..], width - indent)
                .Select((part, index) => new Label((index == 0 ? line.Text[..indent] : new string(' ', indent)) + part, line.Style));
        }),
    ];

    private static int Indent(string text)
    {
        var own = text.Length - text.TrimStart(' ').Length;
        var gap = text.LastIndexOf("  ", Math.Min(text.Length, WidestName) - 1 is var last and >= 0 ? last : 0, StringComparison.Ordinal);
        return gap > own ? gap + 2 : own;
    }

    private Page By(int by, IEnumerable<Label> lines, Rect room) =>
        new(Math.Clamp(Top + by, 0, Math.Max(0, Wrap(lines, Math.Max(1, room.Width)).Length - room.Height)));
}
