using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A question over the screen. The safe button has the focus, so a hurried Enter changes nothing.</summary>
/// <param name="Lines">The question and what follows from the answer; wrapped, and scrolled where the screen is small.</param>
internal sealed partial record Dialog(string Title, ImmutableArray<Label> Lines, params ImmutableArray<DialogButton> Buttons)
{
    private const int OnField = -1;

    /// <summary>If set, a field asks for this text, and only the safe buttons work before it is typed.</summary>
    public string? MustType { get; init; }

    public TextField Field { get; init; } = new();

    /// <summary>How many lines of the text are scrolled away.</summary>
    public int Scrolled { get; init; }

    /// <summary>The index of the button with the focus; null until the user moves it.</summary>
    public int? Focus { get; init; }

    /// <summary>True while letters go into the field.</summary>
    public bool IsTyping => FocusNow == OnField;

    private int FocusNow => Focus ?? (MustType is null ? SafeIndex : OnField);

    private int SafeIndex => Math.Max(0, Buttons.ToList().FindIndex(button => button.IsSafe));

    public bool Allows(DialogButton button) => button.IsSafe || MustType is null || Field.Text.Trim() == MustType;

    /// <summary>Why this button cannot be pressed yet, in a sentence; null when it can.</summary>
    public string? WhyNot(DialogButton button) => Allows(button) ? null : $"Type {MustType} first.";

    /// <summary>Why the key presses no button although it is one's; null where it does, or is none of them.</summary>
    public string? WhyNot(Key key) => IsTyping ? null
        : (key.Code == KeyCode.Enter
            ? Buttons.ElementAtOrDefault(FocusNow)
            : Buttons.FirstOrDefault(button => key.Is(button.Letter))) is { } meant
            ? WhyNot(meant)
            : null;

    /// <summary>The dialog after a key, and the button that the key pressed, if it pressed one.</summary>
    public (Dialog Dialog, DialogButton? Pressed) On(Key key)
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
            case KeyCode.Enter: return (this, Press(Buttons.ElementAtOrDefault(FocusNow)));
        }
        if (IsTyping) return (this with { Field = Field.On(key) ?? Field }, null);
        return key.Code switch
        {
            KeyCode.Left => (MoveFocus(-1), null),
            KeyCode.Right => (MoveFocus(1), null),
            _ => (this, Press(Buttons.FirstOrDefault(button => key.Is(button.Letter)))),
        };
    }

    private DialogButton? Press(DialogButton? button) => button is not null && Allows(button) ? button : null;

    private Dialog MoveFocus(int by)
    {
        var first = MustType is null ? 0 : OnField;
        var places = Buttons.Length - first;
        return places == 0 ? this : this with { Focus = first + ((FocusNow - first + by + places) % places) };
    }

    // How far it can go depends on the size of the screen; drawing stops at the end.
    private Dialog Scroll(int by) =>
        this with { Scrolled = Math.Clamp(Scrolled + by, 0, Math.Max(0, Lines.Sum(line => 1 + (line.Width / 20)) - 1)) };
}
