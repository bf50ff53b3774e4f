using GpuTty.Host.Holders;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Tui;

namespace GpuTty.Tests.Planning;

/// <summary>systemd knows a guest of libvirt's by a longer name than its user does.</summary>
public sealed class GuestNameTests
{
    [Theory]
    [InlineData(@"machine-qemu\x2d1\x2dwin11.scope", "win11")]
    [InlineData(@"machine-qemu\x2d12\x2dmy\x2dvm\x2d2.scope", "my-vm-2")]
    [InlineData(@"machine-qemu\x2d3\x2ddebian12.5.scope", "debian12.5")]
    public void It_is_called_by_its_own_name_in_words_and_commands(string scope, string name)
    {
        var group = ControlGroup.Parse($"0::/machine.slice/{scope}/libvirt/emulator");
        var holder = new Holder
        {
            Pid = 4711,
            StartTime = 1,
            Name = "qemu-system-x86",
            Uid = 64055,
            Unit = group.Unit,
            Container = group.Container,
            Nodes = [new HeldNode("/dev/vfio/14", NodeKind.Vfio, null, null, 11)],
        };
        Assert.Equal(name, holder.GuestName);
        var refused = new Obstacle.MachineRunning(holder);
        Assert.Equal($"A virtual machine is using the card: qemu-system-x86 (4711), {name}.", refused.Problem);
        Assert.Equal($"Shut the virtual machine down first: virsh shutdown {name}", refused.Remedy);
    }

    /// <summary>One that draws with the card without having it.</summary>
    [Fact]
    public void Where_it_only_shares_the_card_it_is_called_so_too()
    {
        var group = ControlGroup.Parse(@"0::/machine.slice/machine-qemu\x2d1\x2dwin11.scope/libvirt/emulator");
        var holder = new Holder
        {
            Pid = 4711,
            StartTime = 1,
            Name = "qemu-system-x86",
            Uid = 64055,
            Unit = group.Unit,
            Container = group.Container,
        };
        var command = ContainerCommand.Stop(holder.Container!, holder.Unit);
        var refused = new Obstacle.InContainer(holder, "/dev/dri/renderD128", command);
        Assert.StartsWith("qemu-system-x86 (4711) in virtual machine win11 is using the card", refused.Problem, StringComparison.Ordinal);
        Assert.Equal("Shut the virtual machine down: virsh shutdown win11", refused.Remedy);
        Assert.Equal("in virtual machine win11: virsh shutdown win11", HolderAction.Of(holder, DesktopMachine.Idle).Reason);
    }

    [Fact]
    public void The_doctor_does_not_take_it_for_a_container() =>
        Assert.DoesNotContain("The container", Gputty.On("vm-running").Run("doctor").Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("0::/system.slice/docker-3f0c5d1e9a7b3f0c5d1e9a7b3f0c5d1e9a7b3f0c5d1e9a7b3f0c5d1e9a7b3f0c.scope")]
    [InlineData("0::/machine.slice/systemd-nspawn@qemu-1-web.service")]
    public void A_container_is_no_guest(string cgroup)
    {
        var group = ControlGroup.Parse(cgroup);
        var holder = new Holder
        {
            Pid = 4711,
            StartTime = 1,
            Name = "python3",
            Uid = 0,
            Unit = group.Unit,
            Container = group.Container,
        };
        Assert.NotNull(holder.Container);
        Assert.Null(holder.GuestName);
    }
}
