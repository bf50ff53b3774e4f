using System.Runtime.InteropServices;
using GpuTty.Interop;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>Root in a user's place has that user's rights and no other.</summary>
public sealed partial class AsUserTests
{
    [RootFact]
    public void Whoever_acts_as_a_user_has_no_group_of_roots_and_keeps_real_ids_that_the_user_may_not_signal()
    {
        string before = "", during = "";
        var thread = new Thread(() =>
        {
            // Of this thread only: root's usual groups, which a service has and a container may not have.
            uint[] groups = [0, 4, 6];
            Assert.Equal(0, SetGroups(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 159 : 116, groups.Length, groups));
            before = File.ReadAllText("/proc/thread-self/status");
            during = AsUser.Run(4242, () => File.ReadAllText("/proc/thread-self/status"));
        });
        thread.Start();
        thread.Join();

        Assert.Contains("\nGroups:\t0 4 6 \n", before, StringComparison.Ordinal);
        Assert.Matches("\nGroups:\\s*\nNStgid", during);
        Assert.Contains("\nUid:\t0\t4242\t0\t4242\n", during, StringComparison.Ordinal);
        Assert.Contains("\nGid:\t0\t65534\t0\t65534\n", during, StringComparison.Ordinal);
        Assert.Contains("\nCapEff:\t0000000000000000\n", during, StringComparison.Ordinal);
        Assert.Equal(0u, Native.EffectiveUser());
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SetGroups(nint number, nint count, uint[] groups);
}
