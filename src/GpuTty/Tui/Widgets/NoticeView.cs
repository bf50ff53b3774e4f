using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>One sentence for the user, in the lower edge of what is on the screen: that says nothing itself, so neither a row nor a key is lost to it.</summary>
internal sealed record NoticeView(Label Notice)
{
    private const int MostLines = 3;

    /// <summary>A long one grows upwards, over what is there until the next key.</summary>
    /// <param name="edge">The row of the edge.</param>
    public void Draw(Surface on, int edge)
    {
        // What is being typed in the same row stays in sight.
        var left = on.Cursor.Visible && on.Cursor.Y == edge ? on.Cursor.X + 2 : 1;
        var lines = Lines(on.Width - left);
        for (var line = 0; line < lines.Length; line++) on.Draw(edge - lines.Length + 1 + line, lines[line].Select(run => run with { X = run.X + left }));
    }

    /// <summary>The lines with the blanks around them, as wide as each other where there are several.</summary>
    public ImmutableArray<ImmutableArray<TextRun>> Lines(int width)
    {
        var room = Math.Max(1, width - 3);
        var lines = WordWrap.Lines(Notice.Text, room).ToList();
        var shown = Math.Min(lines.Count, MostLines);
        return [.. Enumerable.Range(0, shown).Select(line => Line(line == shown - 1 ? string.Join(' ', lines[line..]) : lines[line], room, isAlone: shown == 1))];
    }

    private ImmutableArray<TextRun> Line(string text, int room, bool isAlone) =>
        [new TextRun(0, new string(' ', (isAlone ? Math.Min(room, Printable.Width(text)) : room) + 2)), TextRun.Cut(1, room, text, Notice.Style.Bold)];
}
