using GpuTty.Cli;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Commands;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>Whom a card belongs to when the machine starts.</summary>
public sealed class BootTests : IDisposable
{
    private const string Rule = "etc/udev/rules.d/04-gputty-boot-0000-01-00.0.rules", Unit = "etc/systemd/system/gputty-boot.service",
        Link = "etc/systemd/system/multi-user.target.wants/gputty-boot.service";
    private readonly MachineTree _tree = new MachineTree().Folder("var/lib").Folder("bin")
        .File("lib/modules/6.12.48-amd64/modules.builtin", "kernel/fs/ext4/ext4.ko\n");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_card_is_chosen_by_address_and_ids_and_left_to_the_host_again()
    {
        var gputty = On();
        Assert.Equal(ExitCodes.NeedsRoot, gputty.With(isRoot: false).Run("boot", "vm").Code);
        Assert.False(File.Exists(_tree.At(Rule)));
        var said = gputty.Run("boot", "vm");
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        Assert.Contains("01:00 goes to vfio-pci each time the machine starts.", said.Out, StringComparison.Ordinal);
        Snapshots.Verify($"{File.ReadAllText(_tree.At(Rule))}\n{File.ReadAllText(_tree.At(Unit))}");
        Assert.Equal("../gputty-boot.service", new FileInfo(_tree.At(Link)).LinkTarget);
        Assert.True(File.Exists(_tree.At(Link)));
        // Nothing moves now.
        Assert.False(IsAway(gputty));
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "host").Code);
        Assert.All((string[])[Rule, Unit, Link], path => Assert.Null(GpuTty.Interop.SysFiles.Stat(_tree.At(path))));
        Assert.Contains("left to the host already", gputty.Run("boot", "host").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_prints_the_files_and_writes_none()
    {
        var said = On().With(isRoot: false).Run("boot", "vm", "--dry-run");
        Assert.Contains($"{_tree.At(Rule)}:", said.Out, StringComparison.Ordinal);
        Assert.Contains("ATTR{driver_override}=\"vfio-pci\"", said.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_tree.At(Rule)));
        Assert.False(Directory.Exists(_tree.At("var/lib/gputty")));
    }

    [Fact]
    public void When_the_machine_starts_the_card_is_moved_before_there_is_a_desktop_and_a_second_time_nothing_is_done()
    {
        var gputty = BeforeTheDesktop();
        gputty.Run("boot", "vm");
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.True(IsAway(gputty));
        var calls = gputty.Host.Calls.Length;
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.Equal(calls, gputty.Host.Calls.Length);
        Assert.True(File.Exists(_tree.At(Rule)));
    }

    [Fact]
    public void On_NixOS_the_rule_is_told_for_the_configuration_and_nothing_is_kept()
    {
        _tree.File("etc/NIXOS", "");
        var gputty = On();
        var said = gputty.Run("boot", "vm");
        Assert.NotEqual(ExitCodes.Done, said.Code);
        Assert.Contains("(pkgs.writeTextDir \"lib/udev/rules.d/04-gputty-boot-", said.Error, StringComparison.Ordinal);
        Assert.Contains("driver_override", said.Error, StringComparison.Ordinal);
        Assert.All((string[])[Rule, Unit, Link], path => Assert.False(File.Exists(_tree.At(path))));
        Assert.Contains("does not give 01:00 away", gputty.Run("boot", "show", "--card", "01:00").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_splash_screen_that_still_has_the_card_when_the_boot_service_runs_is_told_to_quit_and_the_card_goes()
    {
        var gputty = BeforeTheDesktop();
        gputty.Run("boot", "vm");
        gputty.Host.Happen(machine => machine.Change(now => now).Start(
            new Software("plymouthd") { Opens = [NodeKind.Card] },
            Person.Root,
            process => process with { Unit = "plymouth-start.service" }));
        var said = gputty.Run("boot", "run");
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        Assert.True(IsAway(gputty));
        Assert.DoesNotContain(gputty.Host.Machine.Processes, process => process.Software.Name == "plymouthd");
        Assert.Contains(gputty.Host.Calls, call => call.Verb == Verb.QuitSplash);
        Assert.DoesNotContain(gputty.Host.Calls, call => call.Target.Contains("plymouth", StringComparison.Ordinal));
    }

    [Fact]
    public void From_the_start_on_the_card_s_nodes_have_their_owner_and_the_machine_its_settings()
    {
        var gputty = BeforeTheDesktop().With(configured: ConfigTests.Config("VFIO_USER=joe\nISOLATE_CPUS=2,3,6,7\n"));
        gputty.Run("boot", "vm");
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.True(IsAway(gputty));
        Assert.Equal("joe", Assert.Single(gputty.Host.Machine.VfioAccesses).Owner.Name);
        Assert.Equal(
            "0-1,4-5",
            gputty.Host.Machine.Settings.ValueOf(new HostSetting(SettingKind.AllowedCpus, "user.slice")));
        // Where a rule of udev has given the card away before, only these are done.
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal("", gputty.Host.Machine.Settings.ValueOf(new HostSetting(SettingKind.AllowedCpus, "user.slice")));
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    [Fact]
    public void With_a_wrong_configuration_the_card_goes_without_its_settings_and_that_is_said()
    {
        var chosen = BeforeTheDesktop();
        chosen.Run("boot", "vm");
        var gputty = chosen.With(configured: ConfigTests.Config("VFIO_USER=joe\nAFTER_VM=perhaps\n"));
        var said = gputty.Run("boot", "run");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.True(IsAway(gputty));
        Assert.Contains("The card goes without these settings.", said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    [Fact]
    public void Once_is_forgotten_before_anything_is_done_so_that_the_start_after_a_bad_one_is_as_ever()
    {
        var gputty = BeforeTheDesktop(new FaultPlan(new Fault(FaultKind.Refused, Verb.Unload, "nvidia", Times: Fault.ForEver)));
        Assert.Contains("at the next start only", gputty.Run("boot", "vm", "--once").Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_tree.At(Rule)));
        Assert.True(File.Exists(_tree.At(Unit)));
        Assert.NotEqual(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.All((string[])[Rule, Unit, Link], path => Assert.False(File.Exists(_tree.At(path))));
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.False(IsAway(gputty));
    }

    [Fact]
    public void With_the_escape_on_the_kernels_command_line_nothing_is_done()
    {
        var gputty = BeforeTheDesktop();
        gputty.Run("boot", "vm");
        gputty.Host.Happen(machine => machine with { CommandLine = $"{machine.CommandLine} gputty.boot=host" });
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "run").Code);
        Assert.False(IsAway(gputty));
        Assert.Contains("was started with gputty.boot=host", gputty.Run("boot", "show").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_card_in_that_place_is_left_alone()
    {
        var gputty = BeforeTheDesktop();
        gputty.Run("boot", "vm");
        gputty.Host.Happen(machine => machine.With(machine.Find(Machines.Card)! with { Id = new PciId(0x10de, 0x2206) }));
        var said = gputty.Run("boot", "run");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("At 01:00.0 is not the card that was chosen", said.Error, StringComparison.Ordinal);
        Assert.False(IsAway(gputty));
        var show = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Refused, show.Code);
        Assert.Contains("!! At 01:00.0 is not what was chosen (10de:2684)", show.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chosen_card_that_was_put_into_another_slot_is_told_and_forgotten_with_the_command_that_is_named()
    {
        var gputty = On();
        gputty.Run("boot", "vm", "--card", "01:00");
        var host = gputty.Host.Machine.Snapshot();
        var without = gputty.With(sees: host with { Devices = [.. host.Devices.Where(device => device.Address.Bus != 1)] });
        const string forget = "gputty boot host --card 0000:01:00.0";

        var show = without.Run("boot", "show");
        Assert.Equal(ExitCodes.Refused, show.Code);
        Assert.Contains($"!! 01:00 was chosen, and no card is there now. Forget it: {forget}", show.Out, StringComparison.Ordinal);
        var told = without.Run("boot", "show", "--json").Json.GetProperty("cards").EnumerateArray().Last();
        Assert.Equal("0000:01:00.0", told.GetProperty("card").GetString());
        Assert.False(told.GetProperty("will_go").GetBoolean());
        var run = without.Run("boot", "run");
        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains(forget, run.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Done, without.Run(forget.Split(' ')[1..]).Code);
        Assert.False(File.Exists(_tree.At(Rule)));
        Assert.Equal(ExitCodes.Done, without.Run("boot", "show").Code);
    }

    /// <summary>A desktop that is up already keeps the card: nobody is asked, so nothing is ended.</summary>
    [Fact]
    public void Too_late_it_ends_no_desktop()
    {
        var gputty = On();
        gputty.Run("boot", "vm");
        Assert.Equal(ExitCodes.Refused, gputty.Run("boot", "run").Code);
        Assert.False(IsAway(gputty));
        Assert.True(gputty.Host.Machine.Snapshot().DisplayManager!.Unit.IsActive);
    }

    [Theory]
    [InlineData("no-iommu", "IOMMU")]
    [InlineData("single", "the only")]
    [InlineData("shared-group", "group")]
    [InlineData("ids-at-boot", "An option ids= gives the card to vfio-pci at the start already")]
    public void What_no_start_would_change_refuses_the_choice(string machine, string why)
    {
        var said = On(machine).Run("boot", "vm", "--card", machine == "single" ? "0a:00" : "01:00");
        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.Contains(why, said.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tree.At("etc")));
    }

    [Theory]
    [InlineData(
        "lsinitramfs",
        "boot/initrd.img-6.12.48-amd64",
        "usr/lib/modules/6.12.48-amd64/kernel/drivers/gpu/drm/nouveau/nouveau.ko.xz")]
    [InlineData(
        "lsinitrd",
        "boot/initramfs-6.12.48-amd64.img",
        "-rw-r--r--   1 root     root        1234 Jan  1  1970 "
            + "usr/lib/modules/6.12.48-amd64/kernel/drivers/gpu/drm/nouveau/nouveau.ko.zst")]
    [InlineData("lsinitcpio", "boot/initramfs-linux.img", "usr/lib/modules/6.12.48-amd64/kernel/drivers/gpu/drm/nouveau/nouveau.ko")]
    public void What_the_initial_RAM_disk_holds_decides_how_the_card_gets_there(string tool, string image, string line)
    {
        _tree
            .File(image, "")
            .File("lib/modules/6.12.48-amd64/pkgbase", "linux\n");
        var gputty = On();
        gputty.Run("boot", "vm");
        Tool(tool, line);
        Assert.Contains(
            "In the initramfs or the kernel itself: nouveau.",
            gputty.Run("boot", "show", "--card", "01:00").Out,
            StringComparison.Ordinal);
        Tool(tool, "usr/lib/modules/6.12.48-amd64/kernel/fs/btrfs/btrfs.ko.xz");
        Assert.Contains(
            "ok No driver of the card is in the initramfs",
            gputty.Run("boot", "show", "--card", "01:00").Out,
            StringComparison.Ordinal);
        _tree.File("lib/modules/6.12.48-amd64/modules.builtin", "kernel/drivers/gpu/drm/nouveau/nouveau.ko\n");
        Assert.Contains("the kernel itself: nouveau.", gputty.Run("boot", "show", "--card", "01:00").Out, StringComparison.Ordinal);
        File.Delete(_tree.At("lib/modules/6.12.48-amd64/modules.builtin"));
        _tree.LinkText("lib/modules/6.12.48-amd64/modules.builtin", "modules.builtin");
        Assert.Contains("modules.builtin cannot be read: ", gputty.Run("boot", "show", "--card", "01:00").Out, StringComparison.Ordinal);
        File.Delete(_tree.At("lib/modules/6.12.48-amd64/modules.builtin"));
        Assert.Contains(
            "lib/modules/6.12.48-amd64/modules.builtin is missing. If a driver",
            gputty.Run("boot", "show", "--card", "01:00").Out,
            StringComparison.Ordinal);
        _tree.File("lib/modules/6.12.48-amd64/modules.builtin", "");
        File.Delete(_tree.At(image));
        Assert.Contains(
            "?? The content of the initramfs is unknown",
            gputty.Run("boot", "show", "--card", "01:00").Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Rule)]
    [InlineData(Unit)]
    [InlineData(Link)]
    public void A_file_that_was_taken_away_or_changed_is_told_and_written_anew(string path)
    {
        var gputty = On();
        gputty.Run("boot", "vm");
        File.Delete(_tree.At(path));
        var said = gputty.Run("boot", "show", "--json");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("/" + path, said.Out, StringComparison.Ordinal);
        Assert.False(said.Json.GetProperty("cards")[0].GetProperty("will_go").GetBoolean());
        gputty.Run("boot", "vm");
        Assert.True(gputty.Run("boot", "show", "--json").Json.GetProperty("cards")[0].GetProperty("will_go").GetBoolean());
    }

    [Theory]
    [InlineData(Rule)]
    [InlineData(Unit)]
    [InlineData(Link)]
    public void A_rule_whose_note_is_gone_is_told_by_boot_show_and_taken_away_by_boot_host(string path)
    {
        var gputty = Chosen();
        File.Delete(_tree.At("var/lib/gputty/boot.json"));
        var shown = gputty.Run("boot", "show", "--card", "01:00").Out;
        Assert.Contains("01:00 is not chosen for the start of the machine.", shown, StringComparison.Ordinal);
        Assert.Contains(
            $"/{path} is gputty's, and no card was chosen that needs it. Remove it: gputty boot host --card 01:00",
            shown,
            StringComparison.Ordinal);
        var said = gputty.Run("boot", "host");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains($"/{path}, for which nothing was chosen.", said.Out, StringComparison.Ordinal);
        Assert.Null(GpuTty.Interop.SysFiles.Stat(_tree.At(path)));
        Assert.Contains("left to the host already", gputty.Run("boot", "host").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_a_card_that_nobody_has_chosen_goes_and_the_choice_of_another_stays()
    {
        var gputty = Chosen();
        const string other = "etc/udev/rules.d/04-gputty-boot-0000-04-00.0.rules";
        _tree.File(other, "ACTION==\"add\"\n");
        var shown = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Done, shown.Code);
        Assert.Contains($"/{other} is gputty's, and no card was chosen that needs it.", shown.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, gputty.Run("boot", "host", "--card", "04:00").Code);
        Assert.False(File.Exists(_tree.At(other)));
        Assert.True(File.Exists(_tree.At(Rule)));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("vm")]
    public void A_rule_of_an_earlier_version_holds_and_whoever_takes_it_away_is_told_to_build_the_initramfs_anew(string command)
    {
        var host = Machines.DesktopParts("desktop").Snapshot();
        var gputty = On().With(sees: host with { SettingsFiles = new SettingsFiles { Marks = ["/usr/bin/dracut"] } });
        gputty.Run("boot", "vm", "--card", "01:00");
        Assert.Equal("", gputty.Run("boot", "vm", "--card", "01:00").Error);
        var choice = GpuTty.Host.Boot.BootChoice.For(Card.FindAt(host, Machines.Card)!, isOnce: false);
        File.WriteAllText(_tree.At(Rule), BootRule.OlderText(choice));
        var shown = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Done, shown.Code);
        Assert.Contains("is of an earlier version", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("is missing or was changed", shown.Out, StringComparison.Ordinal);
        var said = gputty.Run("boot", command, "--card", "01:00");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("Rebuild it: dracut --force --regenerate-all", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("earlier version", gputty.Run("boot", "show", "--card", "01:00").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_of_an_earlier_version_is_known_and_written_anew()
    {
        var gputty = Chosen();
        var current = File.ReadAllText(_tree.At(Unit));
        File.WriteAllText(
            _tree.At(Unit),
            BootUnit.OlderText(new OwnProgram(["/usr/local/bin/gputty"], ["LC_ALL=C.UTF-8", "A=100%"])));
        var shown = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Done, shown.Code);
        Assert.Contains(
            $"/{Unit} is of an earlier version: a compositor that is started at a text console may open the card",
            shown.Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("is missing or was changed", shown.Out, StringComparison.Ordinal);
        // No initramfs has a copy of it.
        var said = gputty.Run("boot", "vm", "--card", "01:00");
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        Assert.Equal(current, File.ReadAllText(_tree.At(Unit)));
        Assert.DoesNotContain("earlier version", gputty.Run("boot", "show", "--card", "01:00").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_logs_in_before_the_card_is_moved_and_nobody_waits_long_for_it()
    {
        Chosen();
        var unit = File.ReadAllLines(_tree.At(Unit));
        Assert.Contains(
            unit,
            line => line.StartsWith("Before=", StringComparison.Ordinal) && line[7..].Split(' ').Contains("systemd-user-sessions.service"));
        Assert.Contains("TimeoutStartSec=2min", unit);
        // Nothing that comes after logins may come before it.
        Assert.DoesNotContain(unit, line => line.StartsWith("After=", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_systemd_nothing_is_promised_that_only_its_service_does()
    {
        _tree
            .File("lib/modules/6.12.48-amd64/modules.builtin", "kernel/drivers/gpu/drm/nouveau/nouveau.ko\n")
            .File("boot/initrd.img-6.12.48-amd64", "");
        Tool("lsinitramfs", "usr/lib/modules/6.12.48-amd64/kernel/fs/btrfs/btrfs.ko");
        var gputty = On().With(sees: Machines.DesktopParts("desktop").Snapshot() with { RunsSystemd = false });
        var once = gputty.Run("boot", "vm", "--card", "01:00", "--once");
        Assert.Equal(ExitCodes.Refused, once.Code);
        Assert.Contains("Choose it for every start: gputty boot vm --card 01:00", once.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tree.At(Unit)));
        gputty.Run("boot", "vm", "--card", "01:00");
        var early = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Refused, early.Code);
        Assert.Contains("!! In the initramfs or the kernel itself: nouveau.", early.Out, StringComparison.Ordinal);
        Assert.Contains("nothing moves the card then.", early.Out, StringComparison.Ordinal);
        // Chosen once under another init.
        On().Run("boot", "vm", "--card", "01:00", "--once");
        var shown = gputty.Run("boot", "show", "--card", "01:00");
        Assert.Equal(ExitCodes.Refused, shown.Code);
        Assert.Contains("without systemd nothing gives it away then.", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_for_scripts() => Snapshots.Verify(Chosen().Run("boot", "show", "--json").Out);

    [Fact]
    public void A_note_that_cannot_be_read_is_one_sentence_and_nothing_is_moved()
    {
        var gputty = BeforeTheDesktop();
        gputty.Run("boot", "vm");
        File.WriteAllText(_tree.At("var/lib/gputty/boot.json"), "nonsense");
        foreach (var what in (string[])["run", "show", "host", "vm"])
        {
            var said = gputty.Run("boot", what);
            Assert.Equal((ExitCodes.Refused, 2), (said.Code, said.Error.Count(c => c == '\n')));
        }
        Assert.False(IsAway(gputty));
    }

    private Gputty Chosen()
    {
        var gputty = On();
        gputty.Run("boot", "vm");
        return gputty;
    }

    private Gputty On(string machine = "desktop", FaultPlan? drill = null) => Gputty.On(machine, drill).With(boot: Settings());

    /// <summary>As the service finds it: nobody has started a display manager yet.</summary>
    private Gputty BeforeTheDesktop(FaultPlan? drill = null) =>
        Gputty.On(Machines.DesktopParts("desktop") with { Desktop = null }, [], drill).With(boot: Settings());

    private BootSettings Settings() =>
        new(
            _tree.Root,
            StatePaths.Below(_tree.Path).Lib,
            new CommandRunner([_tree.At("bin")]),
            () => new OwnProgram(["/usr/local/bin/gputty"], ["LC_ALL=C.UTF-8", "A=100%"]),
            () => new MemoryStream());

    private void Tool(string name, string line)
    {
        _tree.File($"bin/{name}", $"#!/bin/sh\nprintf '%s\\n' '{line}'\n");
        File.SetUnixFileMode(_tree.At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static bool IsAway(Gputty gputty) =>
        Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Functions.All(function => function.IsOnVfio);
}
