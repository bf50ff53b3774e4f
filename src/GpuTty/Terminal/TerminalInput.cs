namespace GpuTty.Terminal;

/// <summary>What was done with the mouse. Other buttons, and letting go, mean nothing here.</summary>
internal enum MouseAct
{
    Press,
    WheelUp,
    WheelDown,
}

/// <summary>What the person in front of the terminal, or the terminal itself, has done.</summary>
internal abstract record TerminalInput
{
    private TerminalInput()
    {
    }

    public sealed record KeyPressed(Key Key) : TerminalInput;

    /// <summary>A text that arrived in one go (bracketed paste). Only a field
    /// that wants it may take it; it is never a row of key presses.</summary>
    public sealed record Pasted(string Text) : TerminalInput;

    /// <summary>The mouse, on a terminal that has one.</summary>
    /// <param name="X">The column, counted from 0.</param>
    /// <param name="Y">The row, counted from 0.</param>
    public sealed record Pointed(int X, int Y, MouseAct Act) : TerminalInput;

    public sealed record Resized(int Width, int Height) : TerminalInput;

    /// <summary>The console is the visible one again, or the program was continued: what is on the screen is not known.</summary>
    public sealed record ScreenReturned : TerminalInput;

    /// <summary>The terminal has hung up: nobody is there any more, and nothing more will come.</summary>
    public sealed record TerminalGone : TerminalInput;
}
