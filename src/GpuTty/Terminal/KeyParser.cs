using System.Buffers;
using System.Text;

namespace GpuTty.Terminal;

/// <summary>
/// Turns the bytes of a terminal into keys, however they are cut into reads. A sequence it does not know disappears as a whole:
/// if its letters came out as key presses they would press hot keys. The parser of Terminal.Gui swallows the console's F1 to F5, and
/// takes its Shift+Tab for another key.
/// Sources: console_codes(4), the keymaps of the Linux console, xterm's ctlseqs.
/// </summary>
internal sealed class KeyParser(Action<TerminalInput> report)
{
    /// <summary>How long the line must be silent before <see cref="Silence"/> is called: an ESC alone is then the key Esc.</summary>
    public static readonly TimeSpan EscapeDelay = TimeSpan.FromMilliseconds(50);

    // One second. A string without an end (a stray Alt+P looks like the start of one) must not swallow the keyboard forever.
    private const int SilencesBeforeGivingUp = 20;

    private const byte Esc = 0x1b;
    private const byte Bell = 0x07;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;

    private readonly SequenceText _sequence = new();
    private readonly PasteText _paste = new();
    private readonly byte[] _utf8 = new byte[4];
    private State _state;
    private KeyModifiers _modifiers;
    private int _utf8Length;
    private int _mouseBytesLeft;
    private int _silences;

    private enum State
    {
        Ground,
        Escape,
        Control,
        ConsoleFunction,
        ShiftThree,
        Mouse,
        String,
        StringEscape,
        Paste,
    }

    /// <summary>True while the meaning of what came so far depends on whether more follows soon.</summary>
    public bool AwaitsSilence =>
        _state is State.Escape or State.Mouse or State.String or State.StringEscape || (_state == State.Paste && _paste.MayBeEnding);

    public void Read(ReadOnlySpan<byte> bytes)
    {
        _silences = 0;
        foreach (var value in bytes) Take(value);
    }

    /// <summary>Nothing has come for <see cref="EscapeDelay"/>.</summary>
    public void Silence()
    {
        if (_state == State.Escape) Emit(KeyCode.Escape);
        else if (!AwaitsSilence || ++_silences < SilencesBeforeGivingUp) return;
        else if (_state == State.Paste) report(new TerminalInput.Pasted(_paste.Take()));
        _silences = 0;
        _state = State.Ground;
    }

    private void Take(byte value)
    {
        switch (_state)
        {
            case State.Ground: TakePlain(value); break;
            case State.Escape: TakeAfterEscape(value); break;
            case State.Control: TakeControl(value); break;
            case State.ConsoleFunction: TakeConsoleFunction(value); break;
            case State.ShiftThree: TakeShiftThree(value); break;
            case State.Mouse: TakeMouse(value); break;
            case State.String: TakeString(value); break;
            case State.StringEscape: TakeStringEscape(value); break;
            case State.Paste: TakePaste(value); break;
        }
    }

    private void TakePlain(byte value)
    {
        if (_utf8Length > 0 || value >= 0x80) TakeUtf8(value);
        else if (value == Esc) _state = State.Escape;
        else EmitByte(value);
    }

    private void TakeUtf8(byte value)
    {
        _utf8[_utf8Length++] = value;
        var result = Rune.DecodeFromUtf8(_utf8.AsSpan(0, _utf8Length), out var rune, out _);
        if (result == OperationStatus.NeedMoreData) return;
        var begun = _utf8Length > 1;
        _utf8Length = 0;
        if (result == OperationStatus.Done && !Rune.IsControl(rune)) Emit(KeyCode.Rune, rune);
        _modifiers = KeyModifiers.None;
        // What broke the character off begins something of its own.
        if (result == OperationStatus.InvalidData && begun && value is < 0x80 or >= 0xc0) TakePlain(value);
    }

    private void TakeAfterEscape(byte value)
    {
        _state = State.Ground;
        switch (value)
        {
            case Esc:
                Emit(KeyCode.Escape);
                _state = State.Escape;
                break;
            case (byte)'[': Begin(State.Control); break;
            case (byte)'O': Begin(State.ShiftThree); break;
            case (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_': _state = State.String; break;
            // What the Linux console sends for Shift+Tab (Meta_Tab in its keymaps).
            case (byte)'\t': Emit(KeyCode.BackTab); break;
            default:
                _modifiers = KeyModifiers.Alt;
                TakePlain(value);
                break;
        }
    }

    private void TakeString(byte value) => _state = value switch
    {
        Bell or Cancel or Substitute => State.Ground,
        Esc => State.StringEscape,
        _ => State.String,
    };

    private void TakeStringEscape(byte value)
    {
        if (value == (byte)'\\') _state = State.Ground;
        else TakeAfterEscape(value);
    }

    private void TakePaste(byte value)
    {
        if (!_paste.Add(value)) return;
        _state = State.Ground;
        report(new TerminalInput.Pasted(_paste.Take()));
    }

    private void Begin(State next)
    {
        _sequence.Clear();
        _state = next;
    }

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
