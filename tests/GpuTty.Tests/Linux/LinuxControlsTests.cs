using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux;

/// <summary>On a made-up /sys whose directories cannot be written to, so that a
/// mistyped path is an error and not a new file; with made-up tools.</summary>
public sealed class LinuxControlsTests : StateFixture
{
    private static readonly PciAddress s_card = PciAddress.Parse("01:00.0");
    private readonly List<LogLine> _log = [];
    private readonly string _tools;
    private readonly string _device;
    private readonly string _drivers;

    public LinuxControlsTests()
    {
        _tools = Directory.CreateDirectory($"{Root}/tools").FullName;
        File.CreateSymbolicLink($"{_tools}/tee", "/usr/bin/tee");
        _device = Directory.CreateDirectory($"{Root}/sys/bus/pci/devices/{s_card}").FullName;
        _drivers = Directory.CreateDirectory($"{Root}/sys/bus/pci/drivers/bochs-drm").FullName;
        foreach (var file in (string[])[$"{_device}/driver_override", $"{_drivers}/unbind", $"{Root}/sys/bus/pci/drivers_probe"])
            File.WriteAllText(file, "(null)\n");
        File.CreateSymbolicLink($"{_device}/driver", "../../drivers/bochs-drm");
    }

    private LinuxControls Host =>
        new(State, new CommandRunner([_tools]), new Buses(new FileSystemRoot(Root)), TimeProvider.System, _log.Add, Root);

    [Fact]
    public async Task O4_an_override_is_set_and_cleared()
    {
        await Host.SetDriverOverrideAsync(s_card, "vfio-pci", default);
        Assert.Equal("vfio-pci\n", await File.ReadAllTextAsync($"{_device}/driver_override"));
        await Host.SetDriverOverrideAsync(s_card, null, default);
        Assert.Equal("\n", await File.ReadAllTextAsync($"{_device}/driver_override"));
    }

    [Fact]
    public async Task O4_only_the_driver_that_has_the_function_is_asked_to_let_go()
    {
        await Host.UnbindAsync(s_card, "nvidia", default);
        Assert.Equal("(null)\n", await File.ReadAllTextAsync($"{_drivers}/unbind"));
        await Host.UnbindAsync(s_card, "bochs-drm", default);
        Assert.Equal("0000:01:00.0", await File.ReadAllTextAsync($"{_drivers}/unbind"));
    }

    [Fact]
    public async Task A_driver_is_looked_for_only_where_there_is_none()
    {
        await Host.ProbeAsync(s_card, default);
        Assert.Equal("(null)\n", await File.ReadAllTextAsync($"{Root}/sys/bus/pci/drivers_probe"));
        File.Delete($"{_device}/driver");
        await Host.ProbeAsync(s_card, default);
        Assert.Equal("0000:01:00.0", await File.ReadAllTextAsync($"{Root}/sys/bus/pci/drivers_probe"));
    }

    [Fact]
    public async Task A_device_that_is_gone_is_refused_and_nothing_is_made()
    {
        await Assert.ThrowsAsync<HostException>(() => Host.SetDriverOverrideAsync(PciAddress.Parse("02:00.0"), "vfio-pci", default));
        Assert.False(Directory.Exists($"{Root}/sys/bus/pci/devices/0000:02:00.0"));
    }

    [Fact]
    public async Task A_function_is_forgotten_only_without_a_driver_and_looked_for_below_its_bridge()
    {
        var bridge = Directory.CreateDirectory($"{Root}/sys/bus/pci/devices/0000:00:01.1").FullName;
        foreach (var file in (string[])[$"{_device}/remove", $"{bridge}/rescan", $"{Root}/sys/bus/pci/rescan"])
            await File.WriteAllTextAsync(file, "");
        Assert.Contains(
            "is bound to bochs-drm again",
            (await Assert.ThrowsAsync<HostException>(() => Host.RemoveDeviceAsync(s_card, default))).Message,
            StringComparison.Ordinal);
        Assert.Equal("", await File.ReadAllTextAsync($"{_device}/remove"));
        File.Delete($"{_device}/driver");
        await Host.RemoveDeviceAsync(s_card, default);
        Assert.Equal("1", await File.ReadAllTextAsync($"{_device}/remove"));
        await Host.RescanAsync(PciAddress.Parse("00:01.1"), default);
        Assert.Equal(
            ("1", ""),
            (await File.ReadAllTextAsync($"{bridge}/rescan"), await File.ReadAllTextAsync($"{Root}/sys/bus/pci/rescan")));
        await Host.RescanAsync(null, default);
        Assert.Equal("1", await File.ReadAllTextAsync($"{Root}/sys/bus/pci/rescan"));
    }

    [Fact]
    public async Task A_reset_leaves_the_list_of_ways_as_it_was_also_where_it_is_refused()
    {
        foreach (var file in (string[])[$"{_device}/reset", $"{_device}/reset_method"]) await File.WriteAllTextAsync(file, "");
        await Host.ResetAsync(s_card, "bus", "flr bus", default);
        Assert.Equal(
            ("1", "flr bus"),
            (await File.ReadAllTextAsync($"{_device}/reset"), await File.ReadAllTextAsync($"{_device}/reset_method")));
        File.Delete($"{_device}/reset");
        await File.WriteAllTextAsync($"{_device}/reset_method", "");
        await Assert.ThrowsAsync<HostException>(() => Host.ResetAsync(s_card, "bus", "flr bus", default));
        Assert.Equal("flr bus", await File.ReadAllTextAsync($"{_device}/reset_method"));
        await Assert.ThrowsAsync<HostException>(() => Host.ResetAsync(s_card, "bus\nflr", "flr", default));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task A_name_that_leaves_its_directory_is_no_driver(string name)
    {
        await Assert.ThrowsAsync<HostException>(() => Host.UnbindAsync(s_card, name, default));
        await Assert.ThrowsAsync<HostException>(() => Host.SetDriverOverrideAsync(s_card, name, default));
    }

    [Theory]
    [InlineData("-r")]
    [InlineData("--force")]
    [InlineData("x;y")]
    public async Task A_name_that_looks_like_an_option_is_no_module(string name)
    {
        ToolThat("rmmod", "exit 0");
        await Assert.ThrowsAsync<HostException>(() => Host.UnloadModuleAsync(name, default));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task One_module_is_unloaded_and_nothing_it_depends_on()
    {
        ToolThat("rmmod", "echo \"$@\" >> \"$(dirname \"$0\")/called\"");
        await Host.UnloadModuleAsync("nvidia_drm", default);
        Assert.Equal("nvidia_drm\n", await File.ReadAllTextAsync($"{_tools}/called"));
    }

    /// <summary>Case M15 of the failure matrix: a module that will not unload.</summary>
    [Fact]
    public async Task A_module_in_use_may_work_later_and_one_that_is_not_loaded_is_done()
    {
        ToolThat("rmmod", "echo 'rmmod: ERROR: Module nvidia is in use' >&2; exit 1");
        Assert.True((await Assert.ThrowsAsync<HostException>(() => Host.UnloadModuleAsync("nvidia", default))).IsTransient);
        ToolThat("rmmod", "echo 'rmmod: ERROR: Module nvidia is not currently loaded' >&2; exit 1");
        await Host.UnloadModuleAsync("nvidia", default);
    }

    /// <summary>Case M7 of the failure matrix: a write that the kernel does not finish.</summary>
    [Fact]
    public async Task A_module_that_never_finishes_loading_is_stuck()
    {
        ToolThat("modprobe", "exec /bin/sleep 600");
        using var limit = new CancellationTokenSource(300);
        var stuck = await Assert.ThrowsAsync<StuckException>(() => Host.LoadModuleAsync("nvidia", limit.Token));
        Assert.Equal("modprobe nvidia", stuck.Write.Path);
        await Assert.ThrowsAsync<StuckException>(() => Host.SetDriverOverrideAsync(s_card, "vfio-pci", default));
        Tool.Run("kill", "-9", $"{stuck.Write.Pid}");
    }

    [Fact]
    public async Task Without_a_bus_units_are_stopped_and_started_by_systemctl_and_failures_are_forgotten_first()
    {
        ToolThat("systemctl", "echo \"$@\" >> \"$(dirname \"$0\")/called\"");
        await Host.StopUnitAsync(new UnitName("lightdm.service"), default);
        await Host.StartUnitAsync(new UnitName("lightdm.service"), default);
        Assert.Equal(
            """
            --no-ask-password stop -- lightdm.service
            --no-ask-password reset-failed -- lightdm.service
            --no-ask-password start -- lightdm.service

            """, await File.ReadAllTextAsync($"{_tools}/called"));
    }

    /// <summary>systemctl --machine=1000@.host would log that user in to find out.</summary>
    [Fact]
    public async Task Of_a_user_whose_service_manager_does_not_run_nothing_is_stopped_and_what_ran_comes_with_the_next_login()
    {
        ToolThat("systemctl", "echo \"$@\" >> \"$(dirname \"$0\")/called\"");
        var unit = new UnitName("pipewire.service", 1000);
        await Host.StopUnitAsync(unit, default);
        await Host.StartUnitAsync(unit, default);
        Assert.Contains(
            _log, line => line.Text.EndsWith("does not run, so it comes with the next login.", StringComparison.Ordinal));
        Assert.False(File.Exists($"{_tools}/called"));
    }

    [Fact]
    public async Task Containers_are_stopped_and_started_through_their_manager_and_others_are_left_alone()
    {
        foreach (var manager in (string[])["docker", "pct", "lxc-stop"])
            ToolThat(manager, "echo \"$(basename \"$0\") $@\" >> \"$(dirname \"$0\")/called\"");
        await Host.StopContainerAsync("docker 0123456789ab", default);
        await Host.StartContainerAsync("docker 0123456789ab", default);
        await Host.StopContainerAsync("lxc 102", default);
        foreach (var other in (string[])["lxc web", "kubernetes 0123456789ab", "docker --all", "nonsense"])
            await Assert.ThrowsAsync<HostException>(() => Host.StopContainerAsync(other, default));
        Assert.Equal(
            "docker stop 0123456789ab\ndocker start 0123456789ab\npct shutdown 102\n",
            await File.ReadAllTextAsync($"{_tools}/called"));
        ToolThat("docker", "echo 'No such container' >&2; exit 1");
        var refused = await Assert.ThrowsAsync<HostException>(() => Host.StopContainerAsync("docker 0123456789ab", default));
        Assert.Contains("docker stop 0123456789ab", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_splash_screen_is_told_to_quit_and_one_that_has_quit_already_is_no_mistake()
    {
        ToolThat("plymouth", "echo \"$@\" >> \"$(dirname \"$0\")/called\"");
        await Host.QuitSplashAsync(default);
        Assert.Equal("quit\n", await File.ReadAllTextAsync($"{_tools}/called"));
        ToolThat("plymouth", "exit 1");
        await Host.QuitSplashAsync(default);
        ToolThat("plymouth", "[ \"$1\" = --ping ]");
        var refused = await Assert.ThrowsAsync<HostException>(() => Host.QuitSplashAsync(default));
        Assert.Contains("plymouth quit", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_does_not_start_is_told_with_its_words_made_visible()
    {
        ToolThat("systemctl", "printf 'Job failed. \\033[2J\\n' >&2; exit 1");
        var refused = await Assert.ThrowsAsync<HostException>(() => Host.StartUnitAsync(new UnitName("gdm.service"), default));
        Assert.Contains("gdm.service could not be started", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_log, line => line.Text.Contains('\u001b', StringComparison.Ordinal));
        Assert.Contains(_log, line => line.Text.Contains("Job failed. \\x1b[2J", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_stopped_or_ended_already_is_done()
    {
        ToolThat("systemctl", "echo 'Failed to stop x.service: Unit x.service not loaded.' >&2; exit 5");
        ToolThat("loginctl", "echo \"Failed to terminate session: No session '3' known\" >&2; exit 1");
        await Host.StopUnitAsync(new UnitName("x.service"), default);
        await Host.EndSessionAsync("3", default);
    }

    [Fact]
    public async Task M8_M30_without_systemd_the_refusal_says_what_to_do_instead()
    {
        var refused = await Assert.ThrowsAsync<HostException>(() => Host.StopUnitAsync(new UnitName("gdm.service"), default));
        Assert.Contains("systemctl is not installed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("yourself", refused.Remedy, StringComparison.Ordinal);
    }

    private void ToolThat(string name, string script)
    {
        File.WriteAllText($"{_tools}/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{_tools}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
