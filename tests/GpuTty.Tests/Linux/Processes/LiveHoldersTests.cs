using System.Diagnostics;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Real processes that hold a real device in every way there is; what they hold plays the node of a card.</summary>
public sealed class LiveHoldersTests : IDisposable
{
    // /dev/zero: the only device of every machine that can be mapped. Others may have it open too, so pids are compared.
    private const int Major = 1;
    private const int Minor = 5;
    private static readonly PciAddress s_card = new(0, 1, 0, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-nodes").FullName;
    private readonly List<Process> _processes = [];

    [Fact]
    public async Task The_kernel_tells_which_process_has_one_thread()
    {
        var shell = Start("echo ready; read x", "");
        Assert.Equal("ready", await shell.StandardOutput.ReadLineAsync());
        using var one = DirectoryHandle.Open($"/proc/{shell.Id}")!;
        using var several = DirectoryHandle.Open($"/proc/{Environment.ProcessId}")!;

        Assert.True(ProcThreads.IsOne(one));
        Assert.False(ProcThreads.IsOne(several));
    }

    [RootFact]
    public async Task M12_holders_by_descriptor_copy_map_and_deleted_node_are_all_found()
    {
        var twin = Node("twin");
        var gone = Node("gone");
        var opened = Start("exec 7<>\"$1\"; echo ready; read x", twin);
        var copied = Start("exec 8<\"$1\"; exec 9<&8; exec 8<&-; echo ready; read x", twin);
        var deleted = Start("exec 7<\"$1\"; rm \"$1\"; echo ready; read x", gone);
        var mapped = Start(OtherProcess.Command("hold", "map", twin));
        var bystander = Start("echo ready; read x", twin);
        foreach (var process in _processes) Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());

        var holders = Read();

        Assert.Equal([7], Descriptors(holders, opened));
        Assert.Equal([9], Descriptors(holders, copied));
        Assert.Equal($"{gone} (deleted)", Find(holders, deleted)!.Nodes.Single().Path);
        Assert.Equal((true, twin), (Find(holders, mapped)!.Nodes.Single().IsMapping, Find(holders, mapped)!.Nodes.Single().Path));
        Assert.Null(Find(holders, bystander));
        Assert.All(holders, holder => Assert.True(holder.Holds(s_card)));

        // fuser looks at the inode, so it sees holders of this node only, and not those whose node is gone.
        if (File.Exists("/usr/bin/fuser"))
        {
            var ours = _processes.Select(process => process.Id).ToHashSet();
            var found = holders.Where(holder => ours.Contains(holder.Pid) && holder.Pid != deleted.Id).Select(holder => holder.Pid).Order();
            Assert.Equal(Fuser(twin).Where(ours.Contains).Order(), found);
        }
    }

    [RootFact]
    public async Task A_holder_is_told_with_start_time_user_and_a_harmless_name()
    {
        var process = Start("exec 7<\"$1\"; printf '\\033[2J)(\\n' > /proc/self/comm; echo ready; read x", Node("twin"));
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());

        var holder = Find(Read(), process)!;

        var stat = await File.ReadAllTextAsync($"/proc/{process.Id}/stat");
        Assert.Equal(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], $"{holder.StartTime}");
        Assert.Equal(@"\x1b[2J)(", holder.Name.Split(@"\x0a")[0]);
        Assert.Equal((0, "root"), (holder.Uid, holder.User));
    }

    [RootFact]
    public async Task M31_one_process_with_many_files_and_many_that_come_and_go_are_no_trouble()
    {
        var holding = Start(
            "exec 7<\"$1\"; for i in $(seq 10 900); do eval \"exec $i</dev/null\"; done; echo ready; while :; do /bin/true; done",
            Node("twin"));
        Assert.Equal("ready", await holding.StandardOutput.ReadLineAsync());

        for (var round = 0; round < 20; round++) Assert.Equal([7], Descriptors(Read(), holding));
    }

    [RootFact]
    public async Task A_node_whose_card_is_gone_is_still_told_by_what_it_was()
    {
        var node = Node("twin");
        var process = Start("exec 7<\"$1\"; rm \"$1\"; echo ready; read x", node);
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        var then = Index(NodeIndex.Empty, new DeviceNode("/dev/dri/card1", NodeKind.Card, Major, Minor));

        var now = new ProcHolders(FileSystemRoot.Live).Read(Index(then), []);

        Assert.Equal((NodeKind.Card, s_card), (Find(now, process)!.Nodes.Single().Kind, Find(now, process)!.Nodes.Single().Device!.Value));
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static System.Collections.Immutable.ImmutableArray<Holder> Read() =>
        new ProcHolders(FileSystemRoot.Live).Read(
            Index(NodeIndex.Empty, new DeviceNode("/dev/dri/card1", NodeKind.Card, Major, Minor)), []);

    private static NodeIndex Index(NodeIndex before, params DeviceNode[] nodes) =>
        NodeIndex.Build(
            [new PciDevice { Address = s_card, Class = new PciClass(0x030000), Id = new PciId(1, 2), Name = "card", Nodes = [.. nodes] }],
            [],
            before);

    private static Holder? Find(IEnumerable<Holder> holders, Process process) => holders.FirstOrDefault(holder => holder.Pid == process.Id);

    private static IEnumerable<int> Descriptors(IEnumerable<Holder> holders, Process process) =>
        Find(holders, process)!.Nodes.Select(node => node.Descriptor!.Value);

    private string Node(string name)
    {
        using var mknod = Process.Start("/usr/bin/mknod", [$"{_folder}/{name}", "c", $"{Major}", $"{Minor}"]);
        mknod.WaitForExit();
        return $"{_folder}/{name}";
    }

    private Process Start(string script, string node) => Start("/bin/bash", ["-c", script, "holder", node]);

    private Process Start(string[] command) => Start(command[0], command[1..]);

    private Process Start(string program, string[] arguments)
    {
        var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _processes.Add(process);
        return process;
    }

    private static List<int> Fuser(string node)
    {
        using var fuser =
            Process.Start(new ProcessStartInfo("/usr/bin/fuser", [node]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return [.. fuser.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
