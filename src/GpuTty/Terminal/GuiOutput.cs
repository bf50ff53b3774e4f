using System.Collections.Concurrent;
using System.Drawing;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using GuiCursor = Terminal.Gui.Drivers.Cursor;

namespace GpuTty.Terminal;

/// <summary>
/// What the library would send to the terminal by itself, such as questions and titles, is dropped: a Linux console
/// answers next to nothing, and shows some of it as letters. Frames go another way (<see cref="GuiBuffer"/>).
/// </summary>
internal sealed class GuiOutput(Size size) : IOutput
{
    private readonly ConcurrentQueue<SixelToRender> _images = new();
    private Size _size = size;
    private GuiCursor _cursor = new();

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

    /// <summary>A frame is taken from the buffer when it is complete.</summary>
    public void Write(IOutputBuffer buffer)
    {
    }

    public void Suspend()
    {
    }

    public string GetLastOutput() => "";

    public string ToAnsi(IOutputBuffer buffer) => "";

    public void Dispose()
    {
    }
}
