using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux;

/// <summary>Attacks by a real second user, on what a root program reads and does.</summary>
public sealed class SecondUserTests : StateFixture
{
    private static readonly PciAddress s_card = new(0, 1, 0, 0);

    [RootFact]
    public async Task Whoever_calls_himself_like_a_part_of_the_system_is_read_as_who_he_is_and_can_be_ended()
    {
        foreach (var name in (string[])["systemd", "init", "dbus-daemon", "systemd-logind"])
        {
            using var attacker = await SecondUser.StartAsync("hold", Node(), name);
            var holder = Find(attacker);
            Assert.Equal((name, SecondUser.Uid), (holder.Name, holder.Uid));
            Assert.Null(ProtectedProcess.Why(holder));
            await new ProcessEnding([], TimeProvider.System, _ => { }).EndAsync(attacker.Id, holder.StartTime, EndSignal.Kill, default);
            Assert.True(attacker.WaitForExit(5000));
        }
    }

    [RootFact]
    public async Task Whoever_renames_himself_all_the_time_is_the_same_process()
    {
        using var attacker = await SecondUser.StartAsync("flip", Node());
        var names = new HashSet<string>();
        var steps = new HashSet<Step>();
        for (var look = 0; look < 200 && names.Count < 3; look++)
        {
            var holder = Find(attacker);
            names.Add(holder.Name);
            steps.Add(new EndProcess(holder.Pid, holder.StartTime, holder.Name, EndSignal.Kill));
        }
        Assert.True(names.Count >= 3, string.Join(' ', names));
        Assert.Single(steps);
        attacker.Kill();
    }

    /// <summary>In a network namespace of his own anybody may name devices; the kernel's own line says the names.</summary>
    [RootFact]
    public async Task Whoever_names_a_network_device_makes_no_crash_of_the_kernel()
    {
        State.Ensure();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<LogLine>();
        using var end = new CancellationTokenSource();
        var crash = new CrashListener(State.Run, () => KernelFacts.Taint(FileSystemRoot.Live));
        var pump = new KernelLog(TimeProvider.System, heard.Enqueue, crash.Hear).PumpAsync(end.Token);
        // Some systems forbid such namespaces to users (kernel.unprivileged_userns_clone, AppArmor); then there is no such attack either.
        var attack = Tool.Run(
            "setpriv",
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            "sh",
            "-c",
            "unshare -rn sh -c 'ip link set lo name \"a[#1]\" && ip link set \"a[#1]\" name Oops' && echo done || echo forbidden");
        // What a program writes is no word of the kernel: it only shows that the lines before it have been heard.
        await Tool.UntilAsync(() =>
        {
            File.WriteAllText("/dev/kmsg", "<6>gputty-test: heard\n");
            return heard.Any(line => line.Text.EndsWith("gputty-test: heard", StringComparison.Ordinal));
        }, "the line was heard");
        await end.CancelAsync();
        await pump;
        crash.End();
        if (attack.Trim() == "done") Assert.Contains(heard, line => line.Text.EndsWith("renamed from a[#1]", StringComparison.Ordinal));
        Assert.Null(KernelCrash.Find(State.Run));
        Assert.DoesNotContain(heard, line => line.Level == LogLevel.Error && line.Text.Contains("[#1]", StringComparison.Ordinal));
    }

    /// <summary>Files of root that somebody else owns, or has put there, are not believed.</summary>
    [RootFact]
    public void Whoever_owns_a_state_file_is_not_believed()
    {
        State.Ensure();
        State.Run.Replace("crash", "BUG: unable to handle page fault for address: ffff"u8);
        Tool.Run("chown", $"{SecondUser.Uid}", State.Run.PathOf("crash"));
        Assert.NotNull(KernelIncidents.Read(State.Run).Problem);
        Assert.Null(KernelIncidents.Read(State.Run).Crash);
    }

    private static Holder Find(Process attacker) =>
        new ProcHolders(FileSystemRoot.Live).Read(NodeIndex.Build(
            [new PciDevice
            {
                Address = s_card,
                Class = new PciClass(0x030000),
                Id = new PciId(1, 2),
                Name = "card",
                Nodes = [new DeviceNode("/dev/dri/card1", NodeKind.Card, 1, 5)],
            }],
            [],
            NodeIndex.Empty), [])
            .Single(holder => holder.Pid == attacker.Id);

    /// <summary>/dev/zero plays the node of a card.</summary>
    private static string Node() => "/dev/zero";
}
