using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Every way in which an ordinary user becomes root at a text console: the program knows
/// the console behind each of them, and nothing of the user's environment reaches it.</summary>
public sealed class RootRoadsTests : Scenario
{
    private const string Home = "/home/user";
    private const string Password = "lab";

    /// <summary>Tools of the system that the program runs, as the user would have root run them.</summary>
    private const string HostileHome = $$"""
        mkdir -p {{Home}}/evil
        for tool in systemctl loginctl modprobe rmmod udevadm systemd-run journalctl dmesg gcc sh; do
            printf '#!/bin/bash\n: >>{{Home}}/ran-as-$EUID-%s\nexec /usr/bin/%s "$@"\n' $tool $tool >{{Home}}/evil/$tool
        done
        chmod 755 {{Home}}/evil/*
        cat >{{Home}}/hostile <<'END'
        PATH={{Home}}/evil:$PATH
        LD_LIBRARY_PATH={{Home}}/evil
        GCONV_PATH={{Home}}/evil
        TERMINFO={{Home}}/evil
        DOTNET_StartupHooks={{Home}}/evil/hook.dll
        DOTNET_DbgEnableMiniDump=1
        DOTNET_DbgMiniDumpName={{Home}}/dump
        XDG_CONFIG_HOME={{Home}}/evil
        DBUS_SYSTEM_BUS_ADDRESS=unix:path={{Home}}/evil/bus
        TZ=/etc/shadow
        LANG=C.UTF-8
        END
        chown -R user: {{Home}}
        """;

    /// <summary>sudo and doas as nobody should set them up: what the caller has goes through.</summary>
    private const string Careless = "printf 'permit keepenv nopass user\\n' >/etc/doas.conf";

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task On_every_road_to_root_the_console_is_known_and_the_callers_environment_has_no_effect() =>
        PlayAsync(Hardware.Gnome, async machine =>
        {
            var console = machine.Vt(3);
            await machine.Shell.DoAsync(HostileHome);
            await machine.Shell.DoAsync("printf 'permit :sudo\\n' >/etc/doas.conf; chmod 600 /etc/doas.conf");
            await console.ShowAsync();
            await console.LogInAsync();
            await console.CommandAsync($"set -a; . {Home}/hostile; set +a");

            await PlayRoadAsync(machine, "sudo gputty");
            await machine.Shell.DoAsync("echo 'Defaults !use_pty' >/etc/sudoers.d/lab; chmod 440 /etc/sudoers.d/lab");
            await PlayRoadAsync(machine, "sudo -k gputty");
            await PlayRoadAsync(machine, "doas gputty");
            await PlayRoadAsync(machine, "pkexec gputty");
            // run0 itself asks on that bus.
            await console.CommandAsync("unset DBUS_SYSTEM_BUS_ADDRESS");
            await PlayRoadAsync(machine, "run0 gputty");
            await PlayRoadAsync(machine, "su -c gputty", asksPassword: false);
            await PlayRoadAsync(machine, "tmux new sudo -k gputty");
            await PlayRoadAsync(machine, "screen sudo -k gputty");

            await machine.Shell.DoAsync(Careless);
            await console.CommandAsync("clear; doas gputty");
            await console.WaitForAsync("would affect a program running as root", Gputty.Patience);
            Assert.Equal("", await machine.Shell.DoAsync($"ls {Home} | grep -e ran-as-0 -e dump || true"));
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_login_as_root_is_as_good_and_over_ssh_it_switches_and_outlives_a_broken_line() =>
        PlayAsync(Hardware.Gnome, async machine =>
        {
            var console = machine.Vt(3);
            await console.ShowAsync();
            await console.LogRootInAsync();
            await PlayRoadAsync(machine, "gputty", asksPassword: false);

            var ssh = new Ssh(machine);
            await ssh.LogInAsync();
            await ssh.TypeAsync("sudo gputty");
            await ssh.WaitForAsync("password for user");
            await ssh.TypeAsync(Password);
            var seen = await ssh.WaitForAsync("01:00.0", Gputty.Patience);
            Assert.Contains("you are on the network", seen, StringComparison.Ordinal);
            Assert.Contains('│', seen);
            await ssh.PressAsync("d");
            await ssh.WaitForAsync("You are not on a console");
            await ssh.PressAsync("q");
            await machine.Shell.UntilAsync("the screen to end", "! pgrep -x gputty");
            await ssh.TypeAsync("clear; echo usable $((6*7))");
            await ssh.WaitForAsync("usable 42");

            await ssh.TypeAsync($"clear; sudo gputty {ToVm}; echo ended with $?");
            await ssh.WaitForAsync("ended with 0", Gputty.Patience);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Desktop.WhenUpAsync();

            // The line breaks in the middle of the way home: the switch goes on, and the screen that was shown there is gone.
            await ssh.TypeAsync($"clear; sudo gputty {ToHost}");
            await machine.Shell.UntilAsync(
                "the worker to be at work",
                $"systemctl show -P ActiveState {Gputty.Worker} | grep -qvxE 'inactive|failed'",
                Gputty.Patience);
            await ssh.BreakAsync();
            await machine.Gputty.WhenWorkerIsGoneAsync();
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.Desktop.AssertUsableAsync();
            await machine.Shell.UntilAsync("nothing to be left of it", "! pgrep -x gputty");
        });

    /// <summary>The picture, the kernel's lines, the desktop and the way back, and a usable prompt at the end.</summary>
    private static async Task PlayRoadAsync(Machine machine, string command, bool asksPassword = true)
    {
        var console = machine.Vt(3);
        await console.CommandAsync($"clear; {command}");
        if (asksPassword)
        {
            await console.WaitForAsync($"the question for the password of: {command}", IsAsking);
            await console.TypeAsync($"{Password}\n");
        }
        await console.WaitForAsync("01:00.0", Gputty.Patience);
        Assert.Contains("you are on tty3", (await console.ReadAsync()).Text, StringComparison.Ordinal);
        await AssertConsoleIsWholeAsync(machine, console, $"lab: {command}", $"{command.Replace(' ', '-')}-on-tty3");

        await console.TypeAsync("d");
        await machine.Desktop.AssertUsableAsync();
        await machine.Shell.DoAsync(@"printf '\033[3;3Hscribbled over' >/dev/tty3");
        await console.ShowAsync();
        await console.WaitForAsync("the screen to be drawn anew", now =>
            !now.Text.Contains("scribbled over", StringComparison.Ordinal) && now.Text.Contains("01:00.0", StringComparison.Ordinal));

        await console.TypeAsync("q");
        await machine.Shell.UntilAsync($"nothing to be left of: {command}", "! pgrep -x gputty");
        await console.CommandAsync("clear; echo usable $((6*7))");
        await console.WaitForAsync("usable 42");
        Assert.Equal("", await machine.Shell.DoAsync($"ls {Home} | grep -e ran-as-0 -e dump || true"));
    }

    private static bool IsAsking(VtScreen screen) =>
        screen.Lines[screen.CursorRow].TrimEnd() is [.., ':'] line && line.Contains("assword", StringComparison.Ordinal);
}
