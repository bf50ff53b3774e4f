using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>The C library's struct termios (bits/termios-struct.h): how the kernel treats what is typed and written.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios : IEquatable<Termios>
{
    // IGNBRK and PARMRK are off by default; the rest would change or eat keys: BRKINT ISTRIP INLCR IGNCR ICRNL IXON.
    private const uint InputEditing = 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;

    // ISIG ICANON ECHO IEXTEN.
    private const uint LineEditing = 0x1 | 0x2 | 0x8 | 0x8000;

    private const int TimeIndex = 5;
    private const int LeastIndex = 6;

    private uint _input;
    private readonly uint _output;
    private readonly uint _control;
    private uint _local;
    private readonly byte _line;
    private Characters _characters;
    private readonly uint _inputSpeed;
    private readonly uint _outputSpeed;

    /// <summary>The same terminal, handing over every byte at once, unchanged and unseen. Ctrl+C is a key then.</summary>
    public readonly Termios Raw
    {
        get
        {
            var raw = this;
            raw._input &= ~InputEditing;
            raw._local &= ~LineEditing;
            raw._characters[LeastIndex] = 1;
            raw._characters[TimeIndex] = 0;
            return raw;
        }
    }

    public readonly bool Equals(Termios other) =>
        (_input, _output, _control, _local, _line) == (other._input, other._output, other._control, other._local, other._line)
        && ((ReadOnlySpan<byte>)_characters).SequenceEqual(other._characters);

    public override readonly bool Equals(object? obj) => obj is Termios other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_input, _output, _control, _local, _inputSpeed, _outputSpeed);

    [InlineArray(32)]
    private struct Characters
    {
        private byte _first;
    }
}
