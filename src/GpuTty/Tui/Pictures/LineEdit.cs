using System.Collections.Immutable;
using System.Text;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>One line the user can edit with the keys a shell has.</summary>
/// <param name="Cursor">The character the cursor is on; the length of the text when it is behind the last one.</param>
internal sealed record LineEdit(string Text = "", int Cursor = 0)
{
    public int MaxLength { get; init; } = 200;

    /// <summary>False for a field that asks the user to type something on purpose.</summary>
    public bool TakesPaste { get; init; }

    /// <summary>A search or a filter, with the cursor behind what was typed before.</summary>
    public static LineEdit Of(string text = "") => new(text, text.Length) { TakesPaste = true };

    /// <summary>The field after a key; null if the key is none of a field's.</summary>
    public LineEdit? On(Key key) => key switch
    {
        { Code: KeyCode.Left } => At(Cursor - 1),
        { Code: KeyCode.Right } => At(Cursor + 1),
        { Code: KeyCode.Home } => At(0),
        { Code: KeyCode.End } => At(Text.Length),
        { Code: KeyCode.Backspace } => Remove(Cursor - 1, Cursor),
        { Code: KeyCode.Delete } => Remove(Cursor, Cursor + 1),
        { Character: { } rune } => Insert(rune.ToString()),
        _ when key == Key.Ctrl('a') => At(0),
        _ when key == Key.Ctrl('e') => At(Text.Length),
        _ when key == Key.Ctrl('u') => Remove(0, Cursor),
        _ when key == Key.Ctrl('k') => Remove(Cursor, Text.Length),
        _ when key == Key.Ctrl('w') => Remove(WordStart(), Cursor),
        _ => null,
    };

    /// <summary>The field after a paste: its first line, if the field takes pastes at all.</summary>
    public LineEdit Paste(string text) => TakesPaste ? Insert(text.AsSpan().Trim().ToString().Split('\r', '\n')[0]) : this;

    /// <summary>The part of the text around the cursor, while nothing is typed.</summary>
    public ImmutableArray<TextRun> Line(int width)
    {
        var first = Math.Min(Math.Max(0, Cursor - width + 1), Text.Length);
        return [new TextRun(0, new string('_', width)), new TextRun(0, Text[first..Math.Min(Text.Length, first + width)])];
    }

    private LineEdit At(int cursor) => this with { Cursor = Math.Clamp(cursor, 0, Text.Length) };

    private LineEdit Remove(int from, int to)
    {
        from = Math.Max(0, from);
        to = Math.Min(to, Text.Length);
        return from >= to ? this : this with { Text = Text.Remove(from, to - from), Cursor = from };
    }

    private LineEdit Insert(string text)
    {
        // One character, one column: what the screen would show as a substitute is not taken.
        var wanted = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            if (rune.IsBmp && Printable.Glyph(rune) == rune.Value) wanted.Append(rune.ToString());
        var fits = wanted.ToString()[..Math.Clamp(MaxLength - Text.Length, 0, wanted.Length)];
        return this with { Text = Text.Insert(Cursor, fits), Cursor = Cursor + fits.Length };
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && Text[at - 1] == ' ') at--;
        while (at > 0 && Text[at - 1] != ' ') at--;
        return at;
    }
}
