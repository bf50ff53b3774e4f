using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace GpuTty.Terminal;

/// <summary>
/// Writes one frame's commands: move (CUP), looks (SGR 0 1 7 30-37 40-47), clear (ED), cursor on and off. All kernels know these.
/// </summary>
internal sealed class ScreenWriter(IBufferWriter<byte> output, bool synchronized)
{
    private Style _style;
    private bool _styleKnown;

    /// <summary>True as long as the frame has needed no byte.</summary>
    public bool IsUntouched { get; private set; } = true;

    public void Clear()
    {
        SetStyle(Style.Default);
        Put("\e[2J");
    }

    public void MoveTo(int x, int y) => Put($"\e[{y + 1};{x + 1}H");

    public void ShowCursor(bool visible) => Put(visible ? "\e[?25h" : "\e[?25l");

    public void Write(Cell cell)
    {
        if (!_styleKnown || cell.Style != _style) SetStyle(cell.Style);
        var room = output.GetSpan(3);
        Utf8.FromUtf16([cell.Glyph], room, out _, out var written);
        output.Advance(written);
    }

    /// <summary>Leaves plain looks behind: whoever writes over us should be readable.</summary>
    public void Finish()
    {
        if (_styleKnown && _style != Style.Default) SetStyle(Style.Default);
        if (synchronized && !IsUntouched) Put("\e[?2026l");
    }

    private void SetStyle(Style wanted)
    {
        (_style, _styleKnown) = (wanted, true);
        Put("\e[0");
        if (wanted.IsBold) Put(";1");
        if (wanted.IsReversed) Put(";7");
        if (wanted.Foreground != Color.Default) Put($";{29 + (int)wanted.Foreground}");
        if (wanted.Background != Color.Default) Put($";{39 + (int)wanted.Background}");
        Put("m");
    }

    private void Put(string text)
    {
        if (synchronized && IsUntouched) output.Write("\e[?2026h"u8);
        IsUntouched = false;
        Encoding.ASCII.GetBytes(text, output);
    }
}
