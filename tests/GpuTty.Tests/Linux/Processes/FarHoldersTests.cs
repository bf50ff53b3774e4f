using System.Diagnostics;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Real processes in mount and pid namespaces of their own, as containers
/// have them: the paths of their nodes say nothing here, the numbers do.</summary>
public sealed class FarHoldersTests : IDisposable
{
    // /dev/zero, the only device of every machine that can be mapped, plays the node of a card.
    private const int Major = 1;
    private const int Minor = 5;
    private static readonly PciAddress s_card = new(0, 1, 0, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-far").FullName;
    private readonly List<Process> _processes = [];

    [RootFact]
    public async Task M12_holders_in_other_namespaces_are_found_by_number_whatever_their_node_is_called()
    {
        var opened = Start("open");
        var gone = Start("gone");
        var mapped = Start("map");
        foreach (var process in _processes) Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        Assert.Empty(Directory.GetFileSystemEntries(_folder));

        var holders = new ProcHolders(FileSystemRoot.Live).Read(
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
                NodeIndex.Empty),
            []);

        Assert.Equal(($"{_folder}/dri/odd", false), Held(holders, opened));
        Assert.Equal(($"{_folder}/dri/odd (deleted)", false), Held(holders, gone));
        Assert.Equal(($"{_folder}/dri/odd", true), Held(holders, mapped));
        Assert.All(_processes, process => Assert.NotEqual(Namespaces(Environment.ProcessId), Namespaces(Child(process))));
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            // The first process of a pid namespace ends all others with it.
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static (string Path, bool IsMapping) Held(IEnumerable<Holder> holders, Process process)
    {
        var holder = Assert.Single(holders, holder => holder.Pid == Child(process));
        Assert.True(holder.Holds(s_card));
        var node = Assert.Single(holder.Nodes);
        return (node.Path, node.IsMapping);
    }

    private static int Child(Process unshare) => int.Parse(File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children"));

    private static string Namespaces(int pid) =>
        string.Join(' ', ((string[])["mnt", "pid"]).Select(name => new FileInfo($"/proc/{pid}/ns/{name}").LinkTarget));

    /// <summary>The node is made on a file system that nobody else sees.</summary>
    private Process Start(string how)
    {
        const string script = """mount -t tmpfs far "$1" && mkdir "$1/dri" && mknod "$1/dri/odd" c "$2" "$3" && shift 3 && exec "$@" """;
        var process = Process.Start(new ProcessStartInfo("/usr/bin/unshare",
            [
                "--mount",
                "--pid",
                "--fork",
                "--mount-proc",
                "/bin/sh",
                "-c",
                script,
                "sh",
                _folder,
                $"{Major}",
                $"{Minor}",
                .. OtherProcess.Command("hold", how, $"{_folder}/dri/odd"),
            ])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _processes.Add(process);
        return process;
    }
}
