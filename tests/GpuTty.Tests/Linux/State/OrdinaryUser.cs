using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace GpuTty.Tests.Linux.State;

/// <summary>Does something as a user without rights, in a thread of its own: to
/// the kernel each thread has its own user (setresuid(2), nptl(7)).</summary>
internal static partial class OrdinaryUser
{
    private const int Nobody = 65534;

    public static void Do(Action what)
    {
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                var setUser = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
                Assert.Equal(0, SystemCall(setUser, -1, Nobody, -1));
                what();
            }
            catch (Exception exception)
            {
                failed = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint real, nint effective, nint saved);
}
