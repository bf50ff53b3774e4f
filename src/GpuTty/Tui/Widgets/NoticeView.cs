using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>One sentence for the user, in the lower edge of what is on the screen:
/// that says nothing itself, so neither a row nor a key is lost to it.</summary>
internal sealed record NoticeView(Label Notice)
{
    private const int MostLines = 3;

    /// <summary>The lines with the blanks around them, as wide as each other where there are several.</summary>
    public ImmutableArray<ImmutableArray<TextRun>> Lines(int width)
    {
        var room = Math.Max(1, width - 3);
        var lines = WordWrap.Lines(Notice.Text, room).ToList();
        var shown = Math.Min(lines.Count, MostLines);
        return [.. Enumerable.Range(
            0, shown).Select(line => Line(line == shown - 1 ? string.Join(' ', lines[line..]) : lines[line], room, isAlone: shown == 1))];
    }

    private ImmutableArray<TextRun> Line(string text, int room, bool isAlone) =>
        [
            new TextRun(0, new string(' ', (isAlone ? Math.Min(room, Printable.Width(text)) : room) + 2)),
            TextRun.Cut(1, room, text, Notice.Style.Bold),
        ];
}
