using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <content>How a dialog looks. When the screen is too small the text gives way, never the buttons.</content>
internal sealed partial record Dialog
{
    private const int Widest = 76;

    public void Draw(Surface on)
    {
        var width = Math.Min(on.Width, Math.Clamp(Lines.Append(Title).Max(line => line.Width) + 4, 44, Widest));
        var inner = Math.Max(1, width - 4);
        var text = Lines.SelectMany(line => WordWrap.Lines(line.Text, inner).Select(part => new Label(part, line.Style))).ToImmutableArray();
        var buttons = ButtonRows(inner);
        var bottom = buttons.Count + (MustType is null ? 1 : 3);
        var area = on.Bounds.Center(width, text.Length + bottom + 2);
        on.Fill(area);
        var inside = new FrameView(Title, Focused: true).Draw(on, area);

        var (buttonArea, above) = inside.Bounds.SplitBottom(buttons.Count);
        DrawButtons(inside.Clip(buttonArea), buttons);
        if (MustType is not null)
        {
            (var fieldArea, above) = above.SplitBottom(2);
            DrawField(inside.Clip(fieldArea));
        }
        if (DrawText(inside.Clip(above), text)) on.Text(area.X + area.Width - 10, area.Y + area.Height - 1, " ↓ more ", Look.Strong);
    }

    private void DrawField(Surface on)
    {
        on.CutText(0, 0, on.Width, $"Type {MustType} to allow it:");
        Field.Draw(on, 0, Math.Min(1, on.Height - 1), Math.Min(on.Width, 40), IsTyping);
    }

    /// <summary>True if there is more below.</summary>
    private bool DrawText(Surface on, ImmutableArray<Label> text)
    {
        var first = Math.Clamp(Scrolled, 0, Math.Max(0, text.Length - on.Height));
        for (var y = 0; y < Math.Min(on.Height, text.Length - first); y++) on.Text(0, y, text[first + y].Text, text[first + y].Style);
        return on.Height > 0 && text.Length - first > on.Height;
    }

    private void DrawButtons(Surface on, List<List<int>> rows)
    {
        for (var y = 0; y < rows.Count; y++)
        {
            var x = 0;
            foreach (var index in rows[y])
            {
                var focused = index == FocusNow;
                if (focused) on.PlaceCursor(x, y);
                x = on.Text(x, y, Caption(Buttons[index]), focused ? Look.Focus : Look.Plain) + 1;
            }
        }
    }

    private List<List<int>> ButtonRows(int width)
    {
        var rows = new List<List<int>> { new() };
        var used = 0;
        for (var i = 0; i < Buttons.Length; i++)
        {
            var size = Printable.Width(Caption(Buttons[i])) + 1;
            if (used > 0 && used + size - 1 > width)
            {
                rows.Add([]);
                used = 0;
            }
            rows[^1].Add(i);
            used += size;
        }
        return rows;
    }

    private string Caption(DialogButton button) => Allows(button) ? $"[ {button.Letter} {button.Label} ]" : $"( {button.Letter} {button.Label} )";
}
