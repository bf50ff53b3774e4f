using System.Globalization;
using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// Becomes a program that somebody else's rights are given to and that keeps this terminal: it can read and write there, and not type.
/// Until Linux 6.2, and after it where dev.tty.legacy_tiocsti is set, any process of a session can put keys into its terminal (TIOCSTI,
/// ioctl_tty(2)), which root's shell reads when the program has ended. The console has another such call (TIOCLINUX, ioctl_console(2)).
/// </summary>
internal static unsafe partial class UntypedProgram
{
    /// <summary>The hidden word that stands before the program: mask, path and arguments follow.</summary>
    public const string Word = "foreground";

    private const uint TypeKey = 0x5412, ConsoleCall = 0x541c;
    private const int ClosedPipe = 13, FileTooLong = 25;

    /// <summary>Numbers of ioctl(2): of this architecture, of its narrow
    /// twin, of the 32-bit programs that it runs (asm/unistd.h).</summary>
    private static uint[]? Calls => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => [16, 0x40000202, 54],
        Architecture.Arm64 => [29, 54],
        _ => null,
    };

    /// <summary>The command line that ends in this.</summary>
    public static IReadOnlyList<string> Command(IReadOnlyList<string> self, IReadOnlyList<string> command) =>
        [.. self, Word, ProcessStart.MaskBefore.ToString(CultureInfo.InvariantCulture), .. command];

    /// <summary>Comes back only where it cannot be done, with an exit code as a shell gives it.</summary>
    public static int Run(ReadOnlySpan<string> words)
    {
        const int cannotRun = 126, isMissing = 127, noEntry = 2;
        if (words is not [var mask, var program, ..] || !uint.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
            return cannotRun;
        // In a session of its own it has no terminal that it could type into; what it loses there are the signals of keys.
        if (!Forbid()) _ = NewSession();
        _ = ProcessStart.SetMask(bits);
        // .NET, and we, ignore some signals, and ignoring is inherited.
        foreach (var signal in (int[])[ClosedPipe, FileTooLong]) _ = ProcessStart.SetSignal(signal, 0);
        var arguments = new byte*[words.Length];
        for (var at = 1; at < words.Length; at++) arguments[at - 1] = (byte*)Marshal.StringToCoTaskMemUTF8(words[at]);
        fixed (byte** all = arguments) _ = ProcessStart.Execute(program, all);
        return Marshal.GetLastPInvokeError() == noEntry ? isMissing : cannotRun;
    }

    /// <summary>A filter for this thread and all that it becomes (seccomp(2)).</summary>
    private static bool Forbid()
    {
        const ushort load = 0x20, jumpIfEqual = 0x15, end = 0x06;
        const uint callNumber = 0, secondArgument = 24, allow = 0x7fff0000, notPermitted = 0x00050001;
        const int setFilter = 22, filterMode = 2;
        if (Calls is not { } calls) return false;
        List<Instruction> program = [new(load, 0, 0, callNumber)];
        for (var at = 0; at < calls.Length; at++)
        {
            var left = calls.Length - 1 - at;
            program.Add(new(jumpIfEqual, (byte)left, left > 0 ? (byte)0 : (byte)3, calls[at]));
        }
        program.AddRange([
            new(load, 0, 0, secondArgument),
            new(jumpIfEqual, 2, 0, TypeKey),
            new(jumpIfEqual, 1, 0, ConsoleCall),
            new(end, 0, 0, allow),
            new(end, 0, 0, notPermitted),
        ]);
        fixed (Instruction* first = program.ToArray())
        {
            var filter = new Filter { Length = (ushort)program.Count, First = first };
            return Control(setFilter, filterMode, &filter, 0, 0) == 0;
        }
    }

    /// <summary>linux/filter.h: struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary>linux/filter.h: struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Length;
        public Instruction* First;
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint mode, Filter* filter, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();
}
