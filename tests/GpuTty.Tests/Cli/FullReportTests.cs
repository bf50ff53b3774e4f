using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Commands;
using GpuTty.Linux.State;
using GpuTty.Simulation;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>A machine that somebody sends: what the commands say there, the files it was read from, nobody's name or secret.</summary>
public sealed class FullReportTests : IDisposable
{
    /// <summary>They change something, ask, wait, or need a file, a guest or an address of the user's own.</summary>
    private static readonly string[] s_others =
    [
        "switch", "undo", "resume", "dismiss", "confirm", "follow", "keep-off", "report", "pin", "clear-override", "rescan",
        "hook install", "hook remove", "hook check", "hook run", "hook proxmox", "run", "rom save", "rom check", "boot vm", "boot host",
        "demo", "completions",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-full").FullName;

    public static TheoryData<string> Everywhere => [.. Machines.All.Select(machine => machine.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_command_that_changes_nothing_is_in_it()
    {
        var listed = FullReport.Commands.Select(line => line.Split(' ')[0]).Concat(FullReport.Commands).Concat(s_others).ToHashSet();
        var root = CommandLine.Root(Gputty.On("desktop").World(new StringWriter(), new StringWriter()), Gputty.On("desktop").Entries());
        Assert.DoesNotContain(
            root.Subcommands.Where(command => !command.Hidden).SelectMany(Leaves), line => !listed.Contains(line));

        static IEnumerable<string> Leaves(Command command) => command.Subcommands.Any(sub => !sub.Hidden)
            ? command.Subcommands.Where(sub => !sub.Hidden).SelectMany(Leaves).Select(line => $"{command.Name} {line}")
            : [command.Name];
    }

    [Theory, MemberData(nameof(Everywhere))]
    public void It_holds_what_each_command_says_on_every_machine(string machine)
    {
        var gputty = Gputty.On(machine).With(reportsGoTo: _folder);
        var said = Written(gputty)["commands.txt"];
        var names = Pseudonyms.Of(gputty.Host.Machine.Snapshot());
        foreach (var line in FullReport.Commands)
        {
            var alone = Gputty.On(machine).Run(line.Split(' '));
            Assert.Contains($"$ gputty {line}\n", said, StringComparison.Ordinal);
            foreach (var text in (alone.Out + alone.Error).Split('\n').Where(text => text.Length > 0))
                Assert.Contains(names.Hide(text).TrimEnd(), said, StringComparison.Ordinal);
        }
        Assert.Equal(FullReport.Commands.Length, said.Split("[exit code ").Length - 1);
    }

    [Fact]
    public void A_report_for_a_bug_holds_nothing_of_it()
    {
        var gputty = Gputty.On("desktop").With(reportsGoTo: _folder, machineFiles: "/proc/modules: nvidia 1\n");
        Assert.Empty(Written(gputty, full: false).Keys.Intersect(["commands.txt", "files.txt", "settings.txt"]));
    }

    [Fact]
    public void Nobody_s_name_and_no_secret_is_in_its_settings_and_files()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.SettingsFiles) with
        {
            HostName = "box.example.org",
            SettingsFiles = new SettingsFiles
            {
                Modprobe = [new("/etc/modprobe.d/vfio.conf", "# for fernando\noptions vfio-pci ids=10de:2684\n# password hunter2\n")],
                UdevRules =
                [
                    new("/etc/udev/rules.d/10-net.rules", "ATTR{address}==\"3c:7c:3f:aa:bb:cc\", ATTRS{serial}==\"S4EWNX0M1\"\n"),
                    new("/usr/lib/udev/rules.d/50-x.rules", "of a package\n"),
                ],
                Scripts = [new("/usr/local/bin/mine", "#!/bin/sh\ncurl -u me:hunter3 backup\necho /home/alice/x\n", IsExecutable: true)],
                CommandLines = [new("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"intel_iommu=on luks.key=hunter4 ip=10.0.0.7\"\n")],
            },
        };
        var files = Written(Gputty.On("desktop").With(
            host,
            reportsGoTo: _folder,
            machineFiles: "/proc/driver/nvidia/gpus/0000:01:00.0/information:\n  GPU UUID: GPU-7d0c6a52-3f1e-4c1b-9a35-2f8f6f0f5a11\n"));
        string[] secrets = ["fernando", "hunter", "example", "3c:7c", "S4EWNX0M1", "alice", "10.0.0.7", "7d0c6a52", "of a package"];
        foreach (var word in secrets)
            Assert.All(files, file => Assert.DoesNotContain(word, file.Value, StringComparison.Ordinal));
        Assert.Contains("options vfio-pci ids=10de:2684", files["settings.txt"], StringComparison.Ordinal);
        Assert.Contains("intel_iommu=on", files["settings.txt"], StringComparison.Ordinal);
    }

    /// <summary>What is needed to look at it elsewhere is in it: made into files again, it is the same machine.</summary>
    [RootTheory]
    [InlineData("turing-four-functions")]
    [InlineData("gvtg-vm-on-igpu")]
    [InlineData("i915-sriov-vfs")]
    [InlineData("right-egpu-thunderbolt")]
    [InlineData("pi5-groups-of-other-buses")]
    public async Task A_machine_made_of_its_files_is_the_machine(string name)
    {
        using var machine = StrangersMachine.Load(name);
        using var tree = new MachineTree();
        ReportedFiles.Write(tree, new MachineFiles(machine.Root).Text());
        using var reader = Readers.For(tree, new CommandRunner([]));
        var (there, here) = (await machine.ReadAsync(), await reader.ReadAsync(SnapshotSections.All, null, default));
        Assert.Equal(there.Devices.Select(Seen), here.Devices.Select(Seen));
        Assert.Equal(
            there.Groups.Select(group => $"{group.Number} {group.Type}: {string.Join(' ', group.Members)}"),
            here.Groups.Select(group => $"{group.Number} {group.Type}: {string.Join(' ', group.Members)}"));
        Assert.Equal(there.Modules.Select(module => $"{module}"), here.Modules.Select(module => $"{module}"));
        Assert.NotEmpty(here.Devices);
    }

    private static string Seen(PciDevice device) =>
        $"{device.Address} {device.Id} {device.Class.Kind:x4} {device.Driver} in {device.IommuGroup} below {device.Parent} of "
            + $"{device.PhysicalFunction} with {device.VirtualFunctions} {device.IsBootVga} {device.DriverOverride} {device.PowerState} "
            + $"{string.Join(' ', device.ResetMethods)} "
            + $"{string.Join(' ', device.Connectors.Select(one => $"{one.Name} {one.IsConnected}"))} "
            + string.Join(' ', device.Nodes.Select(node => $"{node.Path} {node.Kind}"));

    private Dictionary<string, string> Written(Gputty gputty, bool full = true)
    {
        var said = gputty.Run(full ? ["report", "--full"] : ["report"]);
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        using var tar = new TarReader(
            new GZipStream(File.OpenRead(Directory.EnumerateFiles(_folder, "*.tar.gz").Single()), CompressionMode.Decompress));
        var files = new Dictionary<string, string>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
            files.Add(entry.Name["gputty-report/".Length..], new StreamReader(entry.DataStream!).ReadToEnd());
        return files;
    }
}
