using System.Text;

namespace GpuTty.Terminal;

/// <summary>Which key: a character, or one of those that have a name.</summary>
internal enum KeyCode
{
    Rune,
    Enter,
    Escape,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    Backspace,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
}

/// <summary>Keys held down with another.</summary>
[Flags]
internal enum KeyModifiers : byte
{
    None = 0,
    Ctrl = 1,
    Alt = 2,
}

/// <summary>
/// One key press. Shift is not kept: it is part of the character, and a Linux console does not send it with other keys.
/// </summary>
internal readonly record struct Key(KeyCode Code, Rune Rune = default, KeyModifiers Modifiers = KeyModifiers.None)
{
    public static Key Enter => new(KeyCode.Enter);
    public static Key Escape => new(KeyCode.Escape);
    public static Key Tab => new(KeyCode.Tab);
    public static Key BackTab => new(KeyCode.BackTab);
    public static Key Up => new(KeyCode.Up);
    public static Key Down => new(KeyCode.Down);
    public static Key Left => new(KeyCode.Left);
    public static Key Right => new(KeyCode.Right);
    public static Key Home => new(KeyCode.Home);
    public static Key End => new(KeyCode.End);
    public static Key PageUp => new(KeyCode.PageUp);
    public static Key PageDown => new(KeyCode.PageDown);
    public static Key Insert => new(KeyCode.Insert);
    public static Key Delete => new(KeyCode.Delete);
    public static Key Backspace => new(KeyCode.Backspace);
    public static Key Space => Of(' ');

    public static Key Of(char character) => new(KeyCode.Rune, new Rune(character));

    public static Key Of(Rune rune) => new(KeyCode.Rune, rune);

    public static Key Ctrl(char letter) => Of(letter) with { Modifiers = KeyModifiers.Ctrl };

    public static Key Alt(char letter) => Of(letter) with { Modifiers = KeyModifiers.Alt };

    /// <summary>F1 to F12.</summary>
    public static Key F(int number) =>
        number is >= 1 and <= 12 ? new Key(KeyCode.F1 + number - 1) : throw new ArgumentOutOfRangeException(nameof(number));

    public bool HasCtrl => Modifiers.HasFlag(KeyModifiers.Ctrl);

    public bool HasAlt => Modifiers.HasFlag(KeyModifiers.Alt);

    /// <summary>The character of a key that stands for text: no modifier, no named key.</summary>
    public Rune? Character => Code == KeyCode.Rune && Modifiers == KeyModifiers.None ? Rune : null;

    public bool Is(char character) => Character is { } rune && rune.Value == character;

    /// <summary>The key's name as help and status bar show it: <c>Ctrl+L</c>, <c>PgUp</c>, <c>v</c>.</summary>
    public override string ToString() => (HasCtrl ? "Ctrl+" : "") + (HasAlt ? "Alt+" : "") + BareName;

    private string BareName => Code switch
    {
        KeyCode.Rune when Rune.Value == ' ' => "Space",
        KeyCode.Rune when HasCtrl => Rune.ToUpperInvariant(Rune).ToString(),
        KeyCode.Rune => Rune.ToString(),
        KeyCode.Escape => "Esc",
        KeyCode.BackTab => "Shift+Tab",
        KeyCode.PageUp => "PgUp",
        KeyCode.PageDown => "PgDn",
        KeyCode.Insert => "Ins",
        KeyCode.Delete => "Del",
        _ => Code.ToString(),
    };
}
