using System.Collections.Concurrent;
using System.Drawing;
using System.Text;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using GuiCursor = Terminal.Gui.Drivers.Cursor;

namespace GpuTty.Terminal;

/// <summary>
/// Where the library draws: into a frame of ours, which is then brought to the terminal as every other. What it would send by itself, such as
/// questions to the terminal and titles, is dropped: a Linux console answers next to nothing, and shows some of it as letters.
/// </summary>
internal sealed class GuiOutput(Size size) : IOutput
{
    private readonly ConcurrentQueue<SixelToRender> _images = new();
    private Size _size = size;
    private GuiCursor _cursor = new();

    /// <summary>What was drawn last.</summary>
    public Surface Frame { get; private set; } = new(0, 0);

    public bool Force16Colors { get; set; } = true;

    public bool IsLegacyConsole { get; set; }

    public bool UseKittyGraphics { get; set; }

    public Size GetSize() => _size;

    public void SetSize(int width, int height) => _size = new Size(width, height);

    public void SetCursor(GuiCursor cursor) => _cursor = cursor;

    public GuiCursor GetCursor() => _cursor;

    public ConcurrentQueue<SixelToRender> GetSixels() => _images;

    public void Write(ReadOnlySpan<char> text)
    {
    }

    public void Write(IOutputBuffer buffer)
    {
        if (buffer.Contents is not { } cells) return;
        if (Frame.Width != buffer.Cols || Frame.Height != buffer.Rows) Frame = new Surface(buffer.Cols, buffer.Rows);
        for (var y = 0; y < buffer.Rows; y++)
        {
            for (var x = 0; x < buffer.Cols; x++)
            {
                ref var cell = ref cells[y, x];
                cell.IsDirty = false;
                Frame[x, y] = new Cell(Glyph(cell.Grapheme), cell.Attribute?.ToStyle() ?? Style.Default);
            }
            buffer.DirtyLines[y] = false;
        }
    }

    public void Suspend()
    {
    }

    public string GetLastOutput() => "";

    public string ToAnsi(IOutputBuffer buffer) => "";

    public void Dispose()
    {
    }

    /// <summary>One column, one character; what is wider or put together is shown as a substitute, as everywhere here.</summary>
    private static char Glyph(string grapheme) =>
        grapheme.Length == 1 ? grapheme[0] : Rune.TryGetRuneAt(grapheme, 0, out var rune) ? Printable.Glyph(rune) : ' ';
}
