using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>What of a question has the keys.</summary>
internal enum QuestionPart { Field, Yes, No }

/// <summary>A question over the screen, answered by y and n. No has the focus
/// at first, and is what Esc says, so a hurried Enter changes nothing.</summary>
/// <param name="Lines">The question and what follows from the answer; wrapped, and scrolled where the screen is small.</param>
/// <param name="Yes">The words of the button that agrees.</param>
/// <param name="No">The words of the button that changes nothing.</param>
/// <param name="NoFirst">No stands before yes.</param>
internal sealed record Question(string Title, ImmutableArray<Label> Lines, string Yes, string No = "Cancel", bool NoFirst = false)
{
    private const int Widest = 76;
    private const int FieldWidth = 40;

    /// <summary>If set, a field asks for this text, and only no works before it is typed.</summary>
    public string? MustType { get; init; }

    /// <summary>If set, a field asks for any text under these words, and only no works without one.</summary>
    public string? Asks { get; init; }

    public LineEdit Field { get; init; } = new();

    /// <summary>How many of the first lines only no works without.</summary>
    public int MustBeSeen { get; init; }

    /// <summary>How many lines of the text are scrolled away.</summary>
    public int Scrolled { get; init; }

    /// <summary>Where the user has moved to; null until then.</summary>
    public QuestionPart? Moved { get; init; }

    /// <summary>The same question with other words; from its top where something was added that must be seen.</summary>
    public Question Now(Question said) => this with
    {
        Title = said.Title,
        Lines = said.Lines,
        MustBeSeen = said.MustBeSeen,
        MustType = said.MustType,
        Scrolled = said.Lines.Take(said.MustBeSeen).Except(Lines.Take(MustBeSeen)).Any() ? 0 : Scrolled,
    };

    public QuestionPart Focus => Moved ?? (HasField ? QuestionPart.Field : QuestionPart.No);

    /// <summary>True while letters go into the field.</summary>
    public bool IsTyping => Focus == QuestionPart.Field;

    private bool HasField => MustType is not null || Asks is not null;

    private ImmutableArray<QuestionPart> Buttons =>
        NoFirst ? [QuestionPart.No, QuestionPart.Yes] : [QuestionPart.Yes, QuestionPart.No];

    /// <summary>Why nobody can agree yet, in a sentence; null when one can.</summary>
    public string? WhyNoYes =>
        !HasField || (MustType is null ? !string.IsNullOrWhiteSpace(Field.Text) : Field.Text.Trim() == MustType)
            ? null
            : $"Type {MustType ?? "a name"} first.";

    /// <summary>The question after a key, and what the key answers, if it does; or why it does not agree although it would.</summary>
    /// <param name="room">Where the question is drawn.</param>
    public (Question Question, bool? Answer, string? WhyNot) Press(Key key, Rect room)
    {
        if (AnswerOf(key) is not { } answer) return (After(key), null, null);
        if (!answer) return (this, false, null);
        // Back to the field: what is typed next must not be taken for keys.
        if (WhyNoYes is { } why) return (this with { Moved = null }, null, why);
        return IsRead(room) ? (this, true, null) : (this, null, "There is more to read first: Down goes on.");
    }

    private bool? AnswerOf(Key key) =>
        key.Code == KeyCode.Escape ? false
        : IsTyping ? null
        : key.Code == KeyCode.Enter ? Focus == QuestionPart.Yes
        : key.Is('y') ? true
        : key.Is('n') ? false
        : null;

    private Question After(Key key) => key.Code switch
    {
        KeyCode.Tab => MoveFocus(1),
        KeyCode.BackTab => MoveFocus(-1),
        // Out of the field: on a button it answers.
        KeyCode.Enter => MoveFocus(1),
        _ when IsTyping && Field.On(key) is { } typed => this with { Field = typed },
        KeyCode.Left => MoveFocus(-1),
        KeyCode.Right => MoveFocus(1),
        _ => Moves.By(key, 5) is { } by ? Scroll(by) : this,
    };

    private Question MoveFocus(int by)
    {
        ImmutableArray<QuestionPart> places = HasField ? [QuestionPart.Field, .. Buttons] : Buttons;
        return this with { Moved = places[(places.IndexOf(Focus) + by + places.Length) % places.Length] };
    }

    // How far it can go depends on the size of the screen; drawing stops at the end.
    private Question Scroll(int by) =>
        this with { Scrolled = Math.Clamp(Scrolled + by, 0, Math.Max(0, Lines.Sum(line => 1 + (line.Width / 20)) - 1)) };

    /// <summary>All that must be seen was in sight.</summary>
    public bool IsRead(Rect room)
    {
        var inner = Math.Max(1, Width(room) - 4);
        int Rows(IEnumerable<Label> lines) => WordWrap.Labels(lines, inner).Length;
        var below = ButtonRows(inner) + (HasField ? 2 : 0);
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
        var rows = ButtonRows(inner);
        var area = on.Center(width, text.Length + rows + (HasField ? 3 : 1) + 2);
        var inside = PanelFrame.Inside(area);

        var (buttonArea, above) = inside.AtOrigin().SplitBottom(rows);
        var (fieldArea, textArea) = above.SplitBottom(HasField ? 2 : 0);
        var first = Math.Clamp(Scrolled, 0, Math.Max(0, text.Length - textArea.Height));
        return new ScreenPanels(new PanelPicture(area, new PanelFrame(Title, Focused: true),
            new PanelPart(textArea, ShownLines.Of(text) with { First = first }),
            new PanelPart(fieldArea, HasField ? Asked(fieldArea) : ShownLines.None),
            ButtonPart(buttonArea, rows)))
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

    /// <summary>Beside each other, or one below the other.</summary>
    private PanelPart ButtonPart(Rect at, int rows)
    {
        var x = rows == 1 ? Printable.Width(Caption(Buttons[0])) + 1 : 0;
        ImmutableArray<TextRun> buttons = [.. Buttons.Select((button, index) =>
            new TextRun(index * x, Caption(button), button == Focus ? Theme.Focus : Theme.Plain))];
        var focused = Math.Max(0, Buttons.IndexOf(Focus));
        var lines = ShownLines.Of(rows == 1 ? [buttons] : [[buttons[0]], [buttons[1]]]);
        return new PanelPart(at, lines with { Selected = focused * (rows - 1) })
        {
            HasCursor = true,
            CursorX = buttons[focused].X,
            Buttons = [.. buttons.Select((button, index) => (index * (rows - 1), button.X, button.End, KeysOf(index)))],
        };
    }

    /// <summary>What presses a button; letters go into the field while that has the keys.</summary>
    private ImmutableArray<Key> KeysOf(int button) => IsTyping ? [.. Enumerable.Repeat(Key.Tab, button + 1), Key.Enter]
        : Buttons[button] == QuestionPart.Yes ? [Key.Of('y')] : [Key.Of('n')];

    private int ButtonRows(int width) => Buttons.Sum(button => Printable.Width(Caption(button)) + 1) - 1 > width ? 2 : 1;

    private string Caption(QuestionPart button) =>
        button == QuestionPart.No ? $"[ n {No} ]" : WhyNoYes is null ? $"[ y {Yes} ]" : $"( y {Yes} )";

    private int Width(Rect on) => Math.Min(on.Width, Math.Clamp(Lines.Append(Title).Max(line => line.Width) + 4, 44, Widest));
}
