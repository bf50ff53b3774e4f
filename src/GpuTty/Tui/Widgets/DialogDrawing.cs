using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <content>How a dialog looks. When the screen is too small the text gives way, never the buttons.</content>
internal sealed partial record Dialog
{
    private const int Widest = 76;
    private const int FieldWidth = 40;

    /// <summary>In the middle of this area.</summary>
    public ScreenPanels Picture(Rect on)
    {
        var width = Math.Min(on.Width, Math.Clamp(Lines.Append(Title).Max(line => line.Width) + 4, 44, Widest));
        var inner = Math.Max(1, width - 4);
        var text = Lines.SelectMany(line =>
            WordWrap.Lines(line.Text, inner).Select(part => ImmutableArray.Create(new TextRun(0, part, line.Style)))).ToImmutableArray();
        var buttons = ButtonRows(inner);
        var area = on.Center(width, text.Length + buttons.Count + (MustType is null ? 1 : 3) + 2);
        var inside = FrameView.Inside(area);

        var (buttonArea, above) = new Rect(0, 0, inside.Width, inside.Height).SplitBottom(buttons.Count);
        var (fieldArea, textArea) = above.SplitBottom(MustType is null ? 0 : 2);
        var first = Math.Clamp(Scrolled, 0, Math.Max(0, text.Length - textArea.Height));
        var hasMore = textArea.Height > 0 && text.Length - first > textArea.Height;
        return new ScreenPanels(new PanelPicture(area, new FrameView(Title, Focused: true) { HasMore = hasMore },
            new PanelPart(textArea, ShownLines.Of(text) with { First = first }),
            new PanelPart(fieldArea, MustType is null ? ShownLines.None : Asked(fieldArea)),
            ButtonPart(buttonArea, buttons)))
        {
            Typed = MustType is not null && IsTyping && !fieldArea.IsEmpty
                ? new TypedField(
                    Field,
                    inside.X,
                    inside.Y + fieldArea.Y + Math.Min(1, fieldArea.Height - 1),
                    "",
                    Math.Min(inside.Width, FieldWidth))
                : null,
        };
    }

    /// <summary>What must be typed, and the field while the keys are elsewhere.</summary>
    private ShownLines Asked(Rect at) => ShownLines.Of(
    [
        [TextRun.Cut(0, at.Width, $"Type {MustType} to allow it:")],
        .. IsTyping ? [] : ImmutableArray.Create(Field.Line(Math.Min(at.Width, FieldWidth))),
    ]);

    private PanelPart ButtonPart(Rect at, List<List<int>> rows)
    {
        var lines = ImmutableArray.CreateBuilder<ImmutableArray<TextRun>>();
        var places = ImmutableArray.CreateBuilder<(int, int, int, ImmutableArray<Key>)>();
        var (row, column) = (0, 0);
        foreach (var indexes in rows)
        {
            var line = ImmutableArray.CreateBuilder<TextRun>();
            foreach (var index in indexes)
            {
                var x = line.Count == 0 ? 0 : line[^1].End + 1;
                if (index == FocusNow) (row, column) = (lines.Count, x);
                line.Add(new TextRun(x, Caption(Buttons[index]), index == FocusNow ? Look.Focus : Look.Plain));
                // Letters go into the field while that has the keys.
                ImmutableArray<Key> keys = IsTyping
                    ? [.. Enumerable.Repeat(Key.Tab, index + 1), Key.Enter]
                    : [Key.Of(Buttons[index].Letter)];
                places.Add((lines.Count, x, line[^1].End, keys));
            }
            lines.Add(line.ToImmutable());
        }
        return new PanelPart(at, ShownLines.Of(lines.ToImmutable()) with { Selected = row })
        {
            HasCursor = true,
            CursorX = column,
            Buttons = places.ToImmutable(),
        };
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

    private string Caption(DialogButton button) =>
        Allows(button) ? $"[ {button.Letter} {button.Label} ]" : $"( {button.Letter} {button.Label} )";
}
