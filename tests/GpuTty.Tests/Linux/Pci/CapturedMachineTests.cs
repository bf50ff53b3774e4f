using System.Diagnostics;
using System.Runtime.CompilerServices;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Kernel;
using GpuTty.Tests.Cases;

namespace GpuTty.Tests.Linux.Pci;

/// <summary>
/// Machines that others have captured: the facts of each are in Cases/captured; where GPUTTY_CAPTURES names the
/// folder of the captures themselves (trees/*.tar.xz and what lspci said of them, oracle/*.txt), they are read.
/// </summary>
public sealed class CapturedMachineTests(CapturedMachines machines) : IClassFixture<CapturedMachines>
{
    /// <summary>Where there are no captures these are the same.</summary>
    [RootTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void The_facts_of_a_captured_machine_are_those_of_its_capture(string name)
    {
        var (captured, facts) = (machines.Read(name), machines.ReadFacts(name));

        Same(captured.Devices.Select(Seen), facts.Devices.Select(Seen));
        Same(
            captured.Groups.Select(group => $"{group.Number}: {string.Join(' ', group.Members)}"),
            facts.Groups.Select(group => $"{group.Number}: {string.Join(' ', group.Members)}"));
        Same(captured.Modules.Select(Seen), facts.Modules.Select(Seen));
    }

    private static void Same(IEnumerable<string> captured, IEnumerable<string> facts)
    {
        var (lost, added) = (captured.Except(facts).ToList(), facts.Except(captured).ToList());
        Assert.True(
            lost.Count + added.Count == 0,
            string.Join('\n', (string[])[.. lost.Select(line => $"- {line}"), .. added.Select(line => $"+ {line}")]));
    }

    [RootTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D1_functions_ids_classes_and_drivers_are_those_that_lspci_sees(string name)
    {
        var seen = machines.Read(name).Devices.ToDictionary(device => device.Address);
        var oracle = Oracle.Read(name);

        // lspci gives up on functions that have a class and nothing else.
        var known = seen.Values.Where(device => device.Id.Vendor != 0).OrderBy(device => device.Address).ToList();
        Assert.Equal(oracle.Select(function => function.Describe()), known.Select(device => Oracle.Of(device).Describe()));
        // It follows the driver link; where its target was not captured it names none.
        Assert.All(
            oracle.Where(function => function.Driver is not null),
            function => Assert.Equal(function.Driver, seen[function.Address].Driver));
    }

    [RootTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D2_every_function_is_in_the_group_it_names_and_in_no_other(string name)
    {
        var host = machines.Read(name);

        Assert.Equal(
            host.Devices.Where(device => device.IommuGroup is not null).Select(device => device.Address),
            host.Groups.SelectMany(group => group.Members).Order());
        Assert.All(
            host.Devices.Where(device => device.IommuGroup is not null),
            device => Assert.Contains(device.Address, host.GroupOf(device)!.Members));
    }

    [RootTheory]
    [InlineData("harvester-vgpu-node", 106, 8)]
    [InlineData("ghw-linux-amd64-415ee03b8c4d1c4f07ae2e9d8b3d3d6d", 15, 4)]
    [InlineData("harvester-ghw-e147d239", 0, 0)]
    public void O2_groups_are_counted_right(string name, int groups, int largest)
    {
        var host = machines.Read(name);

        Assert.Equal((groups, largest), (host.Groups.Length, host.Groups.Select(group => group.Members.Length).DefaultIfEmpty().Max()));
    }

    [RootTheory]
    [InlineData("harvester-vgpu-node")]
    public void M24_a_card_with_sixteen_virtual_functions_and_a_management_screen(string name)
    {
        var host = machines.Read(name);

        var cards = Card.FindAll(host);
        Assert.Equal(18, cards.Length);
        Assert.Equal(16, cards.Count(card => card.Display.PhysicalFunction is not null));
        Assert.Equal(
            16,
            cards.Single(card => card.Display.Id.Vendor == 0x10de && card.Display.PhysicalFunction is null).Display.VirtualFunctions);
        var screen = cards.Single(card => card.Display.Driver == "mgag200").Display;
        Assert.Equal(("/dev/dri/card0", "VGA-1", true), (screen.Nodes[0].Path, screen.Connectors.Single().Name, screen.IsBootVga));
        Assert.Equal(screen.Address, host.Console.Framebuffers.Single().Device);
    }

    [RootTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D3_every_card_of_every_machine_gets_a_plan_or_a_named_reason(string name)
    {
        var host = machines.Read(name);
        foreach (var card in Card.FindAll(host))
            foreach (var direction in Enum.GetValues<GpuTty.Planning.Plans.Direction>())
            {
                if (GpuTty.Planning.Plans.SwitchPlanner.Plan(
                    host, new(card.Address, direction, true)) is not GpuTty.Planning.Plans.PlanResult.Blocked blocked)
                    continue;
                Assert.NotEmpty(blocked.Obstacles);
                Assert.All(
                    blocked.Obstacles,
                    obstacle => Assert.True(obstacle.Problem.Length > 10 && obstacle.Remedy.Length > 10, obstacle.Code));
            }
    }

    [RootTheory]
    [InlineData("systemd-t61")]
    public void An_old_laptop_whose_modules_are_only_in_sysfs(string name)
    {
        var host = machines.Read(name);

        Assert.True(host.Modules.Length > 40, $"{host.Modules.Length} modules");
        Assert.Equal(["snd_hda_intel"], host.FindModule("snd-pcm")?.UsedBy.Intersect(["snd_hda_intel"]) ?? []);
        Assert.Null(host.FindModule("vt"));
        var sound = host.Devices.Single(device => device.Driver == "HDA Intel");
        Assert.Contains(new DeviceNode("/dev/snd/controlC0", NodeKind.Sound, 116, 0), sound.Nodes);
    }

    [RootTheory]
    [InlineData("checkbox-NVIDIA_DGX_STATION")]
    public void Four_twins_have_a_card_and_a_render_node_each(string name)
    {
        var twins = Card.FindAll(machines.Read(name)).Select(card => card.Display).ToList();

        Assert.Equal(4, twins.Count);
        Assert.All(
            twins,
            twin => Assert.Equal(
                [NodeKind.Card, NodeKind.Render],
                twin.Nodes.Where(node => node.Kind is NodeKind.Card or NodeKind.Render).Select(node => node.Kind)));
        Assert.Equal(8, twins.SelectMany(twin => twin.Nodes.Where(node => node.Major == 226)).Distinct().Count());
    }

    private static string Seen(PciDevice device) =>
        $"{device.Address} {device.Id} {device.Class.Kind:x4} {device.Driver} in {device.IommuGroup} below {device.Parent} of "
            + $"{device.PhysicalFunction} with {device.VirtualFunctions}"
        + $" {device.IsBootVga} {device.DriverOverride} {string.Join(' ', device.Nodes)} {string.Join(' ', device.Connectors)}";

    private static string Seen(KernelModule module) => $"{module.Name} {module.References} {string.Join(' ', module.UsedBy.Order())}";

    private sealed record Oracle(PciAddress Address, PciId Id, int Kind, string? Driver)
    {
        public static List<Oracle> Read(string name) => CapturedMachines.Folder is null ? Facts(name) : Lspci(name);

        private static List<Oracle> Facts(string name) =>
        [
            .. from line in CapturedMachines.Facts(name)
               where line.Kind == "pci" && line.Plain[2] != "-"
               let address = PciAddress.Parse(line.Plain[0])
               let ids = line.Plain[2]
                   .Split(':')
                   .Concat(line["board"]?.Split(':') ?? [])
                   .Select(id => (int?)Convert.ToInt32(id, 16))
                   .ToList()
               let board = ids.Count < 4 || ids[2] is 0 or 0xffff ? [null, null] : ids[2..]
               orderby address
               select new Oracle(
                   address,
                   new PciId(ids[0]!.Value, ids[1]!.Value, board[0], board[1]),
                   Convert.ToInt32(line.Plain[1][..4], 16),
                   line["driver"]),
        ];

        private static List<Oracle> Lspci(string name) =>
        [
            .. from block in File.ReadAllText($"{CapturedMachines.Folder}/oracle/{name}.lspci-Dvmmnnk.txt").Split(
                "\n\n", StringSplitOptions.RemoveEmptyEntries)
               let fields = block
                   .Split('\n')
                   .Select(line => line.Split(":\t", 2))
                   .Where(pair => pair.Length == 2)
                   .GroupBy(pair => pair[0])
                   .ToDictionary(same => same.Key, same => same.First()[1])
               select new Oracle(
                   PciAddress.Parse(fields["Slot"]),
                   new PciId(Code(fields, "Vendor") ?? 0, Code(fields, "Device") ?? 0, Code(fields, "SVendor"), Code(fields, "SDevice")),
                   Code(fields, "Class") ?? 0,
                   fields.GetValueOrDefault("Driver")),
        ];

        /// <summary>lspci leaves out subsystems that are zero or all ones.</summary>
        public static Oracle Of(PciDevice device) => new(
            device.Address,
            device.Id.SubsystemVendor is null or 0 or 0xffff
                ? device.Id with { SubsystemVendor = null, SubsystemDevice = null }
                : device.Id,
            device.Class.Kind, device.Driver);

        public string Describe() => $"{Address} {Id} {Id.SubsystemVendor:x4}:{Id.SubsystemDevice:x4} {Kind:x4}";

        private static int? Code(Dictionary<string, string> fields, string key) =>
            fields.GetValueOrDefault(key) is { } text && text.LastIndexOf('[') is >= 0 and var open
                ? Convert.ToInt32(text[(open + 1)..].TrimEnd(']'), 16)
                : null;
    }
}

/// <summary>Makes or unpacks each captured machine once and reads it once.</summary>
public sealed class CapturedMachines : IDisposable
{
    private readonly string _unpacked = Directory.CreateTempSubdirectory("gputty-captures").FullName;
    private readonly Dictionary<string, HostSnapshot> _read = [];
    private readonly Dictionary<string, HostSnapshot> _facts = [];

    public static string? Folder => Environment.GetEnvironmentVariable("GPUTTY_CAPTURES") is { Length: > 0 } folder ? folder : null;

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(FactsFolder()).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order()];

    /// <summary>The capture itself; its facts where there is none.</summary>
    public HostSnapshot Read(string name)
    {
        if (Folder is null) return ReadFacts(name);
        if (_read.TryGetValue(name, out var known)) return known;
        var tree = Directory.CreateDirectory($"{_unpacked}/{name}").FullName;
        using (var tar = Process.Start("/usr/bin/tar", ["-xJf", $"{Folder}/trees/{name}.tar.xz", "-C", tree, "--no-same-owner"]))
            tar.WaitForExit();
        return _read[name] = Read(new FileSystemRoot(tree));
    }

    public HostSnapshot ReadFacts(string name)
    {
        if (_facts.TryGetValue(name, out var known)) return known;
        using var tree = new MachineTree();
        _ = new FactTree(tree, Facts(name));
        return _facts[name] = Read(tree.Root);
    }

    internal static IEnumerable<FactLine> Facts(string name) =>
        FactLine.Parse(File.ReadAllText(Path.Combine(FactsFolder(), $"{name}.txt")));

    public void Dispose() => Directory.Delete(_unpacked, recursive: true);

    private static HostSnapshot Read(FileSystemRoot root)
    {
        using var reader =
            new LinuxHostReader(root, Readers.NoTools, () => OriginalState.Nothing, () => KernelIncidents.None, TimeProvider.System);
        return reader.ReadAsync(GpuTty.Host.SnapshotSections.All, null, default).GetAwaiter().GetResult();
    }

    private static string FactsFolder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "../../Cases/captured");
}
