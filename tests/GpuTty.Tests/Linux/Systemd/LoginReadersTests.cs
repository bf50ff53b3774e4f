using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Systemd;

namespace GpuTty.Tests.Linux.Systemd;

/// <summary>Who opened a session, whose services go on, and how units hang together, as files and managers tell.</summary>
public sealed class LoginReadersTests : IDisposable
{
    private readonly MachineTree _tree = new();

    [Theory]
    [InlineData("1min 30s", 90.0)]
    [InlineData("2min", 120.0)]
    [InlineData("500ms", 0.5)]
    [InlineData("10", 10.0)]
    [InlineData("infinity", null)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("9999999999999999h", null)]
    public void A_time_span_of_systemd_is_read(string text, double? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, UnitProperties.Span(text));

    [Fact]
    public void What_a_manager_tells_of_a_unit_is_kept_and_nothing_is_made_up_where_it_tells_only_the_state()
    {
        var text =
            "Id=app-viewer@abc.service\nLoadState=loaded\nActiveState=active\nTransient=yes\nPartOf=graphical-session.target\n"
                + "DefaultDependencies=yes\nTimeoutStopUSec=1min 30s\n";
        var traits = SystemdUnits.Parse(text, [new UnitName("app-viewer@abc.service", 1000)])[0].Unit.Traits!;
        Assert.True(traits is { IsTransient: true, IsOfGraphicalSession: true, IsEssential: false });
        Assert.Equal(TimeSpan.FromSeconds(90), traits.StopTimeout);
        Assert.Null(SystemdUnits.Parse("Id=a.service\nLoadState=loaded\nActiveState=active\n", [new UnitName("a.service")])[0].Unit.Traits);
    }

    [Theory]
    [InlineData("After", false)]
    [InlineData("Before", true)]
    public void A_unit_is_the_networks_where_it_wants_the_target_and_comes_before_it(string order, bool isEssential)
    {
        var others = string.Join(' ', Enumerable.Range(0, 500).Select(number => $"mount-{number}.service"));
        var text = "Id=a.service\nLoadState=loaded\nActiveState=active\nWants=network.target\n"
            + $"Before={others} {(order == "Before" ? "network.target" : "shutdown.target")}\n";
        Assert.Equal(isEssential, SystemdUnits.Parse(text, [new UnitName("a.service")])[0].Unit.Traits!.IsEssential);
    }

    [Fact]
    public void Lingering_users_and_the_delay_are_read_and_a_drop_in_wins()
    {
        _tree.File("etc/passwd", "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/bash\n");
        _tree.File("var/lib/systemd/linger/user", "");
        _tree.File("var/lib/systemd/linger/of-a-directory", "");
        _tree.File("etc/systemd/logind.conf", "[Login]\n#UserStopDelaySec=99\nUserStopDelaySec=20\n");
        _tree.File("etc/systemd/logind.conf.d/50-mine.conf", "[Login]\nUserStopDelaySec=3min\n");
        var session = new LoginSession { Id = "7", Uid = 60001, User = "of-a-directory", Type = "tty", Class = "user", State = "active" };
        var host = LoginSettings.AddTo(new HostSnapshot { TakenAt = default, Sessions = [session] }, _tree.Root, []);
        Assert.Equal([1000, 60001], host.Lingering.AsEnumerable());
        Assert.Equal(TimeSpan.FromMinutes(3), host.UserStopDelay);
    }

    [Fact]
    public void Where_the_administrator_has_said_so_nobodys_services_ever_end()
    {
        _tree.File("etc/systemd/logind.conf", "[Login]\nUserStopDelaySec=infinity\n");
        var host = LoginSettings.AddTo(new HostSnapshot { TakenAt = default }, _tree.Root, []);
        Assert.Equal(Timeout.InfiniteTimeSpan, host.UserStopDelay);
    }

    [Fact]
    public void Without_settings_nobody_lingers_and_the_delay_is_logind_s_own() =>
        Assert.Equal(
            (0, TimeSpan.FromSeconds(10)),
            LoginSettings.AddTo(new HostSnapshot { TakenAt = default }, _tree.Root, []) is var host
                ? (host.Lingering.Length, host.UserStopDelay)
                : default);

    [Theory]
    [InlineData("/system.slice/greetd.service", "greetd.service")]
    [InlineData("/user.slice/user-1000.slice/session-4.scope", null)]
    public async Task A_session_whose_first_process_has_a_parent_was_opened_by_that_parents_service(string group, string? unit)
    {
        Process(800, 1, group);
        Process(810, 800, "/user.slice/user-1000.slice/session-2.scope");
        Assert.Equal((true, unit), await StarterAsync(810));
    }

    [Theory]
    [InlineData("/sbin/agetty -o -- \\u --noclear - linux", null)]
    [InlineData("/sbin/agetty --autologin user --noclear - linux", "getty@tty1.service")]
    [InlineData("/sbin/agetty -a user - linux", "getty@tty1.service")]
    public async Task A_getty_opens_a_session_again_only_where_it_logs_in_by_itself(string command, string? unit)
    {
        Tool($"printf 'Id=getty@tty1.service\\nMainPID=810\\nRestart=always\\nExecStart={{ path=/sbin/agetty ; argv[]=%s ; "
            + $"}}\\n' '{command}'");
        Process(810, 1, "/user.slice/user-1000.slice/session-2.scope");
        Assert.Equal((true, unit), await StarterAsync(810));
    }

    [Fact]
    public async Task A_service_that_logs_in_itself_is_known_by_its_main_process()
    {
        Tool("case \"$*\" in *getty*) printf 'Id=getty@tty1.service\\nMainPID=0\\nRestart=always\\n';; "
            + "*) printf 'Id=a.service\\nMainPID=5\\n\\nId=kiosk.service\\nMainPID=810\\nRestart=always\\nExecStart={ "
            + "path=/usr/bin/cage }\\n';; esac");
        Process(810, 1, "/user.slice/user-1000.slice/session-2.scope");
        Assert.Equal((true, "kiosk.service"), await StarterAsync(810));
    }

    [Fact]
    public async Task Where_the_first_process_is_gone_it_is_not_told_who_opened_the_session() =>
        Assert.Equal((false, null), await StarterAsync(810));

    [Theory]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope",
        "vte-spawn-1.scope",
        "app.slice",
        null,
        null)]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service",
        "pipewire.service",
        "session.slice",
        null,
        null)]
    [InlineData("0::/c2", null, null, "c2", null)]
    [InlineData("0::/openrc.display-manager", null, null, null, "display-manager")]
    [InlineData("0::/system.slice/docker.service", null, null, null, null)]
    public void A_control_group_tells_slice_session_and_script(
        string text, string? userUnit, string? slice, string? session, string? script)
    {
        var group = ControlGroup.Parse(text);
        Assert.Equal((userUnit, slice, session, script), (group.UserUnit, group.UserSlice, group.Session, group.InitScript));
    }

    public void Dispose() => _tree.Dispose();

    private async Task<(bool IsTold, string? Unit)> StarterAsync(int leader)
    {
        _tree.Folder("run/systemd/system");
        var session = new LoginSession
        {
            Id = "2",
            Uid = 1000,
            User = "user",
            Seat = "seat0",
            Vt = 1,
            Type = "wayland",
            Class = "user",
            State = "active",
            Leader = leader,
        };
        var told = (await new SessionStarters(_tree.Root, new Buses(_tree.Root), new CommandRunner([_tree.At("tools")])).AddToAsync(
            [session], default))[0];
        return (told.IsStarterTold, told.StartedBy);
    }

    private void Process(int pid, int parent, string group)
    {
        _tree.File($"proc/{pid}/stat", $"{pid} (x) S {parent} 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n");
        _tree.File($"proc/{pid}/cgroup", $"0::{group}\n");
    }

    private void Tool(string script)
    {
        _tree.File("tools/systemctl", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(_tree.At("tools/systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
