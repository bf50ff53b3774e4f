using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Steps;

namespace GpuTty.Tests.Linux;

public sealed class LinuxHostReaderTests : IDisposable
{
    private readonly MachineTree _machine = new MachineTree()
        .Pci("0000:01:00.0", "030000", "10de:2684")
        .Driver("0000:01:00.0", "nvidia", "nvidia")
        .File("proc/sys/kernel/osrelease", "6.12.0-test\n")
        .File("proc/modules", "nvidia 1 0 - Live 0x0\n")
        .Folder("proc/7");

    private readonly string _tools = Directory.CreateTempSubdirectory("gputty-tools").FullName;

    [Fact]
    public async Task M30_a_machine_where_nothing_is_installed_is_read_as_far_as_it_goes()
    {
        using var reader = Readers.For(_machine);

        var host = await reader.ReadAsync(SnapshotSections.All, null, default);

        Assert.Equal(("6.12.0-test", "10de:2684", "nvidia"), (host.Kernel, host.Devices.Single().Name, host.Devices.Single().Driver));
        Assert.Equal(
            [
                $"whether the kernel has crashed: {_machine.Root.Proc("sys/kernel/tainted")} cannot be read.",
                "the node of 0000:01:00.0: The driver nvidia does not say which one it is.",
                "device names: lspci is not installed.",
                $"which modules are installed: {_machine.Root.Any("lib/modules/6.12.0-test/modules.dep")} is missing.",
            ],
            host.Unknowns
                .Where(unknown => unknown.Code is not UnknownFact.DeviceModules and not UnknownFact.CallerLocation)
                .Select(unknown => $"{unknown.Fact}: {unknown.Reason}"));
        Assert.Null(host.Taint);
        // Nobody keeps sessions here, nor units, and that is a fact.
        Assert.Equal((false, true, null), (host.RunsSystemd, host.Sessions.IsEmpty, host.DisplayManager));
        Assert.Equal(new VfioSupport(false, null), host.Vfio);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_read_and_the_rest_is_kept()
    {
        Tool("lspci", "echo called >> \"$(dirname \"$0\")/calls\"");
        Tool("loginctl", "echo called >> \"$(dirname \"$0\")/calls\"");
        using var reader = Readers.For(_machine, new CommandRunner([_tools]));
        var first = await reader.ReadAsync(SnapshotSections.All, null, default);
        File.Delete($"{_tools}/calls");
        _machine.File("proc/modules", "nvidia 1 0 - Live 0x0\nvfio_pci 1 0 - Live 0x0\n");
        File.Delete(_machine.At("sys/devices/pci0000:00/0000:01:00.0/driver"));

        var second = await reader.ReadAsync(SnapshotSections.Modules, first, default);

        Assert.Equal(["nvidia", "vfio_pci"], second.Modules.Select(module => module.Name));
        Assert.Equal("nvidia", second.Devices.Single().Driver);
        Assert.Equal(first.Unknowns.AsEnumerable(), second.Unknowns);
        Assert.False(File.Exists($"{_tools}/calls"));
    }

    [Fact]
    public async Task What_the_host_would_lose_is_told_by_a_first_look_and_where_it_is_asked_for()
    {
        _machine.Class("net", "eth0", "0000:01:00.0/net/eth0");
        using var reader = Readers.For(_machine);
        var first = await reader.ReadAsync(SnapshotSections.Devices, null, default);
        Assert.Equal("eth0", first.Devices.Single().Uses.Single().Name);
        Directory.Delete(_machine.At("sys/class/net"), recursive: true);

        var step = await reader.ReadAsync(SnapshotSections.Devices, first, default);

        Assert.Equal("eth0", step.Devices.Single().Uses.Single().Name);
        // And nothing may be planned from what is as old.
        Assert.NotEmpty(step.CannotTell([SnapshotPart.UsesOf(PciAddress.Parse("01:00.0"))]));
        var all = await reader.ReadAsync(SnapshotSections.All, step, default);
        Assert.Empty(all.Devices.Single().Uses);
        Assert.Empty(all.CannotTell([SnapshotPart.UsesOf(PciAddress.Parse("01:00.0"))]));
    }

    [Fact]
    public async Task Whether_the_kernel_has_crashed_is_told_by_every_look()
    {
        using var reader = Readers.For(_machine);
        var first = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.NotEmpty(first.CannotTell([SnapshotPart.KernelState]));
        _machine.File("proc/sys/kernel/tainted", "128\n");

        var next = await reader.ReadAsync(SnapshotSections.Modules, first, default);

        Assert.Empty(next.CannotTell([SnapshotPart.KernelState]));
        Assert.True(next.KernelHasDied);
    }

    [Fact]
    public async Task Settings_for_a_virtual_machine_are_read_where_they_are_asked_for_or_were_changed_and_not_otherwise()
    {
        _machine.File("sys/devices/system/cpu/online", "0-3\n");
        using var reader = Readers.For(_machine);
        var plain = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Null(plain.TunableSettings);
        Assert.Equal(
            "0-3", (await reader.ReadAsync(SnapshotSections.TunableSettings, plain, default)).TunableSettings?.Online);
        var setting = new RememberedSetting(
            PciAddress.Parse("01:00.0"), new HostSetting(SettingKind.Governor, "policy0"), "powersave", "performance");
        using var later = Readers.For(_machine, memory: OriginalState.Nothing with { Settings = [setting] });
        Assert.Equal("0-3", (await later.ReadAsync(SnapshotSections.All, null, default)).TunableSettings?.Online);
        Assert.Null((await later.ReadAsync(SnapshotSections.Devices, null, default)).TunableSettings);
    }

    [Fact]
    public async Task Asking_for_holders_reads_the_devices_whose_nodes_they_hold()
    {
        using var reader = Readers.For(_machine);
        var host = await reader.ReadAsync(SnapshotSections.Holders, null, default);
        Assert.Single(host.Devices);
        Assert.Empty(host.Modules);
    }

    [Fact]
    public async Task Names_are_asked_once_for_each_product()
    {
        Tool(
            "lspci",
            "echo called >> \"$(dirname \"$0\")/calls\"; printf 'Slot:\\t0000:01:00.0\\nVendor:\\tNVIDIA Corporation "
                + "[10de]\\nDevice:\\tAD102 [2684]\\n'");
        using var reader = Readers.For(_machine, new CommandRunner([_tools]));

        for (var round = 0; round < 3; round++)
            Assert.Equal(
                "NVIDIA Corporation AD102",
                (await reader.ReadAsync(SnapshotSections.Devices, null, default)).Devices.Single().Name);
        Assert.Single(await File.ReadAllLinesAsync($"{_tools}/calls"));

        _machine.File("sys/devices/pci0000:00/0000:01:00.0/device", "0x1eb8\n");
        Assert.Equal("10de:1eb8", (await reader.ReadAsync(SnapshotSections.Devices, null, default)).Devices.Single().Name);
        Assert.Equal(2, (await File.ReadAllLinesAsync($"{_tools}/calls")).Length);
    }

    /// <summary>lspci reads the configuration space of every function, which wakes those that sleep.</summary>
    [Fact]
    public async Task Where_the_list_of_products_is_installed_no_function_is_woken_for_its_name()
    {
        Tool("lspci", "echo called >> \"$(dirname \"$0\")/calls\"");
        _machine.File("usr/share/misc/pci.ids", "10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\nC 03  Display controller\n");
        using var reader = Readers.For(_machine, new CommandRunner([_tools]));
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Equal("NVIDIA Corporation AD102 [GeForce RTX 4090]", host.Devices.Single().Name);
        Assert.False(File.Exists($"{_tools}/calls"));
    }

    [Fact]
    public async Task M8_the_display_manager_is_found_through_its_alias_and_its_screen_through_the_greeter()
    {
        _machine.Folder("run/systemd/system");
        Tool("loginctl", """
            [ "$1" = list-sessions ] && { echo "c1 120 gdm seat0"; exit; }
            printf 'Id=c1\nUser=120\nName=gdm\nVTNr=1\nSeat=seat0\nType=wayland\nClass=greeter\nState=active\n'
            """);
        Tool("systemctl", """
            [ "$1" = --user ] && { echo called >> "$(dirname "$0")/logins"; exit 1; }
            printf 'Id=ollama.service\nLoadState=loaded\nActiveState=inactive\n\nId=gdm.service\nLoadState=loaded\nActiveState=active\n'
            """);
        var memory = OriginalState.Nothing with
        {
            Units = [new(default, new UnitName("ollama.service")), new(default, new UnitName("pipewire.service", 1000))],
        };
        using var reader = Readers.For(_machine, new CommandRunner([_tools]), memory);

        _machine.File("proc/sys/kernel/tainted", "0\n");
        var host = await reader.ReadAsync(SnapshotSections.State | SnapshotSections.Desktop, null, default);

        Assert.Equal(new DisplayManager(new SystemdUnit(new UnitName("gdm.service"), "active"), 1), host.DisplayManager);
        Assert.Equal([new SystemdUnit(new UnitName("ollama.service"), "inactive")], host.Units.AsEnumerable());
        // The user's manager does not run, so it has no units; to ask systemctl would open a login session.
        Assert.False(File.Exists($"{_tools}/logins"));
        Assert.Empty(host.Unknowns);
    }

    /// <summary>ly, lemurs and emptty ask on a text console, xdm and slim in a display server of their own: none of them opens a session
    /// of logind before somebody has logged in, and a switch must not wait for one.</summary>
    [Theory]
    [InlineData(1026, 4_000, true)]
    [InlineData(1026, 99_500, false)]
    [InlineData(0, 4_000, false)]
    public async Task A_login_screen_that_is_no_session_is_there_once_it_has_kept_its_console(int terminal, int started, bool isThere)
    {
        _machine.Folder("run/systemd/system").File("proc/uptime", "1000.50 1900.00\n")
            .File("sys/fs/cgroup/system.slice/ly.service/cgroup.procs", "812\n")
            .File("proc/812/stat", $"812 (ly-dm) S 1 812 812 {terminal} 812 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {started} 0 0\n");
        Tool("loginctl", "exit 0");
        Tool("systemctl", "printf 'Id=ly.service\\nLoadState=loaded\\nActiveState=active\\n'");
        using var reader = Readers.For(_machine, new CommandRunner([_tools]));

        var host = await reader.ReadAsync(SnapshotSections.Desktop, null, default);

        Assert.Equal((isThere ? 2 : (int?)null, isThere), (host.DisplayManager?.Vt, host.DisplayManager?.HasLoginScreen == true));
        Assert.Equal(isThere, new AwaitDesktop { Unit = new UnitName("ly.service") }.HasHappened(host));
        Assert.False(new AwaitDesktop { Unit = new UnitName("gdm.service") }.HasHappened(host));
    }

    [Fact]
    public async Task Two_readings_at_once_do_not_disturb_each_other()
    {
        for (var console = 0; console < 8; console++)
            _machine.File($"sys/class/vtconsole/vtcon{console}/bind", "0\n").File($"sys/class/vtconsole/vtcon{console}/name", "(S) x\n");
        using var reader = Readers.For(_machine);
        const SnapshotSections sections = SnapshotSections.Devices | SnapshotSections.Console | SnapshotSections.Details;
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => reader.ReadAsync(sections, null, default)));
        Assert.All(both, host => Assert.Equal("nvidia", host.Devices.Single().Driver));
        Assert.All(
            both,
            host => Assert.DoesNotContain(
                host.Unknowns, unknown => unknown.Code is UnknownFact.PciDevices or UnknownFact.Console or UnknownFact.Details));
    }

    [Fact]
    public async Task The_program_knows_itself_and_its_ancestors()
    {
        using var reader = new LinuxHostReader(
            FileSystemRoot.Live, Readers.NoTools, () => OriginalState.Nothing, () => KernelIncidents.None, TimeProvider.System);

        var caller = (await reader.ReadAsync(SnapshotSections.State, null, default)).Caller;

        Assert.Equal((Environment.ProcessId, Environment.IsPrivilegedProcess), (caller.Pid, caller.IsRoot));
        Assert.Equal(Environment.ProcessId, caller.Ancestors[0]);
        Assert.True(caller.Ancestors.Length > 1);
    }

    [Fact]
    public async Task Waiting_ends_when_a_module_comes_or_the_time_is_over_and_not_before()
    {
        using var reader = Readers.For(_machine);
        var wait = reader.WaitForChangeAsync(TimeSpan.FromSeconds(30), default);
        await Task.Delay(200);
        _machine.File("proc/modules", "vfio_pci 1 0 - Live 0x0\n");

        await wait.WaitAsync(TimeSpan.FromSeconds(10));
        await reader.WaitForChangeAsync(TimeSpan.FromMilliseconds(50), default).WaitAsync(TimeSpan.FromSeconds(10));
        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.WaitForChangeAsync(TimeSpan.FromSeconds(30), cancel.Token));
    }

    public void Dispose()
    {
        _machine.Dispose();
        Directory.Delete(_tools, recursive: true);
    }

    private void Tool(string name, string script)
    {
        File.WriteAllText($"{_tools}/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{_tools}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
