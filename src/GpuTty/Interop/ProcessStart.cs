using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>What a process inherits and somebody else may have chosen: the first
/// thing that this program does is to set it right, whatever it is to be.</summary>
internal static unsafe partial class ProcessStart
{
    private const int ChildEnded = 17, FileTooLong = 25;

    /// <summary>EX_SOFTWARE (sysexits.h).</summary>
    private const int Unable = 70;

    /// <summary>The mask for new files that the caller has given, for programs that are run for him.</summary>
    public static uint MaskBefore { get; private set; } = 0x12;

    public static void Prepare()
    {
        OpenMissing();
        // Files that others are to read get their mode by name.
        MaskBefore = SetMask(0x3f);
        // A blocked or ignored SIGCHLD: no tool would ever be seen to end.
        var none = stackalloc byte[1024];
        _ = SignalsEmpty(none);
        const int replace = 2;
        _ = SetSignalMask(replace, none, null);
        _ = SetSignal(ChildEnded, 0);
        // A limit on the length of files (setrlimit(2), RLIMIT_FSIZE) is then an error like any other.
        _ = SetSignal(FileTooLong, 1);
    }

    /// <summary>
    /// Where descriptors 0 to 2 are closed, the next files that are opened get these numbers, and then what is said: a state file, a
    /// device, or what the runtime has opened for itself before any code of ours runs. No inherited one is closed on exec (execve(2)),
    /// so one that would be is the runtime's, and cannot be taken from it: with /dev/null in these places the program begins anew.
    /// </summary>
    private static void OpenMissing()
    {
        const int getFlags = 1, closedOnExec = 1, toReadAndWrite = 2;
        int[] missing = [.. Enumerable.Range(0, 3).Where(descriptor => Control(descriptor, getFlags) is < 0 or closedOnExec)];
        if (missing.Length == 0) return;
        var nothing = Open("/dev/null", toReadAndWrite);
        // Never again and again: where one stays missing there is nobody to tell.
        if (nothing < 0 || missing.Any(descriptor => Duplicate(nothing, descriptor) < 0)) Exit(Unable);
        if (nothing > 2) _ = Close(nothing);
        BeginAnew();
        Exit(Unable);
    }

    /// <summary>Comes back where that is refused. The arguments are handed on byte by byte.</summary>
    private static void BeginAnew()
    {
        var line = File.ReadAllBytes("/proc/self/cmdline");
        fixed (byte* first = line)
        {
            var arguments = new byte*[line.Count((byte)0) + 1];
            var count = 0;
            for (var at = 0; at < line.Length; at += line.AsSpan(at).IndexOf((byte)0) + 1) arguments[count++] = first + at;
            fixed (byte** all = arguments) _ = Execute(Environment.ProcessPath ?? "", all);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    internal static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Execute(string path, byte** arguments);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalsEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetSignalMask(int how, byte* signals, byte* former);

    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint SetSignal(int signal, nint handler);
}
