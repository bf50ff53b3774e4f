using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Where no device is in an IOMMU group, the remedy is one that this machine has.</summary>
public sealed class WithoutIommuTests
{
    [Theory]
    [InlineData(ProcessorMaker.Intel, "quiet", "VT-d", "add intel_iommu=on")]
    [InlineData(ProcessorMaker.Intel, "quiet intel_iommu=on,sm_on", "VT-d", "already")]
    [InlineData(ProcessorMaker.Intel, "quiet intel_iommu=off", "Remove intel_iommu=off from", "reboot")]
    [InlineData(ProcessorMaker.Intel, "intel_iommu=off intel_iommu=on", "VT-d", "already")]
    [InlineData(ProcessorMaker.Intel, "quiet amd_iommu=off", "VT-d", "add intel_iommu=on")]
    [InlineData(ProcessorMaker.Amd, "quiet", "AMD-Vi", "no parameter is needed")]
    [InlineData(ProcessorMaker.Amd, "quiet intel_iommu=on", "AMD-Vi", "AMD ignores intel_iommu=on")]
    [InlineData(ProcessorMaker.Amd, "quiet amd_iommu=off", "Remove amd_iommu=off from", "reboot")]
    [InlineData(ProcessorMaker.Amd, "quiet iommu=off", "Remove iommu=off from", "reboot")]
    [InlineData(ProcessorMaker.Amd, "quiet intel_iommu=off", "AMD-Vi", "no parameter is needed")]
    [InlineData(ProcessorMaker.Arm, "quiet", "SMMU", "reboot")]
    [InlineData(ProcessorMaker.Other, "quiet", "manual", "reboot")]
    [InlineData(ProcessorMaker.Unknown, "quiet", "VT-d or AMD-Vi", "on Intel")]
    [InlineData(ProcessorMaker.Unknown, "quiet intel_iommu=on", "VT-d or AMD-Vi", "reboot")]
    public void The_remedy_is_for_this_processor_and_names_no_parameter_that_is_there(
        ProcessorMaker processor, string commandLine, params string[] words)
    {
        var remedy = Reason(On(new MachineKind(processor, Platform.Hardware, Chassis.Desktop)) with { CommandLine = commandLine }).Remedy;
        Assert.All(words, word => Assert.Contains(word, remedy, StringComparison.Ordinal));
        if (processor is ProcessorMaker.Amd or ProcessorMaker.Arm or ProcessorMaker.Other)
            Assert.DoesNotContain("VT-d", remedy, StringComparison.Ordinal);
        if (processor is ProcessorMaker.Intel or ProcessorMaker.Arm or ProcessorMaker.Other)
            Assert.DoesNotContain("AMD", remedy, StringComparison.Ordinal);
        if (commandLine.Contains("intel_iommu=on", StringComparison.Ordinal))
            Assert.DoesNotContain("add intel_iommu=on", remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_is_sent_to_its_host()
    {
        var reason = Reason(On(new MachineKind(ProcessorMaker.Intel, Platform.Guest, Chassis.Unknown)));
        Assert.Contains("on the host", reason.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("firmware", reason.Remedy, StringComparison.Ordinal);
    }

    /// <summary>Nothing that could be mended matters there, so nothing else is said.</summary>
    [Theory]
    [InlineData(Platform.Wsl, "inside-wsl")]
    [InlineData(Platform.XenControlDomain, "under-xen")]
    public void In_Xen_and_WSL_there_is_one_reason_and_no_other(Platform platform, string code)
    {
        var host = On(new MachineKind(ProcessorMaker.Intel, platform, Chassis.Desktop)) with { Vfio = new(false, false) };
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.Equal([code], blocked.Obstacles.Select(obstacle => obstacle.Code));
    }

    [Fact]
    public void A_board_whose_IOMMU_serves_other_buses_is_told_that_no_setting_helps()
    {
        var host = On(new MachineKind(ProcessorMaker.Arm, Platform.Hardware, Chassis.Unknown)) with { IommuServesOtherBuses = true };
        Assert.Contains("no PCI device is behind it", Reason(host).Problem, StringComparison.Ordinal);
        Assert.Contains("no setting", Reason(host).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chassis.Portable, false)]
    [InlineData(Chassis.Compact, false)]
    [InlineData(Chassis.Desktop, true)]
    [InlineData(Chassis.Server, true)]
    [InlineData(Chassis.Unknown, true)]
    public void Another_slot_is_named_only_where_there_are_slots(Chassis chassis, bool isNamed)
    {
        var host = Machines.Find("shared-group")!.Machine.Snapshot() with
        {
            MachineKind = new MachineKind(ProcessorMaker.Amd, Platform.Hardware, chassis),
        };
        var blocked =
            Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        var shared = Assert.Single(blocked.Obstacles.OfType<Obstacle.SharedGroup>());
        Assert.Equal(isNamed, shared.Remedy.Contains("another slot", StringComparison.Ordinal));
    }

    private static HostSnapshot On(MachineKind kind) => Machines.Find("no-iommu")!.Machine.Snapshot() with { MachineKind = kind };

    private static Obstacle Reason(HostSnapshot host) => WithoutIommu.Reason(host);
}
