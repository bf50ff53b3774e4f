using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Planning.Holders;
using GpuTty.Tests.Cases;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>A list of users or groups that is there and cannot be read says of nobody that he does not exist.</summary>
public sealed class UnreadableAccountsTests : IDisposable
{
    private readonly MachineTree _tree = new();

    /// <summary>Root cannot read these either.</summary>
    public static TheoryData<string> Ways => ["circle", "folder", "broken disk"];

    public void Dispose() => _tree.Dispose();

    [Theory, MemberData(nameof(Ways))]
    public void Nobody_is_said_not_to_exist_when_the_list_cannot_be_read(string way)
    {
        Break("etc/passwd", way);
        Break("etc/group", way);
        foreach (var (file, ask) in ((string, Action)[])
        [
            ("/etc/passwd", () => VfioOwners.Of(_tree.Root, "joe", "")),
            ("/etc/group", () => VfioOwners.Of(_tree.Root, "", "kvm")),
            ("/etc/passwd", () => CommandUser.Of(_tree.Root, "joe", new CallingUser(1000, null))),
            ("/etc/passwd", () => CommandUser.Of(_tree.Root, null, new CallingUser(1000, null))),
        ])
        {
            var refused = Assert.Throws<HostException>(ask);
            Assert.StartsWith($"{file} cannot be read: ", refused.Message, StringComparison.Ordinal);
            Assert.EndsWith($"ls -l {file}", refused.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_there_is_no_such_list_nobody_is_in_it() =>
        Assert.StartsWith(
            "There is no user joe",
            Assert.Throws<HostException>(() => VfioOwners.Of(_tree.Root, "joe", "")).Message,
            StringComparison.Ordinal);

    [RootFact]
    public void What_a_user_may_not_read_is_unknown_to_him()
    {
        _tree.File("etc/passwd", "joe:x:1000:1000::/home/joe:/bin/sh\n");
        foreach (var folder in (string[])["", "etc"])
            File.SetUnixFileMode(_tree.At(folder), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_tree.At("etc/passwd"), UnixFileMode.UserRead);
        Assert.Equal(1000, VfioOwners.Of(_tree.Root, "joe", "")!.Uid);
        var refused = Assert.Throws<HostException>(() => AsUser.Run(1234, () => VfioOwners.Of(_tree.Root, "joe", "")));
        Assert.Equal("/etc/passwd cannot be read: Permission denied.", refused.Message);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Settings_of_a_caller_whose_home_is_unknown_are_not_taken_for_none(string way)
    {
        var called = new Dictionary<string, string>();
        _tree.File("etc/passwd", "joe:x:1000:1000::/home/joe:/bin/sh\n");
        foreach (var variable in (string[])["SUDO_UID", "PKEXEC_UID"])
        {
            Assert.Equal("/home/joe", CallingUser.Of(_tree.Root, 0, name => name == variable ? "1000" : null).Home);
            // In the file, or not: a user of a directory service has no home that it knows.
            Assert.Null(CallingUser.Of(_tree.Root, 0, name => name == variable ? "4711" : null).Problem);
        }
        Break("etc/passwd", way);
        var caller = CallingUser.Of(_tree.Root, 0, name => name == "SUDO_UID" ? "1000" : null);
        Assert.Equal((1000u, null), (caller.Uid, caller.Home));
        var read = new ConfigurationFiles(_tree.Root).Read(caller, called);
        Assert.StartsWith(
            "/etc/passwd cannot be read: ", Assert.Throws<HostException>(() => read.Usable()).Message, StringComparison.Ordinal);
        // A hook is nobody's, and whoever is no root has told his home himself.
        Assert.Null(new ConfigurationFiles(_tree.Root).Read(null, called).Error);
        var own = CallingUser.Of(_tree.Root, 1000, name => name == "HOME" ? "/home/joe" : null);
        Assert.Equal(("/home/joe", null), (own.Home, own.Problem));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Whoever_called_through_doas_is_not_taken_for_root(string way)
    {
        _tree.File("etc/passwd", "joe:x:1000:1000::/home/joe:/bin/sh\n");
        Assert.Equal(1000u, CallingUser.Of(_tree.Root, 0, name => name == "DOAS_USER" ? "joe" : null).Uid);
        Break("etc/passwd", way);
        var caller = CallingUser.Of(_tree.Root, 0, name => name == "DOAS_USER" ? "joe" : null);
        Assert.NotEqual(0u, caller.Uid);
        Assert.NotNull(caller.Problem);
        Assert.Equal(0u, CallingUser.Of(_tree.Root, 0, _ => null).Uid);
    }

    [RootFact]
    public void A_file_in_a_home_that_is_unknown_is_written_nowhere()
    {
        var caller = new CallingUser(1000, null) { Problem = "/etc/passwd cannot be read: Input/output error." };
        var refused = Assert.Throws<HostException>(() => NewFile.WriteAs(caller, "~/gputty.log", "x"u8));
        Assert.Equal("~/gputty.log cannot be written: /etc/passwd cannot be read: Input/output error.", refused.Message);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Who_lingers_is_unknown(string way)
    {
        _tree.File("var/lib/systemd/linger/joe", "");
        Break("etc/passwd", way);
        List<Unknown> unknowns = [];
        LoginSettings.AddTo(new HostSnapshot { TakenAt = default }, _tree.Root, unknowns);
        Assert.Equal(UnknownFact.Sessions, Assert.Single(unknowns).Code);
        Assert.Contains("/etc/passwd cannot be read", unknowns[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etc/passwd")]
    [InlineData("etc/group")]
    [InlineData("etc/libvirt/qemu.conf")]
    public void Who_may_open_the_memory_that_guests_share_is_unknown(string path)
    {
        _tree
            .File("etc/passwd", "root:x:0:0:::\nlibvirt-qemu:x:64055:108:::\n")
            .File("etc/group", "root:x:0:\n")
            .File("etc/libvirt/qemu.conf", "")
            .File("dev/shm/looking-glass", "");
        Assert.Null(SysFiles.Own(_tree.At("dev/shm/looking-glass"), (int)Native.EffectiveUser(), 0, 0b110_000_000));
        List<Unknown> unknowns = [];
        var host = new HostSnapshot { TakenAt = default };
        Assert.Equal(["libvirt-qemu"], Assert.Single(SharedMemoryNodes.Read(_tree.Root, host, unknowns)).ClosedTo.AsEnumerable());
        Assert.Empty(unknowns);
        Break(path, "circle");
        Assert.Empty(Assert.Single(SharedMemoryNodes.Read(_tree.Root, host, unknowns)).ClosedTo);
        Assert.Equal(UnknownFact.Accounts, Assert.Single(unknowns).Code);
    }

    [Fact]
    public async Task A_look_says_that_it_does_not_know_the_names_of_users_and_goes_on_with_their_numbers()
    {
        using var machine = StrangersMachine.Load("linger-user-service");
        var before = await machine.ReadAsync();
        Assert.DoesNotContain(before.Unknowns, unknown => unknown.Code == UnknownFact.Accounts);
        Assert.Contains(before.Holders, holder => holder.User is not null);
        File.Delete($"{machine.Root.Etc("passwd")}");
        Directory.CreateDirectory(machine.Root.Etc("passwd"));
        var after = await machine.ReadAsync();
        var unknown = Assert.Single(after.Unknowns, unknown => unknown.Code == UnknownFact.Accounts);
        Assert.Equal("Unknown names of users: /etc/passwd cannot be read: Is a directory.", unknown.Sentence);
        Assert.Equal(before.Holders.Select(holder => (holder.Pid, holder.Uid)), after.Holders.Select(holder => (holder.Pid, holder.Uid)));
        Assert.All(after.Holders, holder => Assert.Null(holder.User));
    }

    [Theory]
    [InlineData("messagebus", true)]
    [InlineData("joe", false)]
    [InlineData(null, true)]
    public void The_bus_of_the_system_is_spared_also_where_the_name_of_its_user_is_unknown(string? user, bool isSpared)
    {
        var bus = new Holder { Pid = 700, Name = "dbus-daemon", Uid = 101, StartTime = 1, User = user, Nodes = [] };
        Assert.Equal(isSpared, ProtectedProcess.Why(bus) is not null);
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_virtual_machine_of_Proxmox_whose_configuration_cannot_be_read_may_want_a_card(string way)
    {
        Assert.Null(ProxmoxFile.Read(_tree.Root, "100"));
        Break("etc/pve/qemu-server/100.conf", way);
        Assert.StartsWith(
            "/etc/pve/qemu-server/100.conf cannot be read: ",
            Assert.Throws<HostException>(() => ProxmoxFile.Read(_tree.Root, "100")).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Something is there, and nobody can read it.</summary>
    private void Break(string path, string way)
    {
        var place = _tree.At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Delete(place);
        // Reading the memory of a process where nothing is mapped is EIO, as reading a broken block is.
        if (way == "folder") Directory.CreateDirectory(place);
        else File.CreateSymbolicLink(place, way == "circle" ? place : "/proc/self/mem");
    }
}
