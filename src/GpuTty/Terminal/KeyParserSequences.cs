using System.Text;

namespace GpuTty.Terminal;

/// <content>Sequences with a final byte, and the keys they stand for.</content>
internal sealed partial class KeyParser
{
    /// <summary>After <c>ESC [</c>: parameters, then a final byte.</summary>
    private void TakeControl(byte value)
    {
        if (value == (byte)'[' && _sequence.IsEmpty) _state = State.ConsoleFunction;
        else if (value is >= 0x40 and < 0x7f) FinishControl((char)value);
        else TakeParameter(value);
    }

    /// <summary>After <c>ESC [ [</c>: the Linux console's F1 to F5.</summary>
    private void TakeConsoleFunction(byte value)
    {
        _state = value == Esc ? State.Escape : State.Ground;
        if (value is >= (byte)'A' and <= (byte)'E') Emit(KeyCode.F1 + (value - 'A'));
    }

    /// <summary>After <c>ESC O</c>.</summary>
    private void TakeShiftThree(byte value)
    {
        if (value is < 0x40 or >= 0x7f)
        {
            TakeParameter(value);
            return;
        }
        _state = State.Ground;
        if (SequenceKeys.ShiftThree((char)value, _sequence.Parameters) is { } key) report(new TerminalInput.KeyPressed(key));
    }

    private void TakeMouse(byte value)
    {
        if (value == Esc) _state = State.Escape;
        else if (--_mouseBytesLeft == 0) _state = State.Ground;
    }

    private void TakeParameter(byte value)
    {
        if (value is >= 0x20 and < 0x40) _sequence.Add(value);
        else if (value == Esc) _state = State.Escape;
        else _state = State.Ground;
    }

    private void FinishControl(char final)
    {
        _state = State.Ground;
        if (final == 'M' && _sequence.IsEmpty)
        {
            // An X10 mouse report, left switched on by another program: three bytes follow.
            (_state, _mouseBytesLeft) = (State.Mouse, 3);
        }
        else if (final is 'M' or 'm' && _sequence.MouseReport is [var button, var x, var y])
        {
            if (final == 'M' && MouseActOf(button) is { } act) report(new TerminalInput.Pointed(x - 1, y - 1, act));
        }
        else if (final == '~' && _sequence.Parameters is [200, ..])
        {
            _state = State.Paste;
        }
        else if (SequenceKeys.Control(final, _sequence.Parameters) is { } key)
        {
            report(new TerminalInput.KeyPressed(key));
        }
    }

    /// <summary>xterm's ctlseqs, "Extended coordinates": 4, 8 and 16 are held keys, 64 is the wheel.</summary>
    private static MouseAct? MouseActOf(int button) => (button & ~(4 | 8 | 16)) switch
    {
        0 => MouseAct.Press,
        64 => MouseAct.WheelUp,
        65 => MouseAct.WheelDown,
        _ => null,
    };

    private void EmitByte(byte value)
    {
        switch (value)
        {
            case (byte)'\r': Emit(KeyCode.Enter); break;
            case (byte)'\t': Emit(KeyCode.Tab); break;
            // Which of the two a terminal sends for Backspace is a matter of taste.
            case 0x08 or 0x7f: Emit(KeyCode.Backspace); break;
            case 0: EmitCtrl(' '); break;
            case < 0x1b: EmitCtrl((char)(value + 'a' - 1)); break;
            case < 0x20: EmitCtrl((char)(value + '@')); break;
            default: Emit(KeyCode.Rune, new Rune(value)); break;
        }
    }

    private void EmitCtrl(char letter)
    {
        _modifiers |= KeyModifiers.Ctrl;
        Emit(KeyCode.Rune, new Rune(letter));
    }

    private void Emit(KeyCode code, Rune rune = default)
    {
        report(new TerminalInput.KeyPressed(new Key(code, rune, _modifiers)));
        _modifiers = KeyModifiers.None;
    }
}
