namespace GpuTty.Terminal;

/// <summary>Which key a finished sequence stands for; null if it stands for none that we know.</summary>
internal static class SequenceKeys
{
    /// <summary><c>ESC [ parameters final</c>. Null parameters are those that are not plain numbers.</summary>
    public static Key? Control(char final, int[]? parameters)
    {
        if (parameters is null) return null;
        var code = final == '~' ? Tilde(parameters.ElementAtOrDefault(0)) : Letter(final, parameters);
        return code is { } known ? new Key(known, default, Modifiers(parameters)) : null;
    }

    /// <summary><c>ESC O final</c>: cursor and function keys in application mode.</summary>
    public static Key? ShiftThree(char final, int[]? parameters)
    {
        if (parameters is null) return null;
        KeyCode? code = final == 'M' ? KeyCode.Enter : final is >= 'P' and <= 'S' ? KeyCode.F1 + (final - 'P') : Cursor(final);
        return code is { } known ? new Key(known, default, Modifiers(parameters)) : null;
    }

    private static KeyCode? Letter(char final, int[] parameters) => final switch
    {
        'Z' => KeyCode.BackTab,
        // 'R' would be F3, but is also the answer to a question about the cursor.
        'P' or 'Q' or 'S' when parameters is [1, _] => KeyCode.F1 + (final - 'P'),
        _ => Cursor(final),
    };

    private static KeyCode? Cursor(char final) => final switch
    {
        'A' => KeyCode.Up,
        'B' => KeyCode.Down,
        'C' => KeyCode.Right,
        'D' => KeyCode.Left,
        'H' => KeyCode.Home,
        'F' => KeyCode.End,
        _ => null,
    };

    private static KeyCode? Tilde(int number) => number switch
    {
        1 or 7 => KeyCode.Home,
        2 => KeyCode.Insert,
        3 => KeyCode.Delete,
        4 or 8 => KeyCode.End,
        5 => KeyCode.PageUp,
        6 => KeyCode.PageDown,
        >= 11 and <= 15 => KeyCode.F1 + (number - 11),
        >= 17 and <= 21 => KeyCode.F6 + (number - 17),
        23 or 24 => KeyCode.F11 + (number - 23),
        _ => null,
    };

    /// <summary>The second parameter is one more than the sum of Shift 1, Alt
    /// 2 and Ctrl 4 (xterm's ctlseqs, "PC-Style Function Keys").</summary>
    private static KeyModifiers Modifiers(int[] parameters)
    {
        var held = Math.Max(0, parameters.ElementAtOrDefault(1) - 1);
        return ((held & 4) != 0 ? KeyModifiers.Ctrl : 0) | ((held & 2) != 0 ? KeyModifiers.Alt : 0);
    }
}
