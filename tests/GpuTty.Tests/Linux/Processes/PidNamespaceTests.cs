using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>In a container nobody outside it is seen, and that is not nobody.</summary>
public sealed class PidNamespaceTests : IDisposable
{
    private readonly MachineTree _machine = new();

    [Fact]
    public void Where_the_first_namespace_is_all_processes_are_shown() =>
        Assert.Null(PidNamespace.Hides(_machine.LinkText("proc/self/ns/pid", "pid:[4026531836]").Root));

    [Fact]
    public void In_another_one_or_where_that_cannot_be_told_there_may_be_others()
    {
        Assert.Contains("does not tell", PidNamespace.Hides(_machine.Root), StringComparison.Ordinal);
        Assert.Contains(
            "in a container",
            PidNamespace.Hides(_machine.LinkText("proc/self/ns/pid", "pid:[4026532561]").Root),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_such_namespaces_shows_all() =>
        Assert.Null(PidNamespace.Hides(_machine.LinkText("proc/self/ns/mnt", "mnt:[4026531841]").Root));

    [NamespaceFact]
    public async Task A_look_from_inside_one_says_that_holders_are_unknown_and_what_to_do()
    {
        using var look = Process.Start(new ProcessStartInfo(
            "/usr/bin/unshare", ["--pid", "--fork", "--mount-proc", .. OtherProcess.Command("untold-holders")])
        { RedirectStandardOutput = true })!;
        var said = await look.StandardOutput.ReadToEndAsync();
        await look.WaitForExitAsync();
        Assert.Equal(
            "Unknown holders: gputty runs in a container, or in a PID namespace of its own, which shows only its own processes. "
                + "Run gputty as root, outside containers, with /proc mounted; then try again.\n",
            said);
    }

    public void Dispose() => _machine.Dispose();

    /// <summary>What a look says of holders that it cannot tell; for a process of its own.</summary>
    internal static void SayUntold()
    {
        List<Unknown> unknowns = [];
        new ProcHolders(FileSystemRoot.Live).Read(NodeIndex.Empty, unknowns);
        foreach (var unknown in unknowns) Console.WriteLine($"{unknown.Sentence} {unknown.Remedy}");
    }

    /// <summary>Needs the right to make a namespace.</summary>
    private sealed class NamespaceFactAttribute : FactAttribute
    {
        public NamespaceFactAttribute()
        {
            if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/unshare") || !IsAllowed()) Skip = "needs root and namespaces";
        }

        private static bool IsAllowed()
        {
            using var trial = Process.Start(new ProcessStartInfo(
                "/usr/bin/unshare", ["--pid", "--fork", "--mount-proc", "/bin/true"])
            { RedirectStandardError = true })!;
            trial.WaitForExit();
            return trial.ExitCode == 0;
        }
    }
}
