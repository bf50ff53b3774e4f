using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Buffers that drivers have exported keep their module without any node of a card.</summary>
public sealed class DmaBuffersTests
{
    [Theory]
    [InlineData("pos:\t0\nflags:\t02000002\nmnt_id:\t9\nino:\t27\nsize:\t4096\ncount:\t2\nexp_name:\ti915\nname:\tcursor\n", "i915")]
    [InlineData("exp_name:\tnvidia-drm\n", "nvidia_drm")]
    [InlineData("exp_name:\t\n", null)]
    [InlineData("name:\texp_name: i915\n", null)]
    [InlineData(null, null)]
    public void The_exporter_is_read_from_the_descriptor_s_facts(string? facts, string? exporter) =>
        Assert.Equal(exporter, DmaBuffers.Exporter(facts));

    [Theory]
    [InlineData("/dmabuf:", true)]
    [InlineData("/dmabuf:cursor", true)]
    [InlineData("anon_inode:dmabuf", true)]
    [InlineData("anon_inode:[eventfd]", false)]
    [InlineData("/tmp/dmabuf:", false)]
    public void Only_a_buffer_is_taken_for_one(string path, bool isBuffer) => Assert.Equal(isBuffer, DmaBuffers.IsBuffer(path));

    [Fact]
    public void A_buffer_keeps_the_module_of_its_exporter_and_is_one_reference()
    {
        var host = With(Machines.Find("arc")!.Machine.Snapshot(), "xe");
        var account = ModuleRefcountBreakdown.Of(host, host.FindModule("xe")!);
        var before = ModuleRefcountBreakdown.Of(
            host with { Holders = host.Holders.RemoveAll(holder => holder.Pid == 7000) }, host.FindModule("xe")!);
        Assert.Equal(before.Held + 1, account.Held);
        var card = Card.FindAt(host, PciAddress.Parse("03:00.0"))!;
        Assert.Contains(HolderPlan.For(host, card).Actions, treatment => treatment.Holder.Pid == 7000);
    }

    [Fact]
    public void A_buffer_of_some_graphics_driver_is_that_of_the_only_one_and_otherwise_a_suspect()
    {
        var two = With(Machines.Find("desktop")!.Machine.Snapshot(), "drm");
        Assert.Null(two.ModulePinnedBy(two.Holders.Single(holder => holder.Pid == 7000).Nodes[0]));
        var leaking = two with
        {
            Modules = [.. two.Modules.Select(module =>
                module.Name == "nvidia_drm" ? module with { References = module.References + 1 } : module)],
        };
        Assert.Contains(
            "Perhaps buffers that these share: chrome (7000)",
            Assert.Single(UnexplainedReferences.Consequences(leaking, ["nvidia_drm"])),
            StringComparison.Ordinal);
        var one = With(Machines.Find("apu")!.Machine.Snapshot(), "drm");
        Assert.Equal("amdgpu", one.ModulePinnedBy(one.Holders.Single(holder => holder.Pid == 7000).Nodes[0]));
    }

    /// <summary>All files of no file system that the kernel calls anon_inode have one number together (fs/anon_inodes.c).</summary>
    [Fact]
    public void A_mapping_that_is_all_that_is_left_of_a_buffer_is_seen()
    {
        using var machine = new MachineTree();
        machine
            .File("proc/812/stat", $"812 (viewer) S 1 1 1 0 -1 4194304 {string.Join(' ', Enumerable.Repeat("0", 12))} 5 0 0\n")
            .File("proc/812/status", "Name:\tviewer\nUid:\t1000\t1000\t1000\t1000\n")
            .File("proc/812/comm", "viewer\n")
            .Folder("proc/812/fd")
            .File(
                "proc/812/maps",
                """
                7f10a0000000-7f10a0001000 rw-s 00000000 00:0f 1057                       anon_inode:[io_uring]
                7f10a0001000-7f10a0002000 rw-s 00000000 00:0f 1057                       anon_inode:i915.gem
                7f10a0002000-7f10a0003000 rw-s 00001000 00:0f 1057                       anon_inode:i915.gem
                7f10a0003000-7f10a0004000 rw-s 00000000 00:0c 27                         /dmabuf:
                7f10a0004000-7f10a0005000 rw-s 00000000 00:0c 28                         /dmabuf:cursor
                7f10a0005000-7f10a0006000 rw-p 00000000 00:00 0                          [heap]

                """);
        var holder = Assert.Single(new ProcHolders(machine.Root).Read(NodeIndex.Empty, []));
        Assert.Equal(
            [
                new HeldNode("anon_inode:i915.gem", NodeKind.DmaBuf, null, "i915", null),
                new HeldNode("/dmabuf:", NodeKind.DmaBuf, null, "drm", null),
                new HeldNode("/dmabuf:cursor", NodeKind.DmaBuf, null, "drm", null),
            ],
            holder.Nodes.OrderBy(node => node.Path.Length is 8 ? 1 : node.Path.Length is 14 ? 2 : 0));
    }

    [Fact]
    public void The_one_file_through_which_a_driver_maps_its_buffers_is_one_reference_whoever_maps_it_and_a_shared_buffer_at_least_one()
    {
        Holder Mapping(int pid, string path, string module) => new()
        {
            Pid = pid,
            StartTime = 1,
            Name = "game",
            Uid = 1000,
            Nodes = [new HeldNode(path, NodeKind.DmaBuf, null, module, null)],
        };
        Assert.Equal(
            new FileCount(1, 1),
            FileCount.Of([Mapping(1, "anon_inode:i915.gem", "i915"), Mapping(2, "anon_inode:i915.gem", "i915")], _ => true));
        Assert.Equal(
            new FileCount(1, 2), FileCount.Of([Mapping(1, "/dmabuf:", "drm"), Mapping(2, "/dmabuf:", "drm")], _ => true));
    }

    [Fact]
    public void A_program_with_a_buffer_of_a_driver_that_stays_for_another_card_is_named_before_the_card_is_taken_off_it()
    {
        var twins = Machines.Find("twins")!.Machine.Snapshot();
        Assert.DoesNotContain(Costs(twins), loss => loss.Text.Contains("on which card", StringComparison.Ordinal));
        Assert.Contains(
            "chrome (7000) has buffers of which it cannot be told on which card they are: it loses those on 0b:00.0.",
            Costs(With(twins, "nvidia")).Select(loss => loss.Text));
        // One that is ended for the switch anyway loses nothing more.
        var ended = With(twins, "nvidia");
        ended = ended with
        {
            Holders = [.. ended.Holders.Select(holder => holder.Pid != 7000 ? holder : holder with
            {
                Nodes = holder.Nodes.Add(new HeldNode("/dev/nvidia1", NodeKind.Nvidia, s_twin, null, 10)),
            })],
        };
        Assert.DoesNotContain(Costs(ended), loss => loss.Text.Contains("on which card", StringComparison.Ordinal));
    }

    private static readonly PciAddress s_twin = PciAddress.Parse("0b:00.0");

    private static ImmutableArray<Consequence> Costs(HostSnapshot host) => Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
        host, new SwitchIntent(s_twin, Direction.ToVm, EndSessions: true, HolderConsent.Terminate))).Plan.Consequences;

    private static HostSnapshot With(HostSnapshot host, string exporter) => host with
    {
        Holders = host.Holders.Add(new Holder
        {
            Pid = 7000,
            StartTime = 1,
            Name = "chrome",
            Uid = 1000,
            Nodes = [new HeldNode("/dmabuf:", NodeKind.DmaBuf, null, exporter, 9) { File = new OpenFile(7000, 9) }],
        }),
    };
}
