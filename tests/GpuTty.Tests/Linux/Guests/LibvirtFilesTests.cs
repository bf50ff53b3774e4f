using System.Diagnostics;
using GpuTty.Cli;
using GpuTty.Host.Guests;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Linux.Guests;

/// <summary>The hook as a file of libvirt's, and what is around it.</summary>
public sealed class LibvirtFilesTests : IDisposable
{
    private const string Hook = "etc/libvirt/hooks/qemu.d/50-gputty";
    private readonly MachineTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void It_is_installed_as_one_program_that_everybody_may_read_and_taken_away_again()
    {
        var gputty = On();
        Assert.Equal(ExitCodes.Refused, gputty.Run("hook", "install").Code);
        _tree.Folder("etc/libvirt");
        Assert.Contains(
            "/etc/libvirt/hooks/qemu.d/50-gputty, mode 0755:",
            gputty.With(isRoot: false).Run("hook", "install", "--dry-run").Out,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_tree.At(Hook)));
        Assert.Equal(ExitCodes.NeedsRoot, gputty.With(isRoot: false).Run("hook", "install").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("hook", "install").Code);
        Assert.Equal("-rwxr-xr-x", Mode(_tree.At(Hook)));
        Assert.Equal("installed", gputty.Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
        var text = File.ReadAllText(_tree.At(Hook));
        Assert.Equal(ExitCodes.Done, gputty.Run("hook", "install").Code);
        Assert.Equal(text, File.ReadAllText(_tree.At(Hook)));
        Assert.Equal(ExitCodes.Done, gputty.Run("hook", "remove").Code);
        Assert.False(File.Exists(_tree.At(Hook)));
        Assert.Equal(ExitCodes.Done, gputty.Run("hook", "remove").Code);
    }

    [Fact]
    public void A_file_of_somebody_else_is_neither_replaced_nor_removed()
    {
        _tree.File(Hook, "#!/bin/sh\necho mine\n");
        foreach (var what in (string[])["install", "remove"]) Assert.Equal(ExitCodes.Refused, On().Run("hook", what).Code);
        Assert.Equal("#!/bin/sh\necho mine\n", File.ReadAllText(_tree.At(Hook)));
        Assert.Equal("foreign", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
    }

    [Fact]
    public void One_that_was_changed_by_hand_is_told_and_written_anew()
    {
        _tree.Folder("etc/libvirt");
        On().Run("hook", "install");
        File.AppendAllText(_tree.At(Hook), "exit 0\n");
        Assert.Equal("changed", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
        Assert.Contains("Write it anew: gputty hook install\n", On().Run("hook", "status").Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, On().Run("hook", "install").Code);
        Assert.Equal("installed", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
    }

    [Fact]
    public void One_that_was_changed_by_hand_is_written_anew_for_the_guests_that_it_was_for()
    {
        _tree.Folder("etc/libvirt");
        On().Run("hook", "install", "--vm", "win11", "--vm", "it's");
        File.AppendAllText(_tree.At(Hook), "exit 0\n");
        Assert.Contains(
            "Write it anew: gputty hook install --vm win11 --vm 'it'\\''s'\n",
            On().Run("hook", "status").Out,
            StringComparison.Ordinal);
    }

    /// <summary>libvirt runs every program in that folder, whatever its name begins with (virHookCall).</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_install_has_left_beside_the_hook_goes_with_it(bool isInstalled)
    {
        const string left = "etc/libvirt/hooks/qemu.d/.50-gputty.gputty";
        _tree.Folder("etc/libvirt");
        if (isInstalled) On().Run("hook", "install");
        _tree.File(left, "#!/bin/sh\n");
        Assert.Equal(ExitCodes.Done, On().Run("hook", "remove").Code);
        Assert.Empty(Directory.GetFileSystemEntries(_tree.Folder("etc/libvirt/hooks/qemu.d").At("etc/libvirt/hooks/qemu.d")));
        _tree.File(left, "#!/bin/sh\n");
        On().Run("hook", "install");
        Assert.Equal([_tree.At(Hook)], Directory.GetFileSystemEntries(_tree.At("etc/libvirt/hooks/qemu.d")));
    }

    [Fact]
    public void A_hook_that_is_removed_while_its_guest_runs_leaves_a_card_that_only_a_command_returns()
    {
        _tree.Folder("etc/libvirt").Folder("run");
        var gputty = On().With(
            grants: new GrantStore(new GpuTty.Linux.State.StateDirectory(_tree.At("run/gputty"))), types: Domain("win11", "no"));
        gputty.Run("hook", "install");
        Assert.Equal(ExitCodes.Done, gputty.Run("hook", "run", "win11", "prepare", "begin", "-").Code);
        _tree.File("run/libvirt/qemu/win11.xml", "<domstatus/>");
        const string next = "When it has ended, return it to the host: gputty switch host --card 01:00";
        Assert.DoesNotContain(next, gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.Contains(next, gputty.Run("hook", "remove").Out, StringComparison.Ordinal);
        Assert.Contains(next, gputty.Run("status").Out, StringComparison.Ordinal);
        gputty.Run("hook", "install");
        Assert.DoesNotContain(next, gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("win11")]
    [InlineData("it's \"mine\" $(touch x) `y` \\ ; & | ü")]
    [InlineData("' '--vm=")]
    [InlineData("-- \"$@\"")]
    [InlineData("--all")]
    public void Names_reach_the_program_as_they_are(string name)
    {
        _tree.File("bin/words", "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n");
        File.SetUnixFileMode(_tree.At("bin/words"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = new HookScript([_tree.At("bin/words")], [name, "other"]);
        _tree.File("hook", script.Text());
        Assert.Equal(
            ["hook", "run", $"--vm={name}", "--vm=other", "--", name, "prepare", "begin", "-"],
            Run(_tree.At("hook"), name, "prepare", "begin", "-"));
        Assert.Equal(new[] { name, "other" }, HookScript.Parse(script.Text())!.Guests);
    }

    /// <summary>An uninstalled program must not keep every guest of the machine from starting.</summary>
    [Fact]
    public void Without_the_program_every_guest_starts()
    {
        _tree.File("hook", new HookScript([_tree.At("bin/gone")], []).Text());
        Assert.Empty(Run(_tree.At("hook"), "x", "prepare", "begin", "-"));
    }

    /// <summary>nixpkgs starts it through a script, and the kernel keeps 15 characters of its name.</summary>
    [Theory]
    [InlineData(".libvirtd-wrapp", "libvirtd.service")]
    [InlineData(".virtqemud-wrap", "virtqemud.service")]
    public void The_daemon_of_NixOS_is_known_although_its_name_is_another(string comm, string unit)
    {
        _tree
            .Folder("etc/libvirt")
            .File("proc/stat", $"cpu 1 2 3\nbtime {DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds()}\n")
            .File("proc/4711/comm", $"{comm}\n")
            .File("proc/4711/status", "Uid:\t0\t0\t0\t0\n");
        Daemon(startedAfterBoot: TimeSpan.FromMinutes(5));
        On().Run("hook", "install");
        Assert.Contains($"Restart it: systemctl restart {unit}", On().Run("hook", "status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_was_started_before_the_first_hook_has_to_be_restarted()
    {
        _tree.Folder("etc/libvirt");
        On().Run("hook", "install");
        var boot = DateTimeOffset.UtcNow.AddHours(-1);
        _tree
            .File("proc/stat", $"cpu 1 2 3\nbtime {boot.ToUnixTimeSeconds()}\n")
            .File("proc/4711/comm", "virtqemud\n")
            .File("proc/4711/status", "Uid:\t0\t0\t0\t0\n")
            // Started by a user, who calls it so: earlier in the list, and long ago.
            .File("proc/4000/comm", "virtqemud\n")
            .File("proc/4000/status", "Uid:\t1001\t1001\t1001\t1001\n")
            .File("proc/4000/stat", $"4000 (virtqemud) S 1 {string.Join(' ', Enumerable.Repeat("0", 17))} 1000000 0\n");
        Daemon(startedAfterBoot: TimeSpan.FromMinutes(5));
        Assert.Contains("Restart it: systemctl restart virtqemud.service", On().Run("hook", "status").Out, StringComparison.Ordinal);
        Assert.False(On().Run("hook", "status", "--json").Json.GetProperty("is_loaded").GetBoolean());
        // It already looked for hooks because of another one.
        _tree.File("etc/libvirt/hooks/qemu", "#!/bin/sh\n");
        File.SetLastWriteTimeUtc(_tree.At("etc/libvirt/hooks/qemu"), boot.UtcDateTime);
        Assert.True(On().Run("hook", "status", "--json").Json.GetProperty("is_loaded").GetBoolean());
        File.Delete(_tree.At("etc/libvirt/hooks/qemu"));
        Daemon(startedAfterBoot: TimeSpan.FromHours(2));
        Assert.Contains("and virtqemud.service runs it.", On().Run("hook", "status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_of_others_that_move_devices_and_a_refusing_SELinux_are_told()
    {
        _tree
            .File("etc/libvirt/hooks/qemu", "#!/bin/sh\nvirsh nodedev-detach pci_0000_01_00_0\n")
            .File("etc/libvirt/hooks/qemu.d/10-log", "#!/bin/sh\nlogger hello\n")
            .File("sys/fs/selinux/enforce", "1")
            .File("sys/fs/selinux/booleans/virt_hooks_unconfined", "0 0");
        var said = On().Run("hook", "install");
        Assert.Contains("/etc/libvirt/hooks/qemu moves devices by itself (nodedev-detach).", said.Out, StringComparison.Ordinal);
        Assert.Contains("setsebool -P virt_hooks_unconfined on", said.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("10-log", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Guests_that_want_the_card_are_listed_with_what_is_wrong_with_them()
    {
        _tree
            .File("etc/libvirt/qemu/win11.xml", Domain("win11", "yes"))
            .File("etc/libvirt/qemu/linux.xml", Domain("linux", "no"))
            .File("etc/libvirt/qemu/plain.xml", "<domain><name>plain</name></domain>")
            .File("etc/libvirt/qemu/broken.xml", "<domain>")
            .Folder("etc/libvirt/qemu/networks")
            .File("run/libvirt/qemu/linux.xml", "<domstatus/>");
        var said = On().Run("hook", "status").Out;
        Assert.Contains("win11 wants 01:00 with managed='yes', so its start would be refused", said, StringComparison.Ordinal);
        Assert.Contains("linux wants 01:00; it runs.", said, StringComparison.Ordinal);
        Assert.Contains("broken cannot be read: line 1 is no XML.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", said, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, On().Run("hook", "check", "win11").Code);
        Assert.Contains(
            "The system's libvirt (qemu:///system) knows no guest nobody.",
            On().Run("hook", "check", "nobody").Error,
            StringComparison.Ordinal);
        Assert.Contains("cannot be the name of a guest", On().Run("hook", "check", "../../../etc/passwd").Error, StringComparison.Ordinal);
        Assert.Equal("ok Card 01:00 goes to it, and is returned to the host when it has ended.\n", On().Run("hook", "check", "linux").Out);
        On().Run("hook", "install", "--vm", "win11");
        Assert.Equal(
            "ok The hook was not installed for this virtual machine, so its start goes on unchanged.\n",
            On().Run("hook", "check", "linux").Out);
    }

    /// <summary>nixpkgs builds libvirt with /var/lib in the place of /etc.</summary>
    [Fact]
    public void On_NixOS_its_guests_and_its_hooks_are_below_var_lib()
    {
        _tree.Folder("var/lib/libvirt/images");
        Assert.False(On().Run("hook", "status", "--json").Json.GetProperty("libvirt").GetBoolean());
        _tree.File("var/lib/libvirt/qemu.conf", "").File("var/lib/libvirt/qemu/win11.xml", Domain("win11", "yes"));
        Assert.Contains("win11 wants 01:00 with managed='yes'", On().Run("hook", "status").Out, StringComparison.Ordinal);
        Assert.Contains("--- /var/lib/libvirt/qemu/win11.xml", On().Run("guest", "xml", "--vm", "win11").Out, StringComparison.Ordinal);
        var said = On().Run("hook", "install");
        Assert.Contains("Installed /var/lib/libvirt/hooks/qemu.d/50-gputty", said.Out, StringComparison.Ordinal);
        Assert.Contains("virtualisation.libvirtd.hooks.qemu", said.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_tree.At("var/lib/libvirt/hooks/qemu.d/50-gputty")));
        Assert.Equal("installed", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
        // What others keep there beside an /etc/libvirt means nothing.
        _tree.File("etc/libvirt/qemu.conf", "");
        Assert.Equal("absent", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
    }

    [Fact]
    public void A_guest_runs_does_not_run_or_nothing_is_known_of_it()
    {
        var libvirt = new LibvirtFiles(_tree.Root, new CommandRunner());
        _tree.Folder("etc/libvirt");
        Assert.Null(libvirt.IsRunning("win11"));
        _tree.Folder("run/libvirt/qemu");
        Assert.False(libvirt.IsRunning("win11"));
        _tree.File("run/libvirt/qemu/win11.xml", "<domstatus/>");
        Assert.True(libvirt.IsRunning("win11"));
        Assert.False(libvirt.IsRunning("other"));
    }

    /// <summary>A pid file of a guest that was killed stays, and its number may be another process's by now.</summary>
    [Fact]
    public void A_guest_of_Proxmox_runs_where_the_process_of_its_pid_file_was_started_with_that_file()
    {
        Assert.Null(ProxmoxFile.IsRunning(_tree.Root, "100"));
        _tree.Folder("run/qemu-server");
        Assert.False(ProxmoxFile.IsRunning(_tree.Root, "100"));
        _tree.File("run/qemu-server/100.pid", "4711\n");
        Assert.False(ProxmoxFile.IsRunning(_tree.Root, "100"));
        _tree.File("proc/4711/cmdline", "/usr/bin/kvm\0-id\0001\0-pidfile\0/var/run/qemu-server/1100.pid\0");
        Assert.False(ProxmoxFile.IsRunning(_tree.Root, "100"));
        _tree.File("proc/4711/cmdline", "/usr/bin/kvm\0-id\0001\0-pidfile\0/var/run/qemu-server/100.pid\0-daemonize\0");
        Assert.True(ProxmoxFile.IsRunning(_tree.Root, "100"));
        File.Delete(_tree.At("run/qemu-server/100.pid"));
        _tree.LinkText("run/qemu-server/100.pid", "100.pid");
        Assert.Null(ProxmoxFile.IsRunning(_tree.Root, "100"));
    }

    /// <summary>What scripts get: libvirt with the hook, guests that want the card or cannot be read, and hooks of others.</summary>
    [Fact]
    public void The_document_of_a_machine_with_libvirt()
    {
        _tree
            .File("etc/libvirt/qemu/win11.xml", Domain("win11", "yes"))
            .File("etc/libvirt/qemu/broken.xml", "<domain>")
            .File("run/libvirt/qemu/win11.xml", "<domstatus/>")
            .File("etc/libvirt/hooks/qemu", "#!/bin/sh\nvirsh nodedev-detach pci_0000_01_00_0\n");
        On().Run("hook", "install", "--vm", "win11");
        Snapshots.Verify(On().Run("hook", "status", "--json").Out);
    }

    [Theory]
    [InlineData("hook install --vm win11 --all", "--all and --vm cannot both be meant.")]
    [InlineData("hook install --vm a/b", "--vm takes the name of a virtual machine.")]
    public void A_wrong_name_is_usage(string line, string says)
    {
        var said = On().Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
    }

    private Gputty On() => Gputty.On("kept-off").With(libvirt: new LibvirtFiles(_tree.Root, new CommandRunner()));

    private static string Domain(string name, string managed) =>
        $"<!-- WARNING: THIS IS AN AUTO-GENERATED FILE. --><domain type='kvm'><name>{name}</name><devices><hostdev mode='subsystem' "
            + $"type='pci' managed='{managed}'><source><address bus='0x01' slot='0x00' "
            + "function='0x0'/></source></hostdev></devices></domain>";

    private void Daemon(TimeSpan startedAfterBoot) =>
        _tree.File(
            "proc/4711/stat",
            $"4711 (virt (q) emud) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {(long)(startedAfterBoot.TotalSeconds * 100)} 0 0\n");

    private static string Mode(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        return "-" + string.Concat(Enumerable.Range(0, 9).Select(bit => (mode & (256 >> bit)) != 0 ? "rwx"[bit % 3] : '-'));
    }

    private static string[] Run(string script, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", [script, .. words]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
