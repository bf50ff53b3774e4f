using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A way out of a dialog.</summary>
/// <param name="Letter">Presses it from anywhere but the text field.</param>
/// <param name="IsSafe">It changes nothing: it has the focus at first, and Esc presses it.</param>
internal sealed record QuestionButton(string Label, char Letter, bool IsSafe = false);

/// <summary>A question over the screen. The safe button has the focus, so a hurried Enter changes nothing.</summary>
/// <param name="Lines">The question and what follows from the answer; wrapped, and scrolled where the screen is small.</param>
internal sealed record Question(string Title, ImmutableArray<Label> Lines, params ImmutableArray<QuestionButton> Buttons)
{
    private const int OnField = -1;
    private const int Widest = 76;
    private const int FieldWidth = 40;

    /// <summary>If set, a field asks for this text, and only the safe buttons work before it is typed.</summary>
    public string? MustType { get; init; }

    /// <summary>If set, a field asks for any text under these words, and only the safe buttons work without one.</summary>
    public string? Asks { get; init; }

    public LineEdit Field { get; init; } = new();

    /// <summary>How many of the first lines only the safe button works without.</summary>
    public int MustBeSeen { get; init; }

    /// <summary>How many lines of the text are scrolled away.</summary>
    public int Scrolled { get; init; }

    /// <summary>The index of the button with the focus; null until the user moves it.</summary>
    public int? Focus { get; init; }

    /// <summary>The same question with other words; from its top where something was added that must be seen.</summary>
    public Question Now(Question said) => this with
    {
        Title = said.Title,
        Lines = said.Lines,
        MustBeSeen = said.MustBeSeen,
        MustType = said.MustType,
        Scrolled = said.Lines.Take(said.MustBeSeen).Except(Lines.Take(MustBeSeen)).Any() ? 0 : Scrolled,
    };

    /// <summary>True while letters go into the field.</summary>
    public bool IsTyping => FocusNow == OnField;

    private int FocusNow => Focus ?? (HasField ? OnField : SafeIndex);

    private int SafeIndex => Math.Max(0, Buttons.ToList().FindIndex(button => button.IsSafe));

    private bool HasField => MustType is not null || Asks is not null;

    public bool Allows(QuestionButton button) =>
        button.IsSafe || !HasField || (MustType is null ? !string.IsNullOrWhiteSpace(Field.Text) : Field.Text.Trim() == MustType);

    /// <summary>Why this button cannot be pressed yet, in a sentence; null when it can.</summary>
    public string? WhyNot(QuestionButton button) => Allows(button) ? null : $"Type {MustType ?? "a name"} first.";

    /// <summary>Why the key presses no button although it is one's; null where it does, or is none of them.</summary>
    public string? WhyNot(Key key) => !IsTyping && Meant(key) is { } meant ? WhyNot(meant) : null;

    /// <summary>The dialog after a key, and the button that the key pressed, if it pressed one.</summary>
    public (Question Question, QuestionButton? Pressed) On(Key key)
    {
        switch (key.Code)
        {
            case KeyCode.Escape: return (this, Buttons.FirstOrDefault(button => button.IsSafe));
            case KeyCode.Tab: return (MoveFocus(1), null);
            case KeyCode.BackTab: return (MoveFocus(-1), null);
            case KeyCode.Up: return (Scroll(-1), null);
            case KeyCode.Down: return (Scroll(1), null);
            case KeyCode.PageUp: return (Scroll(-5), null);
            case KeyCode.PageDown: return (Scroll(5), null);
            case KeyCode.Enter when IsTyping: return (MoveFocus(1), null);
        }
        if (IsTyping) return (this with { Field = Field.On(key) ?? Field }, null);
        return key.Code switch
        {
            KeyCode.Left => (MoveFocus(-1), null),
            KeyCode.Right => (MoveFocus(1), null),
            _ => (this, Meant(key) is { } button && Allows(button) ? button : null),
        };
    }

    /// <summary>The button that a key is about, whether it can be pressed or not.</summary>
    private QuestionButton? Meant(Key key) =>
        key.Code == KeyCode.Enter ? Buttons.ElementAtOrDefault(FocusNow) : Buttons.FirstOrDefault(button => key.Is(button.Letter));

    private Question MoveFocus(int by)
    {
        var first = HasField ? OnField : 0;
        var places = Buttons.Length - first;
        return places == 0 ? this : this with { Focus = first + ((FocusNow - first + by + places) % places) };
    }

    // How far it can go depends on the size of the screen; drawing stops at the end.
    private Question Scroll(int by) =>
        this with { Scrolled = Math.Clamp(Scrolled + by, 0, Math.Max(0, Lines.Sum(line => 1 + (line.Width / 20)) - 1)) };

    /// <summary>Why the key agrees to nothing yet: there is more to read; null where it is no such key, or all was in sight.</summary>
    /// <param name="room">Where the dialog is drawn.</param>
    public string? WhyUnread(Key key, Rect room) =>
        !IsTyping && Meant(key) is { IsSafe: false } && !IsRead(room) ? "There is more to read first: Down goes on." : null;

    public bool IsRead(Rect room)
    {
        var inner = Math.Max(1, Width(room) - 4);
        int Rows(IEnumerable<Label> lines) => WordWrap.Labels(lines, inner).Length;
        var below = ButtonRows(inner).Count + (HasField ? 2 : 0);
        var all = Rows(Lines);
        var sight = Math.Max(0, Math.Min(room.Height, all + below + 3) - 2 - below);
        return Rows(Lines.Take(MustBeSeen)) <= Math.Clamp(Scrolled, 0, Math.Max(0, all - sight)) + sight;
    }

    /// <summary>In the middle of this area.</summary>
    public ScreenPanels Picture(Rect on)
    {
        var width = Width(on);
        var inner = Math.Max(1, width - 4);
        var text = WordWrap.Labels(Lines, inner)
            .Select(line => ImmutableArray.Create(new TextRun(0, line.Text, line.Style)))
            .ToImmutableArray();
        var buttons = ButtonRows(inner);
        var area = on.Center(width, text.Length + buttons.Count + (HasField ? 3 : 1) + 2);
        var inside = PanelFrame.Inside(area);

        var (buttonArea, above) = new Rect(0, 0, inside.Width, inside.Height).SplitBottom(buttons.Count);
        var (fieldArea, textArea) = above.SplitBottom(HasField ? 2 : 0);
        var first = Math.Clamp(Scrolled, 0, Math.Max(0, text.Length - textArea.Height));
        return new ScreenPanels(new PanelPicture(area, new PanelFrame(Title, Focused: true),
            new PanelPart(textArea, ShownLines.Of(text) with { First = first }),
            new PanelPart(fieldArea, HasField ? Asked(fieldArea) : ShownLines.None),
            ButtonPart(buttonArea, buttons)))
        {
            Typed = HasField && IsTyping && !fieldArea.IsEmpty
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
        [TextRun.Cut(0, at.Width, Asks ?? $"Type {MustType} to allow it:")],
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
                line.Add(new TextRun(x, Caption(Buttons[index]), index == FocusNow ? Theme.Focus : Theme.Plain));
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

    private string Caption(QuestionButton button) =>
        Allows(button) ? $"[ {button.Letter} {button.Label} ]" : $"( {button.Letter} {button.Label} )";

    private int Width(Rect on) => Math.Min(on.Width, Math.Clamp(Lines.Append(Title).Max(line => line.Width) + 4, 44, Widest));
}
