namespace GpuTty.Terminal;

/// <summary>Keys held down with another.</summary>
[Flags]
internal enum KeyModifiers : byte
{
    None = 0,
    Ctrl = 1,
    Alt = 2,
}
