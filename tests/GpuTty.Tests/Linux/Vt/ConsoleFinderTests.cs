using GpuTty.Interop;
using static GpuTty.Tests.Linux.Vt.ProcessTree;

namespace GpuTty.Tests.Linux.Vt;

/// <summary>Every way to become root, and where the person sits who has gone it.</summary>
public sealed class ConsoleFinderTests : IDisposable
{
    private const string Manager = "/user.slice/user-1000.slice/user@1000.service/init.scope";
    private readonly ProcessTree _tree = new();

    [Theory]
    [InlineData("su")]
    [InlineData("doas")]
    [InlineData("pkexec")]
    [InlineData("sudo")]
    public void Who_becomes_root_at_tty3_and_keeps_the_terminal_is_on_tty3(string with)
    {
        _tree.LoginAtTty3().Process(920, 910, with, "tty3", Scope(3)).Process(930, 920, "gputty", "tty3", Scope(3));
        var caller = _tree.Caller(930);
        Assert.Equal((3, "3", false), (caller.Vt, caller.Session, caller.IsInsideDesktop));
        Assert.Equal([930, 920, 910, 900, 1], caller.Ancestors.AsEnumerable());
    }

    [Fact]
    public void Who_types_sudo_at_tty3_is_on_tty3_though_sudo_gives_the_program_a_terminal_of_its_own()
    {
        Sudo();
        var caller = _tree.Caller(922);
        Assert.Equal((3, "3", false), (caller.Vt, caller.Session, caller.IsInsideDesktop));
        Assert.Equal([922, 921, 920, 910, 900, 1], caller.Ancestors.AsEnumerable());
    }

    [Fact]
    public void A_root_shell_of_sudo_in_a_shell_of_sudo_is_on_the_console_of_the_first()
    {
        Sudo()
            .Process(930, 922, "bash", "pts/0", Scope(3))
            .Process(940, 930, "sudo", "pts/0", Scope(3), master: 1)
            .Process(941, 940, "sudo", "pts/1", Scope(3))
            .Process(950, 941, "gputty", "pts/1", Scope(3));
        Assert.Equal(3, _tree.Caller(950).Vt);
    }

    [Fact]
    public void With_its_input_elsewhere_the_program_is_on_the_console_of_its_controlling_terminal()
    {
        _tree.LoginAtTty3().Process(920, 910, "sudo", "tty3", Scope(3), master: 0).Process(921, 920, "sudo", "pts/0", Scope(3));
        _tree.Process(922, 921, "gputty", "pts/0", Scope(3));
        Assert.Equal(3, _tree.Caller(922).Vt);
    }

    [Fact]
    public void Who_types_run0_at_tty3_is_on_tty3_and_run0_and_its_shell_are_needed()
    {
        Run0();
        var caller = _tree.Caller(940);
        Assert.Equal((3, "3"), (caller.Vt, caller.Session));
        Assert.Equal([940, 1, 930, 910, 900], caller.Ancestors.AsEnumerable());
        Assert.Equal(["run-p930-i931.service", "init.scope", "session-3.scope"], caller.Units.AsEnumerable());
    }

    [Fact]
    public void Who_types_run0_in_a_window_is_inside_the_desktop_that_the_window_is_of()
    {
        _tree.Process(1, 0, "systemd", null).Process(800, 1, "systemd", null, Manager)
            .Process(810, 800, "gnome-terminal-", null, Manager, master: 4, environment: "WAYLAND_DISPLAY=wayland-0\0")
            .Process(820, 810, "bash", "pts/4", Manager, environment: "WAYLAND_DISPLAY=wayland-0\0")
            .Process(830, 820, "run0", "pts/4", Manager, master: 0, environment: "WAYLAND_DISPLAY=wayland-0\0")
            .Process(840, 1, "gputty", "pts/0", "/user.slice/run-p830-i831.service");
        var caller = _tree.Caller(840, "xterm-256color");
        Assert.Equal((null, true), (caller.Vt, caller.IsInsideDesktop));
        Assert.Contains(830, caller.Ancestors);
    }

    /// <summary>As it was seen with kmscon 10.0.4: it has no terminal, and login is its child.</summary>
    [Fact]
    public void Who_types_sudo_at_a_console_that_kmscon_draws_is_on_that_console()
    {
        const string service = "/system.slice/system-kmsconvt.slice/kmsconvt@tty3.service";
        _tree.LoginAtTty3();
        _tree.Graphical.Add(3);
        _tree.Process(800, 1, "kmscon", null, service, master: 1, opens: ["/dev/tty3", "/dev/dri/card1"])
            .Process(900, 800, "login", "pts/1", Scope(3))
            .Process(910, 900, "bash", "pts/1", Scope(3))
            .Process(920, 910, "sudo", "pts/1", Scope(3), master: 2)
            .Process(921, 920, "sudo", "pts/2", Scope(3))
            .Process(922, 921, "gputty", "pts/2", Scope(3));
        var caller = _tree.Caller(922, "xterm-256color");
        Assert.Equal((3, "3", false), (caller.Vt, caller.Session, caller.IsInsideDesktop));
        Assert.Contains(800, caller.Ancestors);
        _tree.Process(910, 900, "sway", "pts/1", Scope(3), environment: "WAYLAND_DISPLAY=wayland-1\0");
        Assert.Equal((null, true), (_tree.Caller(922, "xterm-256color").Vt, _tree.Caller(922, "xterm-256color").IsInsideDesktop));
    }

    [Fact]
    public void What_script_records_at_tty3_is_seen_on_tty3()
    {
        _tree
            .LoginAtTty3()
            .Process(920, 910, "script", "tty3", Scope(3), master: 2)
            .Process(921, 920, "bash", "pts/2", Scope(3))
            .Process(922, 921, "gputty", "pts/2", Scope(3));
        Assert.Equal(3, _tree.Caller(922).Vt);
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("xterm-256color")]
    public void Over_ssh_there_is_no_console_whatever_the_terminal_calls_itself(string term)
    {
        _tree.LoginOverSsh(0).Process(720, 710, "gputty", "pts/0", Scope(7));
        var caller = _tree.Caller(720, term);
        Assert.Equal((null, true, "7"), (caller.Vt, caller.IsVtTold, caller.Session));
        Assert.Equal([720, 710, 700, 1], caller.Ancestors.AsEnumerable());
    }

    [Fact]
    public void With_sudo_over_ssh_there_is_no_console_either()
    {
        _tree
            .LoginOverSsh(0)
            .Process(720, 710, "sudo", "pts/0", Scope(7), master: 1)
            .Process(721, 720, "sudo", "pts/1", Scope(7))
            .Process(722, 721, "gputty", "pts/1", Scope(7));
        Assert.Null(_tree.Caller(722).Vt);
    }

    [Fact]
    public void A_shell_over_ssh_that_its_owner_has_told_of_a_screen_is_in_no_desktop()
    {
        const string told = "DISPLAY=:0\0";
        _tree
            .LoginOverSsh(0)
            .Process(710, 700, "bash", "pts/0", Scope(7), environment: told)
            .Process(720, 710, "sudo", "pts/0", Scope(7), master: 1, environment: told)
            .Process(721, 720, "gputty", "pts/1", Scope(7), environment: told);
        var caller = _tree.Caller(721, "xterm-256color");
        Assert.Equal((null, true, false), (caller.Vt, caller.IsVtTold, caller.IsInsideDesktop));
    }

    [Fact]
    public void In_tmux_the_console_is_the_one_that_its_client_is_at_and_the_client_is_not_needed()
    {
        Tmux("/dev/tty3");
        var caller = _tree.Caller(1130, "tmux-256color");
        Assert.Equal(3, caller.Vt);
        Assert.DoesNotContain(1110, caller.Ancestors);
        Assert.Equal([1130, 1120, 1100, 1050, 1], caller.Ancestors.AsEnumerable());
    }

    [Fact]
    public void In_screen_at_tty3_the_console_is_tty3_and_with_sudo_in_it_as_well()
    {
        _tree
            .LoginAtTty3()
            .Process(1050, 1, "systemd", null, Manager)
            .Process(1100, 1050, "screen", null, Scope(3), master: 0, opens: ["/dev/tty3"])
            .Process(1110, 910, "screen", "tty3", Scope(3))
            .Process(1120, 1100, "bash", "pts/0", Scope(3))
            .Process(1130, 1120, "sudo", "pts/0", Scope(3), master: 1)
            .Process(1131, 1130, "sudo", "pts/1", Scope(3))
            .Process(1132, 1131, "gputty", "pts/1", Scope(3));
        Assert.Equal(3, _tree.Caller(1120, "screen.linux").Vt);
        Assert.Equal(3, _tree.Caller(1132, "screen.linux").Vt);
    }

    [Fact]
    public void A_tmux_that_nobody_is_attached_to_is_on_no_console()
    {
        Tmux();
        Assert.Null(_tree.Caller(1130, "tmux-256color").Vt);
    }

    [Fact]
    public void A_tmux_that_was_started_at_tty3_and_is_attached_over_ssh_is_on_no_console()
    {
        Tmux("/dev/pts/5").LoginOverSsh(5);
        Assert.Null(_tree.Caller(1130, "tmux-256color").Vt);
    }

    [Fact]
    public void A_tmux_that_is_seen_at_tty3_and_over_ssh_at_once_is_on_neither_for_certain()
    {
        Tmux("/dev/tty3", "/dev/pts/5").LoginOverSsh(5);
        Assert.Null(_tree.Caller(1130, "tmux-256color").Vt);
    }

    [Fact]
    public void Two_servers_that_show_each_other_show_nothing()
    {
        _tree
            .Process(1, 0, "systemd", null)
            .Process(1100, 1, "tmux", null, master: 0, opens: ["/dev/pts/1"])
            .Process(1200, 1, "screen", null, master: 1, opens: ["/dev/pts/0"])
            .Process(1130, 1100, "gputty", "pts/0");
        Assert.Null(_tree.Caller(1130, "tmux-256color").Vt);
    }

    [Fact]
    public void A_window_of_a_display_server_that_was_started_at_tty1_is_not_on_tty1()
    {
        _tree.Graphical.Add(1);
        _tree
            .Process(1, 0, "systemd", null)
            .Process(600, 1, "login", "tty1", Scope(1))
            .Process(610, 600, "bash", "tty1", Scope(1))
            .Process(620, 610, "xinit", "tty1", Scope(1))
            .Process(630, 620, "xterm", "tty1", Scope(1), master: 0, environment: "DISPLAY=:0\0")
            .Process(640, 630, "bash", "pts/0", Scope(1), environment: "DISPLAY=:0\0")
            .Process(650, 640, "gputty", "pts/0", Scope(1), environment: "DISPLAY=:0\0");
        var caller = _tree.Caller(650, "xterm");
        Assert.Equal((null, true), (caller.Vt, caller.IsInsideDesktop));
        // Its terminal lies about what it is: the console tells.
        Assert.Null(_tree.Caller(650, "linux").Vt);
    }

    [Fact]
    public void A_window_that_was_opened_from_tty3_is_a_window()
    {
        _tree
            .LoginAtTty3()
            .Process(920, 910, "xterm", "tty3", Scope(3), master: 0, environment: "DISPLAY=:0\0")
            .Process(930, 920, "gputty", "pts/0", Scope(3), environment: "DISPLAY=:0\0");
        var caller = _tree.Caller(930, "xterm");
        Assert.Equal((null, true), (caller.Vt, caller.IsInsideDesktop));
    }

    [Fact]
    public void A_program_of_a_container_with_a_terminal_of_the_same_number_shows_nothing_of_ours()
    {
        _tree
            .LoginAtTty3()
            .Process(940, 1, "gputty", "pts/0", "/system.slice/run-u1.service")
            .In(940, "4026531836")
            .Process(5000, 910, "script", "tty3", "/machine.slice/x.scope", master: 0)
            .In(5000, "4026532999");
        Assert.Null(_tree.Caller(940).Vt);
    }

    [Fact]
    public void An_ordinary_user_who_may_not_look_into_sudo_sees_its_terminal_all_the_same()
    {
        _tree
            .LoginAtTty3()
            .Process(920, 910, "sudo", "tty3", Scope(3), isHidden: true)
            .Process(921, 920, "sudo", "pts/0", Scope(3), isHidden: true)
            .Process(922, 921, "gputty", "pts/0", Scope(3));
        Assert.Equal(3, _tree.Caller(922).Vt);
    }

    [Fact]
    public void What_an_ordinary_user_may_not_see_is_not_known_to_be_no_console()
    {
        _tree
            .Process(1, 0, "systemd", null)
            .Process(1100, 1, "tmux", null, isHidden: true)
            .Process(1120, 1100, "bash", "pts/0")
            .Process(1130, 1120, "gputty", "pts/0");
        var caller = _tree.Caller(1130, "tmux-256color");
        Assert.Equal((null, false), (caller.Vt, caller.IsVtTold));
        Assert.True(_tree.LoginOverSsh(0).Process(1140, 710, "gputty", "pts/0", Scope(7)).Caller(1140).IsVtTold);
    }

    [Theory]
    [InlineData(0x0403u, 3, null)]
    [InlineData(0x8800u, null, 0)]
    [InlineData(0x88ffu, null, 255)]
    [InlineData(0x00108800u, null, 256)]
    [InlineData(0x0440u, null, null)]
    [InlineData(0x0501u, null, null)]
    public void The_kernel_packs_the_number_of_a_terminal(uint number, int? vt, int? pts) =>
        Assert.Equal((vt, pts), (TerminalDevice.Unpacked(number)!.Value.Vt, TerminalDevice.Unpacked(number)!.Value.Pts));

    [Theory]
    [InlineData("/dev/tty3", 3, null)]
    [InlineData("/dev/pts/12", null, 12)]
    public void A_path_names_a_terminal(string path, int? vt, int? pts) =>
        Assert.Equal((vt, pts), (TerminalDevice.OfPath(path)!.Value.Vt, TerminalDevice.OfPath(path)!.Value.Pts));

    [Theory]
    [InlineData("/dev/tty")]
    [InlineData("/dev/tty0")]
    [InlineData("/dev/tty64")]
    [InlineData("/dev/ttyS0")]
    [InlineData("/dev/pts/ptmx")]
    [InlineData("/dev/pts/3 (deleted)")]
    [InlineData("socket:[1234]")]
    [InlineData(null)]
    public void Other_paths_name_none(string? path) => Assert.Null(TerminalDevice.OfPath(path));

    public void Dispose() => _tree.Dispose();

    /// <summary>sudo with use_pty: the one that was typed keeps tty3 and has the
    /// master; its second process leads the session of the new terminal.</summary>
    private ProcessTree Sudo() => _tree
        .LoginAtTty3()
        .Process(920, 910, "sudo", "tty3", Scope(3), master: 0)
        .Process(921, 920, "sudo", "pts/0", Scope(3))
        .Process(922, 921, "gputty", "pts/0", Scope(3));

    /// <summary>The program is a service of its own, started by systemd; run0 at tty3 passes its terminal on.</summary>
    private ProcessTree Run0() => _tree.LoginAtTty3()
        .Process(930, 910, "run0", "tty3", Scope(3), master: 0).Process(940, 1, "gputty", "pts/0", "/user.slice/run-p930-i931.service");

    /// <summary>The server was started at tty3, has left it, and was given to the user's manager (PR_SET_CHILD_SUBREAPER).</summary>
    private ProcessTree Tmux(params string[] clients) => _tree.LoginAtTty3().Process(1050, 1, "systemd", null, Manager)
        .Process(1100, 1050, "tmux: server", null, Scope(3), master: 0, opens: clients).Process(1110, 910, "tmux: client", "tty3", Scope(3))
        .Process(1120, 1100, "bash", "pts/0", Scope(3)).Process(1130, 1120, "gputty", "pts/0", Scope(3));
}
