using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Simulation;

/// <summary>The machine of the demo as people log in to theirs: more than one session, other ways to start a desktop.</summary>
internal static class LoginMachines
{
    private static readonly ImmutableArray<string> s_nvidiaControl = ["/dev/nvidiactl"];
    private static readonly Person s_ada = new("ada", 1001);

    public static ImmutableArray<DemoMachine> All =>
    [
        new(
            "console-kde",
            "you are logged in at tty3 as well, as articles say: what KDE leaves in your manager is ended, "
                + "nothing of it is started by hand",
            ConsoleKde()),
        new("console-gnome", "the same under GNOME, with programs in transient units that outlive the session", ConsoleGnome()),
        new(
            "lingering",
            "your services go on without a login: the one that holds the card is stopped by name, and started again",
            Lingering()),
        new("vnc", "a VNC session beside the desktop: it is not the desktop's, and is not closed with it", Vnc()),
        new(
            "autologin",
            "a getty logs in and starts Hyprland by itself: it is stopped first, or the desktop would be back at once",
            AutoLogin()),
        new("startx", "startx at a console: a desktop without a display manager, which you start again yourself", StartX()),
        new("openrc", "no systemd: the desktop is named, and stopped by you", OpenRc()),
    ];

    private static Machine ConsoleKde() => WithConsole(NvidiaWith("console-kde", Desktops.Plasma with
    {
        SessionRuns =
        [
            .. Desktops.Plasma.SessionRuns,
            Program("brave", @"app-brave\x2dbrowser@0a1b2c3d4e5f60718293a4b5c6d7e8f9.service"),
        ],
    }).Booted(Machines.Fernando));

    private static Machine ConsoleGnome() => WithConsole(NvidiaWith("console-gnome", Desktops.Gnome with
    {
        SessionRuns =
        [
            .. Desktops.Gnome.SessionRuns,
            Program("viewer", "app-viewer@abc.service") with { IsPartOfSession = false },
            Program("editor", "app-editor-7.scope") with { IsPartOfSession = false },
        ],
    }).Booted(Machines.Fernando));

    private static Machine Lingering()
    {
        var lingers = Machines.Fernando with { Lingers = true };
        var machine =
            NvidiaWith("lingering", Desktops.Gnome).WithServices(Desktops.OfUser("sunshine.service", lingers, Program("sunshine", null)));
        return (machine with { People = [lingers] }).Booted(Machines.Fernando);
    }

    private static Machine Vnc()
    {
        var machine = NvidiaWith("vnc", Desktops.Gnome).Booted(Machines.Fernando);
        return (machine with
        {
            Sessions = machine.Sessions.Add(new LoginSession
            {
                Id = "8",
                Uid = s_ada.Uid,
                User = s_ada.Name,
                Type = "x11",
                Class = "user",
                State = "active",
                Leader = 4690,
                Desktop = "XFCE",
            }),
        }).Start(Program("blender", null), s_ada, process => process with { Unit = "session-8.scope", Session = "8" });
    }

    private static Machine AutoLogin() => NvidiaWith("autologin", new Desktop(new UnitName("getty@tty1.service"))
    {
        Name = "Hyprland",
        Type = "wayland",
        Greeter = Person.Root,
        GreeterRuns = [],
        SessionRuns = [Desktops.Compositor("Hyprland"), Program("waybar", null)],
        SessionVt = 1,
        HasAlias = false,
        AutoLogin = Machines.Fernando,
        LoginScreenTakes = TimeSpan.FromSeconds(1),
    }).Booted(Machines.Fernando);

    private static Machine StartX() => NvidiaWith("startx", new Desktop(new UnitName("getty@tty1.service"))
    {
        Name = "i3",
        Type = "tty",
        Greeter = Person.Root,
        GreeterRuns = [],
        SessionRuns = [Desktops.Compositor("Xorg"), Program("picom", null)],
        SessionVt = 1,
        HasAlias = false,
        IsStartedByHand = true,
    }).Booted(Machines.Fernando);

    /// <summary>Control groups as OpenRC and elogind make them: one for each
    /// script, one for each session, none for systemd's units.</summary>
    private static Machine OpenRc()
    {
        var machine = NvidiaWith("openrc", Desktops.Xfce).Booted(Machines.Fernando);
        return machine with
        {
            OtherInit = "OpenRC",
            Desktop = machine.Desktop! with { HasAlias = false },
            Services = [.. machine.Services.Where(service => service.Name == Desktops.Xfce.Unit)],
            Sessions = [.. machine.Sessions.Select(session => session with { StartedBy = null, IsStarterTold = false })],
            Caller = machine.Caller with { Unit = null },
            Processes =
            [
                .. machine.Processes
                    .Where(process => process.UserUnit is null && process.Software.Name != "systemd")
                    .Select(process => process with
                    {
                        Software = process.Software.Name == "systemd-logind"
                            ? process.Software with { Name = "elogind-daemon" }
                            : process.Software,
                        InitScript = process.Unit == Desktops.Xfce.Unit.Name ? "display-manager"
                            : process.Unit == Desktops.Persistenced.Name.Name ? "nvidia-persistenced"
                            : null,
                        Unit = process.Session is { } session ? $"session-{session}.scope" : null,
                    }),
            ],
        };
    }

    private static Machine NvidiaWith(string name, Desktop desktop) =>
        MachineBoot.Of(name, Am5Board.Functions, Am5Board.Wirings, Machines.Big())
        .WithDesktop(desktop).WithServices([Desktops.Persistenced, .. Desktops.SoundOf(Machines.Fernando)]);

    /// <summary>Ctrl+Alt+F3, logged in under the same name, sudo gputty;
    /// and logind shows the user's manager, as since systemd 256.</summary>
    private static Machine WithConsole(Machine machine)
    {
        var console = machine.Sessions[0] with
        {
            Id = "4",
            Uid = Machines.Fernando.Uid,
            User = Machines.Fernando.Name,
            IsStarterTold = true,
        };
        var manager = console with { Id = "3", Seat = null, Vt = null, Type = "unspecified", Class = "manager", Leader = 1480 };
        return machine with
        {
            Sessions = [console, manager, .. machine.Sessions[1..]],
            Caller = machine.Caller with { Session = "4", Unit = "session-4.scope" },
        };
    }

    private static Software Program(string name, string? unit) =>
        new(name) { Opens = [NodeKind.Render, NodeKind.Nvidia], OpensAlso = s_nvidiaControl, IsOnSeat = true, UserUnit = unit };
}
