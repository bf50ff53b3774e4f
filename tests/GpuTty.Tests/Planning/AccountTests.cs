using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Planning.Holders;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Planning;

/// <summary>Who keeps a module busy, and what a group's make-up means.</summary>
public sealed class AccountTests
{
    private static readonly HostSnapshot s_desktop = Machines.Find("desktop")!.Machine.Snapshot();
    private static readonly Card s_card = Card.FindAt(s_desktop, Machines.Card)!;

    [Fact]
    public void Every_reference_of_a_desktop_s_card_is_held_or_explained()
    {
        foreach (var account in CardModules.Accounts(s_desktop, s_card))
        {
            Assert.Equal(0, account.Unexplained);
            Assert.Equal(account.References, account.Held + account.ExplainedCount);
        }
    }

    [Fact]
    public void Explanations_never_explain_more_than_there_is()
    {
        var idle = s_desktop.FindModule("nvidia")! with { References = 2 };
        var account =
            ModuleRefcountBreakdown.Of(s_desktop with { Modules = s_desktop.Modules.Replace(s_desktop.FindModule("nvidia")!, idle) }, idle);
        Assert.Equal(idle.UsedBy.Length, account.ExplainedCount);
        Assert.Equal(0, account.Unexplained);
    }

    /// <summary>As counted on a real kernel: two screens, a service and a
    /// control program on two such cards, and two modules on top.</summary>
    [Theory]
    [InlineData(6, new[] { "/dev/nvidia0", "/dev/nvidiactl" })]
    [InlineData(4, new[] { "/dev/nvidiactl" })]
    public void A_file_of_the_driver_s_own_nodes_counts_twice(int references, string[] open)
    {
        var host = s_desktop with
        {
            Holders = [.. open.Select((path, pid) => new Holder { Pid = pid + 900, StartTime = 1, Name = "hold", Uid = 0, Nodes =
                [path.EndsWith("ctl", StringComparison.Ordinal)
                    ? new HeldNode(path, NodeKind.Nvidia, null, "nvidia", 3)
                    : new HeldNode(path, NodeKind.Nvidia, Machines.Card, null, 3)] })],
        };
        var account = ModuleRefcountBreakdown.Of(host, new KernelModule("nvidia", references, ["nvidia_uvm", "nvidia_modeset"]));
        Assert.Equal((open.Length, 0), (account.Held, account.Unexplained));
        Assert.Equal(
            1,
            ModuleRefcountBreakdown.Of(host, new KernelModule("nvidia", references + 1, ["nvidia_uvm", "nvidia_modeset"])).Unexplained);
    }

    [Fact]
    public void M11_what_nobody_explains_is_said_to_be_unexplained()
    {
        var leaking = s_desktop.FindModule("nvidia_drm")! is var module ? module with { References = module.References + 3 } : null!;
        Assert.Contains(", 3 unknown", ModuleRefcountBreakdown.Of(s_desktop, leaking).Words(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_screens_of_nvidia_are_named_as_what_holds_nvidia_drm()
    {
        var missing = new UnloadModule("nvidia_drm").PendingReason(s_desktop);
        Assert.Contains("held by", missing, StringComparison.Ordinal);
        Assert.Contains("gnome-shell", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("nvidia-persiste", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_server_is_said_to_be_paused_where_the_desktop_stays_and_to_end_where_it_goes()
    {
        Assert.Equal(HolderActionKind.StopService, TreatmentOf("wireplumber", "kept-off"));
        Assert.Equal(HolderActionKind.EndsWithDesktop, TreatmentOf("wireplumber", "desktop"));
    }

    [Theory]
    [InlineData("desktop", 14, GroupState.Isolated)]
    [InlineData("desktop", 17, GroupState.SharedWithHost)]
    [InlineData("desktop", 2, GroupState.BridgesOnly)]
    [InlineData("shared-group", 14, GroupState.SharedWithHost)]
    [InlineData("vm-running", 14, GroupState.WithVm)]
    public void A_group_is_judged_by_what_is_in_it(string machine, int number, GroupState state)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        Assert.Equal(state, GroupVerdict.Of(host, host.Groups.Single(group => group.Number == number)).State);
    }

    [Fact]
    public void Neighbours_without_a_driver_do_not_keep_a_group_back()
    {
        var host = Machines.Find("shared-group")!.Machine.Snapshot();
        var free = host with
        {
            Devices = [.. host.Devices.Select(device => device.Class.IsNetwork ? device with { Driver = null } : device)],
        };
        Assert.Equal(GroupState.SharedButFree, GroupVerdict.Of(free, free.Groups.Single(group => group.Number == 14)).State);
    }

    [Fact]
    public void Memory_that_the_firmware_keeps_forbids_giving_a_group_away()
    {
        var group = s_desktop.Groups.Single(group => group.Number == 14) with
        {
            ReservedRegions = [new ReservedRegion(0x1000, 0x1fff, "direct")],
        };
        Assert.Equal(GroupState.KeptByFirmware, GroupVerdict.Of(s_desktop, group).State);
        var relaxed = group with { ReservedRegions = [new ReservedRegion(0x1000, 0x1fff, "direct-relaxable")] };
        Assert.Equal(GroupState.Isolated, GroupVerdict.Of(s_desktop, relaxed).State);
    }

    private static HolderActionKind TreatmentOf(string name, string machine)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        return HolderAction.Of(host.Holders.First(holder => holder.Name == name), host, Card.FindAt(host, Machines.Card)!).Kind;
    }

    /// <summary>One screen is a screen: the words stand behind their count.</summary>
    [Theory]
    [InlineData(KernelReferenceCode.DisplayNodesCountedTwice, 1, "screen open through nvidia_drm, counted twice")]
    [InlineData(KernelReferenceCode.DisplayNodesCountedTwice, 2, "screens open through nvidia_drm, counted twice")]
    [InlineData(KernelReferenceCode.OwnNodesCountedTwice, 1, "own device file, counted twice")]
    [InlineData(KernelReferenceCode.OwnNodesCountedTwice, 4, "own device files, counted twice")]
    [InlineData(KernelReferenceCode.UsedByModule, 1, "nvidia_drm uses it")]
    public void What_explains_a_reference_agrees_with_its_count(KernelReferenceCode code, int count, string why) =>
        Assert.Equal(why, new KernelReference(code, "nvidia_drm", count).Why);
}
