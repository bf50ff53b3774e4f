using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux.Pci;

/// <summary>Runs where GPUTTY_CAPTURES names a folder of captured machines (trees/*.tar.xz and what lspci said of them, oracle/*.txt); else it is shown as skipped.</summary>
public sealed class CapturedMachineTheoryAttribute : TheoryAttribute
{
    public CapturedMachineTheoryAttribute()
    {
        if (CapturedMachines.Folder is null) Skip = "GPUTTY_CAPTURES names no folder of captured machines.";
    }
}

public sealed class CapturedMachineTests(CapturedMachines machines) : IClassFixture<CapturedMachines>
{
    [CapturedMachineTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D1_functions_ids_classes_and_drivers_are_those_that_lspci_sees(string name)
    {
        var seen = machines.Read(name).Devices.ToDictionary(device => device.Address);
        var oracle = Oracle.Read(name);

        // lspci gives up on functions that have a class and nothing else.
        var known = seen.Values.Where(device => device.Id.Vendor != 0).OrderBy(device => device.Address).ToList();
        Assert.Equal(oracle.Select(function => function.Describe()), known.Select(device => Oracle.Of(device).Describe()));
        // It follows the driver link; where its target was not captured it names none.
        Assert.All(oracle.Where(function => function.Driver is not null), function => Assert.Equal(function.Driver, seen[function.Address].Driver));
    }

    [CapturedMachineTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D2_every_function_is_in_the_group_it_names_and_in_no_other(string name)
    {
        var host = machines.Read(name);

        Assert.Equal(host.Devices.Where(device => device.IommuGroup is not null).Select(device => device.Address), host.Groups.SelectMany(group => group.Members).Order());
        Assert.All(host.Devices.Where(device => device.IommuGroup is not null), device => Assert.Contains(device.Address, host.GroupOf(device)!.Members));
    }

    [CapturedMachineTheory]
    [InlineData("harvester-vgpu-node", 106, 8)]
    [InlineData("ghw-linux-amd64-415ee03b8c4d1c4f07ae2e9d8b3d3d6d", 15, 4)]
    [InlineData("harvester-ghw-e147d239", 0, 0)]
    public void O2_groups_are_counted_right(string name, int groups, int largest)
    {
        var host = machines.Read(name);

        Assert.Equal((groups, largest), (host.Groups.Length, host.Groups.Select(group => group.Members.Length).DefaultIfEmpty().Max()));
    }

    [CapturedMachineTheory]
    [InlineData("harvester-vgpu-node")]
    public void M24_a_card_with_sixteen_virtual_functions_and_a_management_screen(string name)
    {
        var host = machines.Read(name);

        var cards = Card.FindAll(host);
        Assert.Equal(18, cards.Length);
        Assert.Equal(16, cards.Count(card => card.Display.PhysicalFunction is not null));
        Assert.Equal(16, cards.Single(card => card.Display.Id.Vendor == 0x10de && card.Display.PhysicalFunction is null).Display.VirtualFunctions);
        var screen = cards.Single(card => card.Display.Driver == "mgag200").Display;
        Assert.Equal(("/dev/dri/card0", "VGA-1", true), (screen.Nodes[0].Path, screen.Connectors.Single().Name, screen.IsBootVga));
        Assert.Equal(screen.Address, host.Console.Framebuffers.Single().Device);
    }

    [CapturedMachineTheory]
    [MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void D3_every_card_of_every_machine_gets_a_plan_or_a_named_reason(string name)
    {
        var host = machines.Read(name);
        foreach (var card in Card.FindAll(host))
            foreach (var direction in Enum.GetValues<GpuTty.Planning.Plans.Direction>())
            {
                if (GpuTty.Planning.Plans.SwitchPlanner.Plan(host, new(card.Address, direction, true)) is not GpuTty.Planning.Plans.PlanResult.Blocked blocked) continue;
                Assert.NotEmpty(blocked.Obstacles);
                Assert.All(blocked.Obstacles, obstacle => Assert.True(obstacle.Problem.Length > 10 && obstacle.Remedy.Length > 10, obstacle.Code));
            }
    }

    [CapturedMachineTheory]
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

    [CapturedMachineTheory]
    [InlineData("checkbox-NVIDIA_DGX_STATION")]
    public void Four_twins_have_a_card_and_a_render_node_each(string name)
    {
        var twins = Card.FindAll(machines.Read(name)).Select(card => card.Display).ToList();

        Assert.Equal(4, twins.Count);
        Assert.All(twins, twin => Assert.Equal([NodeKind.Card, NodeKind.Render], twin.Nodes.Where(node => node.Kind is NodeKind.Card or NodeKind.Render).Select(node => node.Kind)));
        Assert.Equal(8, twins.SelectMany(twin => twin.Nodes.Where(node => node.Major == 226)).Distinct().Count());
    }

    private sealed record Oracle(PciAddress Address, PciId Id, int Kind, string? Driver)
    {
        public static List<Oracle> Read(string name) =>
        [
            .. from block in File.ReadAllText($"{CapturedMachines.Folder}/oracle/{name}.lspci-Dvmmnnk.txt").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
               let fields = block.Split('\n').Select(line => line.Split(":\t", 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(same => same.Key, same => same.First()[1])
               select new Oracle(
                   PciAddress.Parse(fields["Slot"]), new PciId(Code(fields, "Vendor") ?? 0, Code(fields, "Device") ?? 0, Code(fields, "SVendor"), Code(fields, "SDevice")),
                   Code(fields, "Class") ?? 0, fields.GetValueOrDefault("Driver")),
        ];

        /// <summary>lspci leaves out subsystems that are zero or all ones.</summary>
        public static Oracle Of(PciDevice device) => new(
            device.Address,
            device.Id.SubsystemVendor is null or 0 or 0xffff ? device.Id with { SubsystemVendor = null, SubsystemDevice = null } : device.Id,
            device.Class.Kind, device.Driver);

        public string Describe() => $"{Address} {Id} {Id.SubsystemVendor:x4}:{Id.SubsystemDevice:x4} {Kind:x4}";

        private static int? Code(Dictionary<string, string> fields, string key) =>
            fields.GetValueOrDefault(key) is { } text && text.LastIndexOf('[') is >= 0 and var open ? Convert.ToInt32(text[(open + 1)..].TrimEnd(']'), 16) : null;
    }
}

/// <summary>Unpacks each captured machine once and reads it once.</summary>
public sealed class CapturedMachines : IDisposable
{
    private readonly string _unpacked = Directory.CreateTempSubdirectory("gputty-captures").FullName;
    private readonly Dictionary<string, HostSnapshot> _read = [];

    public static string? Folder => Environment.GetEnvironmentVariable("GPUTTY_CAPTURES") is { Length: > 0 } folder ? folder : null;

    public static TheoryData<string> Names => Folder is null
        ? ["no captured machine"]
        : [.. Directory.GetFiles($"{Folder}/trees", "*.tar.xz").Select(file => Path.GetFileName(file)[..^".tar.xz".Length]).Order()];

    public HostSnapshot Read(string name)
    {
        if (_read.TryGetValue(name, out var known)) return known;
        var tree = Directory.CreateDirectory($"{_unpacked}/{name}").FullName;
        using (var tar = Process.Start("/usr/bin/tar", ["-xJf", $"{Folder}/trees/{name}.tar.xz", "-C", tree, "--no-same-owner"])) tar.WaitForExit();
        using var reader = new LinuxHostReader(new MachineRoot(tree), Readers.NoTools, () => HomeMemory.Nothing, () => BootNotes.None, TimeProvider.System);
        return _read[name] = reader.ReadAsync(Facts.All, null, default).GetAwaiter().GetResult();
    }

    public void Dispose() => Directory.Delete(_unpacked, recursive: true);
}
