namespace GpuTty.Terminal;

/// <summary>The eight colours every Linux console can show (console_codes(4), SGR 30-37), and the terminal's own.</summary>
internal enum Color : byte
{
    Default,
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
}
