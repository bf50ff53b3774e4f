using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>What a process inherits and somebody else may have chosen: the first thing that this program does is to set it right, whatever it is to be.</summary>
internal static unsafe partial class ProcessStart
{
    private const int ChildEnded = 17, FileTooLong = 25;

    public static void Prepare()
    {
        OpenMissing();
        // Files that others are to read get their mode by name.
        _ = SetMask(0x3f);
        // A blocked or ignored SIGCHLD: no tool would ever be seen to end.
        var none = stackalloc byte[1024];
        _ = SignalsEmpty(none);
        const int replace = 2;
        _ = SetSignalMask(replace, none, null);
        _ = SetSignal(ChildEnded, 0);
        // A limit on the length of files (setrlimit(2), RLIMIT_FSIZE) is then an error like any other.
        _ = SetSignal(FileTooLong, 1);
    }

    /// <summary>Where descriptors 0 to 2 are closed, the next file that is opened becomes one, and gets what is said: a state file, or a device.</summary>
    private static void OpenMissing()
    {
        const int getFlags = 1, toReadAndWrite = 2;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            // The lowest free number is taken (open(2)).
            if (Control(descriptor, getFlags) < 0) _ = Open("/dev/null", toReadAndWrite);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalsEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetSignalMask(int how, byte* signals, byte* former);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint handler);
}
