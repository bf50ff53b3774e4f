using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Holders;
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
