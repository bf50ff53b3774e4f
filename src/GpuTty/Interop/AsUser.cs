using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// Does something with a user's rights in place of root's. The C library would change every thread; the kernel keeps credentials for each
/// (credentials(7)), so a thread of its own gets that user's effective ids
/// and gives them back. Its real ids stay root's: nobody may signal it.
/// </summary>
internal static partial class AsUser
{
    /// <summary>Runs what must be short on a thread with this effective uid
    /// and no group of root's; on the caller's where that is he.</summary>
    /// <exception cref="IOException">The kernel refuses: only root may become somebody else.</exception>
    public static T Run<T>(int uid, Func<T> act)
    {
        if (Native.EffectiveUser() == (uint)uid) return act();
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = Within(uid, act);
            }
            catch (Exception refused)
            {
                failure = refused;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw failure;
    }

    private static T Within<T>(int uid, Func<T> act)
    {
        const int nobody = 65534;
        var (user, group) = (Native.EffectiveUser(), EffectiveGroup());
        // Groups besides the own one do not come back: the thread ends.
        if (SystemCall(SetGroups, 0, 0, 0) != 0) throw Native.Failure("setgroups");
        Set(SetGroup, nobody);
        try
        {
            Set(SetUser, uid);
            try
            {
                return act();
            }
            finally
            {
                Set(SetUser, user);
            }
        }
        finally
        {
            Set(SetGroup, group);
        }
    }

    /// <summary>setresuid(2), setresgid(2), setgroups(2). Their numbers differ between architectures (asm/unistd.h).</summary>
    private static nint SetUser => IsArm ? 147 : 117;
    private static nint SetGroup => IsArm ? 149 : 119;
    private static nint SetGroups => IsArm ? 159 : 116;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => false,
        Architecture.Arm64 => true,
        var other => throw new PlatformNotSupportedException($"Not done on {other}."),
    };

    /// <summary>Real and saved ids stay.</summary>
    private static void Set(nint call, long id)
    {
        if (SystemCall(call, -1, (nint)id, -1) != 0) throw Native.Failure(call == SetUser ? "setresuid" : "setresgid");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();
}
