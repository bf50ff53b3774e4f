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
        var room = Math.Max(1, on.Width - left - 3);
        var lines = WordWrap.Lines(Notice.Text, room).ToList();
        var shown = Math.Min(lines.Count, MostLines);
        for (var line = 0; line < shown; line++)
        {
            var text = line == shown - 1 ? string.Join(' ', lines[line..]) : lines[line];
            var y = edge - shown + 1 + line;
            on.Fill(new Rect(left, y, shown > 1 ? room + 2 : Math.Min(room, Printable.Width(text)) + 2, 1));
            on.CutText(left + 1, y, room, text, Notice.Style.Bold);
        }
    }
}
