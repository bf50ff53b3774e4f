using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public Task Amd_with_intel_iommu_on() => Right("amd-with-intel-iommu-on", async machine => // (16)
    {
        var said = await machine.RunAsync("plan vm --card 01:00.0");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("AMD-Vi", said.Error);
        Assert.DoesNotContain("VT-d", said.Error);
        Assert.DoesNotContain("add intel_iommu=on", said.Error);
        Assert.Contains("AMD ignores intel_iommu=on", said.Error);
    });

    [RootFact]
    public Task Pi5_groups_of_other_buses() => Right("pi5-groups-of-other-buses", async machine => // (16)
    {
        var said = await machine.RunAsync("plan vm --card 0001:01:00.0");
        Assert.Equal(Refused, said.Code);
        Assert.DoesNotContain("VT-d", said.Error);
        Assert.DoesNotContain("AMD-Vi", said.Error);
        Assert.DoesNotContain("the firmware", said.Error);
        Assert.Contains("no PCI device is behind it", (await machine.RunAsync("status")).Out);
    });

    [RootFact]
    public Task Wsl2() => Right("wsl2", async machine => // (16)
    {
        var said = await machine.RunAsync("plan vm --card 7f5f:00:00.0");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("WSL2", said.Error);
        Assert.DoesNotContain("firmware", said.Error);
        Assert.DoesNotContain("Install the kernel package", said.Error);
        Assert.DoesNotContain("reserved for vfio-pci", said.Error);
    });

    [RootFact]
    public Task Xen_dom0() => Right("xen-dom0", async machine => // (16)
    {
        foreach (var command in (string[])["plan vm --card 01:00.0", "doctor --card 01:00.0", "groups"])
        {
            var said = await machine.RunAsync(command);
            Assert.Contains("xl pci-assignable-add", said.Out + said.Error);
            Assert.DoesNotContain("VT-d", said.Out + said.Error);
        }
        Assert.Equal(Refused, (await machine.RunAsync("plan vm --card 01:00.0")).Code);
        Assert.DoesNotContain("IOMMU off", (await machine.RunAsync("status")).Out);
    });

    [RootFact]
    public Task Igpu_in_no_group() => Right("igpu-in-no-group", async machine => // (17)
    {
        Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0"));
        var said = await machine.RunAsync("plan vm --card 00:02.0");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("igfx_off", said.Error);
        Assert.DoesNotContain("another slot", said.Error);
    });

    [RootFact]
    public Task Vfio_but_efifb_on_it() => Right("vfio-but-efifb-on-it", async machine => // (17)
    {
        foreach (var command in (string[])["status", "doctor --card b3:00.0"])
        {
            var said = await machine.RunAsync(command);
            Assert.Contains("firmware's screen", said.Out);
            Assert.Contains("efifb", said.Out);
        }
    });

    [RootFact]
    public Task Simpledrm_below_nvidia() => Right("simpledrm-below-nvidia", async machine => // (17)
    {
        var host = await machine.ReadAsync();
        Assert.DoesNotContain(host.Devices.SelectMany(device => device.Connectors), connector => connector.Name.Contains("Unknown"));
        Blocked<Obstacle.OnlyCard>(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true, HolderConsent.Terminate));
        var doctor = (await machine.RunAsync("doctor --card 01:00.0")).Out;
        Assert.Contains("firmware's screen", doctor);
        Assert.Contains("simpledrm", doctor);
    });

    [RootFact]
    public Task Turing_four_functions() => Right("turing-four-functions", async machine => // (17)
    {
        Assert.Contains("01:00", (await machine.RunAsync("status")).Out.Split("Next switch")[1]);
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true, HolderConsent.Terminate));
        Assert.Equal(["0000:01:00.0", "0000:01:00.1", "0000:01:00.2", "0000:01:00.3"], Bound(plan));
        Assert.Contains(plan.Consequences, cost => cost.Text.Contains("USB-C Headset"));
        Assert.Contains(plan.Consequences, cost => cost.Text.Contains("only") && cost.Text.Contains("monitor"));
    });

    [RootFact]
    public Task Nvidia_one_unseen_reference() => Right("nvidia-one-unseen-reference", async machine => // (17)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0"));
        Assert.Contains(plan.Consequences, cost => cost.Text.Contains("1 reference") && cost.Text.Contains("nvidia"));
    });
}
