using System.Buffers;
using System.Text;

namespace GpuTty.Terminal;

/// <summary>
/// Turns the bytes of a terminal into keys, however they are cut into reads. A sequence it does not know disappears as a whole:
/// if its letters came out as key presses they would press hot keys.
/// Sources: console_codes(4), the keymaps of the Linux console, xterm's ctlseqs.
/// </summary>
internal sealed partial class KeyParser(Action<TerminalInput> report)
{
    /// <summary>How long the line must be silent before <see cref="Silence"/> is called: an ESC alone is then the key Esc.</summary>
    public static readonly TimeSpan EscapeDelay = TimeSpan.FromMilliseconds(50);

    // One second. A string without an end (a stray Alt+P looks like the start of one) must not swallow the keyboard forever.
    private const int SilencesBeforeGivingUp = 20;

    private const byte Esc = 0x1b;
    private const byte Bell = 0x07;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;

    private readonly SequenceText sequence = new();
    private readonly PasteText paste = new();
    private readonly byte[] utf8 = new byte[4];
    private State state;
    private KeyModifiers modifiers;
    private int utf8Length;
    private int mouseBytesLeft;
    private int silences;

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
        state is State.Escape or State.Mouse or State.String or State.StringEscape || (state == State.Paste && paste.MayBeEnding);

    public void Read(ReadOnlySpan<byte> bytes)
    {
        silences = 0;
        foreach (var value in bytes) Take(value);
    }

    /// <summary>Nothing has come for <see cref="EscapeDelay"/>.</summary>
    public void Silence()
    {
        if (state == State.Escape) Emit(KeyCode.Escape);
        else if (!AwaitsSilence || ++silences < SilencesBeforeGivingUp) return;
        else if (state == State.Paste) report(new TerminalInput.Pasted(paste.Take()));
        silences = 0;
        state = State.Ground;
    }

    private void Take(byte value)
    {
        switch (state)
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
        if (utf8Length > 0 || value >= 0x80) TakeUtf8(value);
        else if (value == Esc) state = State.Escape;
        else EmitByte(value);
    }

    private void TakeUtf8(byte value)
    {
        utf8[utf8Length++] = value;
        var result = Rune.DecodeFromUtf8(utf8.AsSpan(0, utf8Length), out var rune, out _);
        if (result == OperationStatus.NeedMoreData) return;
        var begun = utf8Length > 1;
        utf8Length = 0;
        if (result == OperationStatus.Done && !Rune.IsControl(rune)) Emit(KeyCode.Rune, rune);
        modifiers = KeyModifiers.None;
        // What broke the character off begins something of its own.
        if (result == OperationStatus.InvalidData && begun && value is < 0x80 or >= 0xc0) TakePlain(value);
    }

    private void TakeAfterEscape(byte value)
    {
        state = State.Ground;
        switch (value)
        {
            case Esc:
                Emit(KeyCode.Escape);
                state = State.Escape;
                break;
            case (byte)'[': Begin(State.Control); break;
            case (byte)'O': Begin(State.ShiftThree); break;
            case (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_': state = State.String; break;
            // What the Linux console sends for Shift+Tab (Meta_Tab in its keymaps).
            case (byte)'\t': Emit(KeyCode.BackTab); break;
            default:
                modifiers = KeyModifiers.Alt;
                TakePlain(value);
                break;
        }
    }

    private void TakeString(byte value) => state = value switch
    {
        Bell or Cancel or Substitute => State.Ground,
        Esc => State.StringEscape,
        _ => State.String,
    };

    private void TakeStringEscape(byte value)
    {
        if (value == (byte)'\\') state = State.Ground;
        else TakeAfterEscape(value);
    }

    private void TakePaste(byte value)
    {
        if (!paste.Add(value)) return;
        state = State.Ground;
        report(new TerminalInput.Pasted(paste.Take()));
    }

    private void Begin(State next)
    {
        sequence.Clear();
        state = next;
    }
}
