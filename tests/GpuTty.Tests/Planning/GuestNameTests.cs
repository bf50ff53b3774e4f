using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Processes;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Tui;

namespace GpuTty.Tests.Planning;

/// <summary>systemd knows a guest of libvirt's by a longer name than its user does.</summary>
public sealed class GuestNameTests
{
    /// <summary>libvirt leaves out what a host name may not have; its file with the pid has the whole name.</summary>
    [Theory]
    [InlineData(@"machine-qemu\x2d1\x2dwin11.scope", "win11", "win11", "win11")]
    [InlineData(@"machine-qemu\x2d12\x2dmy\x2dvm\x2d2.scope", "my-vm-2", "my-vm-2", "my-vm-2")]
    [InlineData(@"machine-qemu\x2d3\x2dwin11.scope", "win_11", "win_11", "win_11")]
    [InlineData(@"machine-qemu\x2d3\x2dGaming.scope", "Gaming!", "Gaming!", "'Gaming!'")]
    [InlineData(@"machine-qemu\x2d3\x2dadaspc.scope", "ada's pc", "ada's pc", @"'ada'\''s pc'")]
    [InlineData(@"machine-qemu\x2d3.scope", "игры", "игры", "'игры'")]
    [InlineData(@"machine-qemu\x2d3\x2d11.scope", "11", "11", "3")]
    [InlineData(@"machine-qemu\x2d3\x2dall.scope", "--all", "--all", "3")]
    [InlineData(@"machine-qemu\x2d3\x2dx2Jwin.scope", "x\u001b[2Jwin", "x\\x1b[2Jwin", "3")]
    public void It_is_called_by_its_own_name_in_words_and_in_commands_that_virsh_cannot_misunderstand(
        string scope, string name, string shown, string word)
    {
        var host = DesktopMachine.Idle with { Libvirt = LibvirtState.None with { Running = [new RunningGuest(name, 4711)] } };
        var refused = Obstacle.MachineRunning.In(host, Guest(scope));
        Assert.Equal($"A virtual machine is using the card: qemu-system-x86 (4711), {shown}.", refused.Problem);
        Assert.Equal($"Shut the virtual machine down first: virsh -c qemu:///system shutdown {word}", refused.Remedy);
        Assert.Equal($"virtual machine {shown}", Guest(scope).PlaceIn(host));
    }

    /// <summary>The number is libvirt's own, and virsh takes it first of all for that.</summary>
    [Theory]
    [InlineData("win11", 4712)]
    [InlineData("linux", 4711)]
    public void Where_no_file_of_libvirt_is_about_it_the_command_has_its_number(string name, int pid)
    {
        var host = DesktopMachine.Idle with { Libvirt = LibvirtState.None with { Running = [new RunningGuest(name, pid)] } };
        var refused = Obstacle.MachineRunning.In(host, Guest(@"machine-qemu\x2d3\x2dwin11.scope"));
        Assert.Equal("A virtual machine is using the card: qemu-system-x86 (4711), win11.", refused.Problem);
        Assert.Equal("Shut the virtual machine down first: virsh -c qemu:///system shutdown 3", refused.Remedy);
    }

    [Fact]
    public void The_name_is_that_of_libvirts_file()
    {
        using var tree = new MachineTree()
            .File("run/libvirt/qemu/win 11.pid", "4711\n")
            .File("run/libvirt/qemu/win 11.xml", "<domstatus/>")
            .File("run/libvirt/qemu/broken.pid", "x\n")
            .Folder("run/libvirt/qemu/channel");
        Assert.Equal([new RunningGuest("win 11", 4711)], new LibvirtFiles(tree.Root, Readers.NoTools).Read().Running.AsEnumerable());
    }

    private static Holder Guest(string scope)
    {
        var group = ControlGroup.Parse($"0::/machine.slice/{scope}/libvirt/emulator");
        return new Holder
        {
            Pid = 4711,
            StartTime = 1,
            Name = "qemu-system-x86",
            Uid = 64055,
            Unit = group.Unit,
            Container = group.Container,
            Nodes = [new HeldNode("/dev/vfio/14", NodeKind.Vfio, null, null, 11)],
        };
    }

    /// <summary>One that draws with the card without having it.</summary>
    [Fact]
    public void Where_it_only_shares_the_card_it_is_called_so_too()
    {
        var holder = Guest(@"machine-qemu\x2d1\x2dwin11.scope") with { Nodes = [] };
        var known = DesktopMachine.Idle with { Libvirt = LibvirtState.None with { Running = [new RunningGuest("win_11", 4711)] } };
        Assert.Equal("in virtual machine win11: virsh -c qemu:///system shutdown 1", HolderAction.Of(holder, DesktopMachine.Idle).Reason);
        var action = HolderAction.Of(holder, known);
        Assert.Equal("in virtual machine win_11: virsh -c qemu:///system shutdown win_11", action.Reason);
        var refused = Assert.IsType<Obstacle.InContainer>(Assert.Single(new HolderPlan([action]).Obstacles(HolderConsent.Never, false)));
        Assert.StartsWith("qemu-system-x86 (4711) in virtual machine win_11 is using the card", refused.Problem, StringComparison.Ordinal);
        Assert.Equal("Shut the virtual machine down: virsh -c qemu:///system shutdown win_11", refused.Remedy);
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
