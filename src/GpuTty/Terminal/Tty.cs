using System.Runtime.InteropServices;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Terminal;

/// <summary>A terminal as the kernel knows it: bytes in, bytes out, line settings, size.</summary>
internal sealed unsafe class Tty : IDisposable
{
    private const int Now = 0;
    private const int InputQueue = 0;
    private const nuint GetWindowSize = 0x5413;

    /// <summary>The process's own, which stay open until it ends.</summary>
    private static readonly SafeFileHandle s_input = new(0, ownsHandle: false), s_output = new(1, ownsHandle: false);

    private readonly SafeFileHandle _output;

    private Tty(SafeFileHandle input, SafeFileHandle output, TerminalOptions options)
    {
        (Input, _output) = (input, output);
        Console = VirtualConsole.Behind(input, options.ConsoleOf);
    }

    public SafeFileHandle Input { get; }

    /// <summary>The Linux virtual console this is or is shown on; null for a terminal window, ssh, a serial line.</summary>
    public VirtualConsole? Console { get; }

    public Termios Attributes
    {
        get => TerminalLibc.GetAttributes(Input, out var attributes) == 0 ? attributes : default;
        // At once: waiting for pending output would wait forever on a stalled line.
        set => _ = TerminalLibc.SetAttributes(Input, Now, value);
    }

    private static bool MayTryAgain => Marshal.GetLastPInvokeError() is TerminalLibc.Interrupted or TerminalLibc.TryAgain;

    /// <summary>Columns and rows; 80 by 24 where the kernel was not told, as on serial lines.</summary>
    public (int Width, int Height) Size => SizeOf(Input) is { Columns: > 0, Rows: > 0 } size ? size : (80, 24);

    /// <summary>The terminal of standard input and output; else the one this process belongs to; else null.</summary>
    public static Tty? Open(TerminalOptions options)
    {
        if (TerminalLibc.IsTerminal(s_input) == 1 && TerminalLibc.IsTerminal(s_output) == 1) return new Tty(s_input, s_output, options);
        var file = Native.Open("/dev/tty", Native.ReadWrite | Native.CloseOnExec, 0);
        return file.IsInvalid ? null : new Tty(file, file, options);
    }

    /// <summary>How many bytes were typed and are now in the buffer; null if the terminal is gone.</summary>
    public int? Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var got = TerminalLibc.Read(Input, start, (nuint)buffer.Length);
            return got > 0 ? (int)got : got < 0 && MayTryAgain ? 0 : null;
        }
    }

    /// <summary>Writes all of it, unless the terminal is gone or takes nothing for as long as the caller's patience.</summary>
    public void Write(ReadOnlySpan<byte> bytes, int patienceMilliseconds = -1)
    {
        using var held = new Native.Held(_output);
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var entry = new TerminalLibc.PollEntry(held.Descriptor!.Value, TerminalLibc.PollEntry.Out);
                var ready = TerminalLibc.Poll(&entry, 1, patienceMilliseconds);
                if (ready == 0 || (ready < 0 && !MayTryAgain)) return;
                var written = ready < 0 ? 0 : TerminalLibc.Write(_output, start + done, (nuint)(bytes.Length - done));
                if (written < 0 && !MayTryAgain) return;
                done += (int)Math.Max(0, written);
            }
        }
    }

    /// <summary>The columns of standard output; null where that is no terminal, or was not told its size.</summary>
    public static int? OutputWidth => SizeOf(s_output) is { Columns: > 0 and var columns } ? columns : null;

    /// <summary>Zero each where it is no terminal, or was not told its size.</summary>
    private static (int Columns, int Rows) SizeOf(SafeFileHandle file)
    {
        var size = stackalloc ushort[4];
        return TerminalLibc.Control(file, GetWindowSize, size) == 0 ? (size[1], size[0]) : default;
    }

    /// <summary>For a question on a line, where no screen is open.</summary>
    public static void ForgetTypedOnInput() => _ = TerminalLibc.Flush(s_input, InputQueue);

    /// <summary>Forgets what was typed and not yet read: a repeated Enter must not answer the next question.</summary>
    public void DiscardTypeahead() => _ = TerminalLibc.Flush(Input, InputQueue);

    public void Dispose()
    {
        Console?.Dispose();
        if (Input != s_input) Input.Dispose();
    }
}
