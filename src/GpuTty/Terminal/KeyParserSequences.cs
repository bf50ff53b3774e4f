using System.Text;

namespace GpuTty.Terminal;

/// <content>Sequences with a final byte, and the keys they stand for.</content>
internal sealed partial class KeyParser
{
    /// <summary>After <c>ESC [</c>: parameters, then a final byte.</summary>
    private void TakeControl(byte value)
    {
        if (value == (byte)'[' && sequence.IsEmpty) state = State.ConsoleFunction;
        else if (value is >= 0x40 and < 0x7f) FinishControl((char)value);
        else TakeParameter(value);
    }

    /// <summary>After <c>ESC [ [</c>: the Linux console's F1 to F5.</summary>
    private void TakeConsoleFunction(byte value)
    {
        state = value == Esc ? State.Escape : State.Ground;
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
        state = State.Ground;
        if (SequenceKeys.ShiftThree((char)value, sequence.Parameters) is { } key) report(new TerminalInput.KeyPressed(key));
    }

    private void TakeMouse(byte value)
    {
        if (value == Esc) state = State.Escape;
        else if (--mouseBytesLeft == 0) state = State.Ground;
    }

    private void TakeParameter(byte value)
    {
        if (value is >= 0x20 and < 0x40) sequence.Add(value);
        else if (value == Esc) state = State.Escape;
        else state = State.Ground;
    }

    private void FinishControl(char final)
    {
        state = State.Ground;
        if (final == 'M' && sequence.IsEmpty)
        {
            // An X10 mouse report, left switched on by another program: three bytes follow.
            (state, mouseBytesLeft) = (State.Mouse, 3);
        }
        else if (final is 'M' or 'm' && sequence.MouseReport is [var button, var x, var y])
        {
            if (final == 'M' && MouseActOf(button) is { } act) report(new TerminalInput.Pointed(x - 1, y - 1, act));
        }
        else if (final == '~' && sequence.Parameters is [200, ..])
        {
            state = State.Paste;
        }
        else if (SequenceKeys.Control(final, sequence.Parameters) is { } key)
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
        modifiers |= KeyModifiers.Ctrl;
        Emit(KeyCode.Rune, new Rune(letter));
    }

    private void Emit(KeyCode code, Rune rune = default)
    {
        report(new TerminalInput.KeyPressed(new Key(code, rune, modifiers)));
        modifiers = KeyModifiers.None;
    }
}
