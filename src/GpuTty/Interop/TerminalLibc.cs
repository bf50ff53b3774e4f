using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>The calls a terminal needs. Numbers are those of Linux on x86-64 and arm64.</summary>
internal static unsafe partial class TerminalLibc
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    public static partial SafeFileHandle EventFile(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetAttributes(SafeFileHandle file, out Termios attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetAttributes(SafeFileHandle file, int when, in Termios attributes);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    public static partial int Flush(SafeFileHandle file, int queue);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "klogctl", SetLastError = true)]
    public static partial int KernelLog(int action, nint buffer, int value);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitFor(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint argument);

    /// <summary>poll(2)'s struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry(int file, short wanted)
    {
        public const short In = 1;
        public const short Priority = 2;
        public const short Out = 4;
        public const short Error = 8;
        public const short HangUp = 16;

        public int File = file;
        public short Wanted = wanted;
        public short Happened;
    }
}
