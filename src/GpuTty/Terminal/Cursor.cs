namespace GpuTty.Terminal;

/// <summary>A place on the screen, counted from 0, and whether the cursor shows there.</summary>
internal readonly record struct Cursor(int X, int Y, bool Visible);
