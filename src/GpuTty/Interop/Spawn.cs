using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>Starts a process with the signals that a shell would leave
/// it: .NET ignores some, and ignoring is inherited (posix_spawn(3)).</summary>
internal static unsafe partial class Spawn
{
    // Larger than the structures of any C library.
    private const int Plenty = 1024;

    /// <summary>
    /// One that has nothing of ours: a session of its own, no terminal, an empty environment but for what is given, and no
    /// open files but the pipes asked for. .NET's Process cannot give a child its own session (POSIX_SPAWN_SETSID).
    /// </summary>
    /// <param name="command">Absolute path of the program and its arguments.</param>
    /// <param name="environment">NAME=value; nothing else is passed on.</param>
    /// <param name="input">Read end of a pipe; null for /dev/null.</param>
    /// <param name="output">Write end of a pipe; null for /dev/null.</param>
    /// <param name="errors">Write end of a pipe; null for /dev/null.</param>
    public static int Start(
        string[] command,
        string[] environment,
        SafeFileHandle? input = null,
        SafeFileHandle? output = null,
        SafeFileHandle? errors = null)
    {
        const short ownSession = 0x80;
        var actions = stackalloc byte[Plenty];
        Check(ActionsInit(actions));
        try
        {
            using var heldInput = new Native.Held(input);
            using var heldOutput = new Native.Held(output);
            using var heldErrors = new Native.Held(errors);
            Connect(actions, 0, heldInput);
            Connect(actions, 1, heldOutput);
            Connect(actions, 2, heldErrors);
            // Ours are closed on exec, but not those that whoever started us has left open.
            foreach (var descriptor in OpenDescriptors()) Check(ActionsClose(actions, descriptor));
            return Begin(command, environment, actions, ownSession);
        }
        finally
        {
            _ = ActionsDestroy(actions);
        }
    }

    /// <summary>One that shares our terminal, our process group and all that is open and not closed on exec.</summary>
    public static int StartInForeground(string[] command, string[] environment) => Begin(command, environment, null, 0);

    private static int Begin(string[] command, string[] environment, byte* actions, short more)
    {
        const short signalDefaults = 4, signalMask = 8;
        var attributes = stackalloc byte[Plenty];
        var signals = stackalloc byte[Plenty];
        Check(AttributesInit(attributes));
        try
        {
            _ = SignalsEmpty(signals);
            Check(AttributesMask(attributes, signals));
            _ = SignalsFill(signals);
            Check(AttributesDefaults(attributes, signals));
            Check(AttributesFlags(attributes, (short)(signalDefaults | signalMask | more)));
            using var argv = new Strings(command);
            using var envp = new Strings(environment);
            Check(PosixSpawn(out var pid, command[0], actions, attributes, argv.Pointer, envp.Pointer));
            return pid;
        }
        finally
        {
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>Both ends are closed in every program that is started, but for the one they are handed to.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        var ends = stackalloc int[2];
        if (MakePipe(ends, Native.CloseOnExec) != 0) throw Native.Failure("pipe");
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>Null while it runs; 128 + the signal when one ended it. Only for children of this process.</summary>
    public static int? ExitStatus(int pid)
    {
        const int doNotWait = 1;
        int status;
        if (WaitFor(pid, &status, doNotWait) != pid) return null;
        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    private static void Connect(byte* actions, int descriptor, Native.Held pipe) => Check(pipe.Descriptor is { } end
        ? ActionsDuplicate(actions, end, descriptor)
        : ActionsOpen(actions, descriptor, "/dev/null", Native.ReadWrite, 0));

    private static IEnumerable<int> OpenDescriptors() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Where(descriptor => descriptor > 2);

    private static void Check(int error)
    {
        if (error != 0) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed class Strings : IDisposable
    {
        private readonly nint[] _texts;

        public Strings(string[] texts)
        {
            _texts = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];
            Pointer = (nint*)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(nint));
            _texts.CopyTo(new Span<nint>(Pointer, texts.Length));
        }

        public nint* Pointer { get; }

        public void Dispose()
        {
            foreach (var text in _texts) Marshal.FreeCoTaskMem(text);
            NativeMemory.Free(Pointer);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(out int pid, string path, byte* actions, byte* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    private static partial int ActionsClose(byte* actions, int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalsEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SignalsFill(byte* signals);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int MakePipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int pid, int* status, int options);
}
