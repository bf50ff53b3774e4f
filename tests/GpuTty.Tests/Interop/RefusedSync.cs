using System.Runtime.InteropServices;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Tests.Interop;

/// <summary>
/// A disk that fails: the kernel refuses one fsync(2) of a thread with EIO and lets all others through, because it asks us about each
/// (seccomp_unotify(2)). For a process of its own: a thread that is started from there is asked about as well.
/// </summary>
internal static unsafe partial class RefusedSync
{
    private const int EIO = 5;
    private const uint SetFilter = 1, NewListener = 8, Continue = 1;
    private const nuint Receive = 0xc0502100, Send = 0xc0182101;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <param name="nth">Which one is refused, from 0.</param>
    /// <param name="act">Calls nothing that goes on on another thread.</param>
    /// <returns>How many calls there were, and what came out.</returns>
    public static (int Calls, Exception? Failure) Run(int nth, Action act)
    {
        using var listens = new ManualResetEventSlim();
        SafeFileHandle? listener = null;
        Exception? failure = null;
        var isOver = false;
        var thread = new Thread(() =>
        {
            try
            {
                listener = Listener();
                listens.Set();
                act();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
            listens.Set();
            Volatile.Write(ref isOver, true);
        });
        thread.Start();
        listens.Wait();
        var calls = 0;
        using var asked = listener ?? throw failure!;
        while (!Volatile.Read(ref isOver))
            if (Native.WaitReadable(asked, TimeSpan.FromMilliseconds(20)) && !Volatile.Read(ref isOver)
                && IsAnswered(asked, calls == nth ? EIO : 0))
                calls++;
        thread.Join();
        return (calls, failure);
    }

    /// <summary>False where the call was interrupted meanwhile, by a signal: it is made again then.</summary>
    private static bool IsAnswered(SafeFileHandle listener, int error)
    {
        var question = stackalloc ulong[10];
        new Span<ulong>(question, 10).Clear();
        if (Control(listener, Receive, question) != 0) return Interrupted("SECCOMP_IOCTL_NOTIF_RECV");
        var answer = new Response { Id = question[0], Error = -error, Flags = error == 0 ? Continue : 0 };
        return Control(listener, Send, &answer) == 0 || Interrupted("SECCOMP_IOCTL_NOTIF_SEND");
    }

    private static bool Interrupted(string call) =>
        Marshal.GetLastPInvokeError() is Native.ENOENT or Native.EINTR ? false : throw Native.Failure(call);

    /// <summary>Of this thread, from now on.</summary>
    private static SafeFileHandle Listener()
    {
        const ushort load = 0x20, jumpIfEqual = 0x15, give = 0x06;
        const uint ask = 0x7fc00000, allow = 0x7fff0000;
        var (architecture, sync, seccomp) = IsArm ? (0xc00000b7u, 82u, 277) : (0xc000003eu, 74u, 317);
        var filter = stackalloc Instruction[]
        {
            new(load, 0, 0, 4),
            new(jumpIfEqual, 0, 3, architecture),
            new(load, 0, 0, 0),
            new(jumpIfEqual, 0, 1, sync),
            new(give, 0, 0, ask),
            new(give, 0, 0, allow),
        };
        var program = new Filter { Length = 6, Instructions = filter };
        const int noNewPrivileges = 38;
        _ = ProcessControl(noNewPrivileges, 1, 0, 0, 0);
        var listener = SystemCall(seccomp, SetFilter, NewListener, &program);
        return listener >= 0 ? new SafeFileHandle(listener, ownsHandle: true) : throw Native.Failure("seccomp");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nuint operation, nuint flags, void* argument);

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint value)
    {
        private readonly ushort _code = code;
        private readonly byte _ifTrue = ifTrue, _ifFalse = ifFalse;
        private readonly uint _value = value;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Length;
        public Instruction* Instructions;
    }

    /// <summary>struct seccomp_notif_resp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Response
    {
        public ulong Id;
        public long Value;
        public int Error;
        public uint Flags;
    }
}
