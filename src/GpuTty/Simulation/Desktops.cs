using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Simulation;

/// <summary>Desktops with their programs, and the services beside them.</summary>
internal static class Desktops
{
    private static readonly ImmutableArray<string> s_nvidiaNodes = ["/dev/nvidiactl", "/dev/nvidia-modeset"];

    public static Desktop Gnome { get; } = new(new UnitName("gdm.service"))
    {
        Name = "GNOME",
        Type = "wayland",
        Greeter = new Person("gdm", 120),
        GreeterRuns = [Shell with { UserUnit = "org.gnome.Shell@wayland.service" }],
        SessionRuns =
        [
            Shell with { UserUnit = "org.gnome.Shell@wayland.service" },
            Client("Xwayland", "org.gnome.Shell@wayland.service"),
            Client("firefox", "app-gnome-firefox-2544.scope") with { MapsOnly = [NodeKind.Render] },
            Client("soffice.bin", @"app-gnome-libreoffice\x2dwriter-2610.scope") with { Opens = [] },
        ],
    };

    public static Desktop Plasma { get; } = new(new UnitName("sddm.service"))
    {
        Name = "KDE",
        Type = "wayland",
        Greeter = new Person("sddm", 117),
        GreeterRuns = [Compositor("weston")],
        SessionRuns = [
            Compositor("kwin_wayland") with { UserUnit = "plasma-kwin_wayland.service" },
            Client("plasmashell", "plasma-plasmashell.service"),
            Client("steam", null),
        ],
    };

    /// <summary>Xorg belongs to the display manager's own unit.</summary>
    public static Desktop Xfce { get; } = new(new UnitName("lightdm.service"))
    {
        Name = "XFCE",
        Type = "x11",
        Greeter = new Person("lightdm", 110),
        GreeterVt = 7,
        SessionVt = 7,
        GreeterRuns = [Client("lightdm-gtk-gre", null)],
        SessionRuns = [Client("xfwm4", null) with { CarriesSession = true }, Client("blender", null)],
    };

    /// <summary>The unit of a desktop's display manager.</summary>
    public static Service ManagerOf(Desktop desktop) => new(desktop.Unit, desktop == Xfce ? [Xorg] : [])
    {
        StopTakes = TimeSpan.FromSeconds(desktop.Unit.Name == "gdm.service" ? 1.2 : 0.5),
        StartTakes = TimeSpan.FromSeconds(0.6),
    };

    public static ImmutableArray<Service> Basics { get; } =
    [
        new(new UnitName("init.scope"), [new("systemd")]),
        new(new UnitName("systemd-logind.service"), [new("systemd-logind")]),
    ];

    public static Service Persistenced { get; } = new(
        new UnitName("nvidia-persistenced.service"),
        [new("nvidia-persistenced") { Opens = [NodeKind.Nvidia], OpensAlso = ["/dev/nvidiactl"] }])
    {
        Needs = "nvidia",
        RunsAs = new Person("nvidia-persistenced", 118),
    };

    /// <summary>Keeps the controls of every sound card open, HDMI ones too.</summary>
    public static ImmutableArray<Service> SoundOf(Person person) =>
    [
        OfUser("pipewire.service", person, new Software("pipewire")),
        OfUser("wireplumber.service", person, new Software("wireplumber") { Opens = [NodeKind.Sound], OnHotPlug = HotPlug.Opens }),
    ];

    public static Service OfUser(string name, Person person, Software software) =>
        new(new UnitName(name, person.Uid), [software]) { RunsAs = person, StartsWithSession = true, State = "inactive" };

    public static Software Xorg { get; } = Compositor("Xorg") with
    {
        AsksLogind = false,
        CarriesSession = false,
        OpensAlso = s_nvidiaNodes,
    };

    private static Software Shell => Compositor("gnome-shell") with { OnHotPlug = HotPlug.Crashes };

    internal static Software Compositor(string name) => new(name)
    {
        Opens = [NodeKind.Card, NodeKind.Render, NodeKind.Nvidia],
        OpensAlso = s_nvidiaNodes,
        IsOnSeat = true,
        AsksLogind = true,
        OnHotPlug = HotPlug.Opens,
        CarriesSession = true,
    };

    private static Software Client(string name, string? unit) => new(name) { Opens = [NodeKind.Render], IsOnSeat = true, UserUnit = unit };
}
