using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// Does something with a user's rights in place of root's. The C library would change every thread; the kernel keeps credentials for each
/// (credentials(7)), so a thread of its own gets that user's effective ids and gives them back. Its real ids stay root's: nobody may signal it.
/// </summary>
internal static partial class AsUser
{
    /// <summary>Runs what must be short on a thread with this effective uid and no group of root's that counts; on the caller's where that is he.</summary>
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
        Set(SetGroups, nobody);
        try
        {
            Set(SetUsers, uid);
            try
            {
                return act();
            }
            finally
            {
                Set(SetUsers, user);
            }
        }
        finally
        {
            Set(SetGroups, group);
        }
    }

    /// <summary>setresuid(2), setresgid(2): real and saved ids stay. Their numbers differ between architectures (asm/unistd.h).</summary>
    private static nint SetUsers => IsArm ? 147 : 117;
    private static nint SetGroups => IsArm ? 149 : 119;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => false,
        Architecture.Arm64 => true,
        var other => throw new PlatformNotSupportedException($"Not done on {other}."),
    };

    private static void Set(nint call, long id)
    {
        if (SystemCall(call, -1, (nint)id, -1) != 0) throw Native.Failure(call == SetUsers ? "setresuid" : "setresgid");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint real, nint effective, nint saved);

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();
}
