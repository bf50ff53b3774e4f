using GpuTty.Host.Holders;

namespace GpuTty.Host.Desktop;

/// <summary>Programs that draw a desktop on the screens, by the kernel's name for them (at most 15 characters);
/// gamescope's main thread calls itself gamescope-wl.</summary>
public static class Compositor
{
    private static readonly HashSet<string> s_wayland =
    [
        "gnome-shell", "mutter", "kwin_wayland", "Hyprland", "sway", "wayfire", "river", "labwc", "niri", "weston",
        "cosmic-comp", "gamescope", "gamescope-wl", "cage", "phoc", "miriway",
    ];

    private static readonly HashSet<string> s_xServers = ["Xorg", "X"];

    public static bool IsOne(string name) => IsWayland(name) || s_xServers.Contains(ProgramName.Of(name));

    /// <summary>A compositor, or the X server that one starts for older programs.</summary>
    public static bool DrawsForOthers(string name) => IsOne(name) || ProgramName.Of(name) == "Xwayland";

    public static bool IsWayland(string name) => s_wayland.Contains(ProgramName.Of(name));
}
