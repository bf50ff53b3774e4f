using System.Collections.Immutable;
using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Holders;
using GpuTty.Steps;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Descriptors that share an open file are told apart from those that do not, on real processes and in every order.</summary>
public sealed class SharedFileDescriptionsTests : IDisposable
{
    // /dev/zero plays the node of a card. Others may have it open too, so only our own processes are looked at.
    private const int Major = 1;
    private const int Minor = 5;
    private static readonly PciAddress s_card = new(0, 1, 0, 0);
    private readonly List<Process> _processes = [];

    [RootFact]
    public async Task A_file_that_is_shared_by_fork_by_dup_and_through_a_socket_counts_once()
    {
        const string script = """
            import os, socket, sys
            card = os.open('/dev/zero', os.O_RDWR)
            os.dup(card)
            here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            ready, told = os.pipe()
            if os.fork() == 0:
                os.write(told, b'1'); sys.stdin.read(); os._exit(0)
            if os.fork() == 0:
                os.closerange(card, card + 2)
                _, sent, _, _ = socket.recv_fds(here, 1, 1)
                os.write(told, b'2'); sys.stdin.read(); os._exit(0)
            socket.send_fds(there, [b'x'], [card])
            own = os.open('/dev/zero', os.O_RDWR)
            while len(os.read(ready, 1)) and not globals().setdefault('one', False): one = True
            print('ready', flush=True)
            sys.stdin.read()
            """;
        var parent = Start("/usr/bin/python3", "-c", script);
        Assert.Equal("ready", await parent.StandardOutput.ReadLineAsync());
        var ours = Family(parent.Id);
        Assert.Equal(3, ours.Count);

        var holders = new ProcHolders(FileSystemRoot.Live).Read(Index(), []).Where(holder => ours.Contains(holder.Pid)).ToList();

        Assert.Equal(3, holders.Count);
        var files = holders.SelectMany(holder => holder.Nodes).Select(node => node.File).ToList();
        Assert.DoesNotContain(null, files);
        // The shared one: twice in the parent, twice in the first child, once in the second; and the parent's own.
        Assert.Equal(6, files.Count);
        Assert.Equal([5, 1], files.GroupBy(file => file).Select(file => file.Count()).OrderDescending());
        Assert.Equal(new FileCount(2, 2), FileCount.Of(holders, _ => true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_order_of_the_files_each_is_counted_once_and_none_twice(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var kernel =
                Enumerable.Range(0, random.Next(1, 60)).ToDictionary(n => new OpenFile(1 + (n % 7), n), _ => random.Next(12) * 7919 % 31);
            var holders = kernel.Keys
                .GroupBy(way => way.Pid)
                .Select(own => Holder(own.Key, own.Select(way => Node(way.Descriptor))))
                .ToImmutableArray();
            var calls = 0;
            var told = new SharedFileDescriptions((one, other) =>
            {
                Interlocked.Increment(ref calls);
                return kernel[one].CompareTo(kernel[other]);
            }).Tell(holders);
            var count = kernel.Values.Distinct().Count();
            Assert.Equal(new FileCount(count, count), FileCount.Of(told, _ => true));
            Assert.InRange(calls, kernel.Count, kernel.Count * 8);
        }
    }

    [Fact]
    public void What_the_kernel_does_not_tell_is_at_most_one_file_each_and_at_least_one()
    {
        var told = new SharedFileDescriptions((_, _) => null).Tell([Holder(1, [Node(3)]), Holder(2, [Node(3), Node(4)])]);
        Assert.All(told.SelectMany(holder => holder.Nodes), node => Assert.Null(node.File));
        Assert.Equal(new FileCount(1, 3), FileCount.Of(told, _ => true));
    }

    [Fact]
    public void A_descriptor_that_is_closed_meanwhile_spoils_no_other()
    {
        var asked = 0;
        var told = new SharedFileDescriptions((one, other) =>
            (one.Pid == 1 || other.Pid == 1) && Interlocked.Increment(ref asked) > 1 ? null : one.Descriptor.CompareTo(other.Descriptor))
            .Tell([Holder(1, [Node(3)]), Holder(2, [Node(3)]), Holder(3, [Node(3)]), Holder(4, [Node(9)])]);
        Assert.Equal([2, 2, 4], told.Skip(1).SelectMany(holder => holder.Nodes).Select(node => node.File!.Value.Pid));
    }

    /// <summary>The more files are counted, the less is unexplained: counting too many hides a use that nobody sees.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_unseen_use_of_a_driver_is_never_covered_by_descriptors_that_share_a_file(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var (unseen, files, sharers) = (random.Next(3), random.Next(1, 6), random.Next(1, 5));
            var canTell = random.Next(2) == 0;
            var ways = Enumerable.Range(0, files)
                .SelectMany(file =>
                    Enumerable.Range(0, 1 + random.Next(sharers)).Select(pid => (Pid: pid + 10, Descriptor: file + 3, File: file)))
                .ToList();
            var holders = ways.GroupBy(way => way.Pid).Select(own => Holder(own.Key, own.Select(way => Node(way.Descriptor) with
            {
                Kind = NodeKind.Nvidia,
                File = canTell ? new OpenFile(10, way.Descriptor) : null,
            }))).ToImmutableArray();
            // Each open file of nvidia's own nodes counts twice (fs/char_dev.c).
            var host = new HostSnapshot
            {
                TakenAt = DateTimeOffset.UnixEpoch,
                Devices = [new PciDevice
                {
                    Address = s_card,
                    Class = new PciClass(0x030000),
                    Id = new PciId(0x10de, 1),
                    Name = "card",
                    Driver = "nvidia",
                }],
                Drivers = [new PciDriver("nvidia", "nvidia")],
                Modules = [new KernelModule("nvidia", (2 * files) + unseen, [])],
                Holders = holders,
            };
            var found = UnexplainedDriverUse.Of(host, "nvidia", "nvidia");
            if (canTell) Assert.Equal(unseen, found);
            else Assert.True(found is null || found <= unseen && (found > 0 || unseen == 0), $"{found} of {unseen}");
            var account = ModuleRefcountBreakdown.Of(host, host.Modules[0]);
            if (canTell) Assert.Equal(account.References, account.Held + account.ExplainedCount + account.Unexplained);
            else Assert.True(account.Unexplained <= unseen);
        }
    }

    [Fact]
    public void Three_programs_that_share_the_file_of_a_card_are_one_reference_and_are_named()
    {
        var shared = new OpenFile(1, 40);
        Holder Named(int pid, string name) => Holder(pid, [Node(40) with { File = shared }]) with { Name = name };
        var host = new HostSnapshot
        {
            TakenAt = DateTimeOffset.UnixEpoch,
            Devices = [new PciDevice
            {
                Address = s_card,
                Class = new PciClass(0x030000),
                Id = new PciId(0x1234, 0x1111),
                Name = "card",
                Driver = "bochs-drm",
            }],
            Drivers = [new PciDriver("bochs-drm", "bochs")],
            Modules = [new KernelModule("bochs", 1, [])],
            Holders = [Named(1, "systemd"), Named(600, "systemd-logind"), Named(900, "gnome-shell")],
        };
        Assert.Equal(
            "bochs: 1 reference: 1 open file (held by systemd, systemd-logind, gnome-shell), 0 by other modules and the kernel, 0 unknown",
            ModuleRefcountBreakdown.Of(host, host.Modules[0]).Sentence(host));
        var untold = host with
        {
            Holders = [.. host.Holders.Select(holder =>
                holder with { Nodes = [.. holder.Nodes.Select(node => node with { File = null })] })],
        };
        Assert.Equal(
            "bochs: 1 reference: at most 3 open files (held by systemd, systemd-logind, gnome-shell), "
                + "0 by other modules and the kernel, at least 0 unknown",
            ModuleRefcountBreakdown.Of(untold, untold.Modules[0]).Sentence(untold));
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static List<int> Family(int pid) =>
        [pid, .. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static Holder Holder(int pid, IEnumerable<HeldNode> nodes) =>
        new() { Pid = pid, StartTime = 1, Name = $"p{pid}", Uid = 0, Nodes = [.. nodes] };

    private static HeldNode Node(int descriptor) => new("/dev/dri/card1", NodeKind.Card, s_card, null, descriptor);

    private static NodeIndex Index() =>
        NodeIndex.Build(
            [new PciDevice
            {
                Address = s_card,
                Class = new PciClass(0x030000),
                Id = new PciId(1, 2),
                Name = "card",
                Nodes = [new DeviceNode("/dev/dri/card1", NodeKind.Card, Major, Minor)],
            }],
            [],
            NodeIndex.Empty);

    private Process Start(string program, params string[] arguments)
    {
        var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _processes.Add(process);
        return process;
    }
}
