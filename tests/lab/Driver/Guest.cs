namespace GpuTty.Lab.Driver;

/// <summary>Which desktop a guest has: its image, its processes, its window.</summary>
/// <param name="Image">What build-image.sh is asked for; empty for the usual one.</param>
/// <param name="Manager">The unit behind display-manager.service.</param>
/// <param name="SessionType">As logind names it.</param>
/// <param name="Compositor">The process (ps comm) that draws the screens and opens the cards.</param>
/// <param name="Window">The program with the window that takes keys.</param>
/// <param name="Memory">What the guest needs, in QEMU's words.</param>
public sealed record DesktopKind(string Image, string Manager, string SessionType, string Compositor, string Window, string Memory)
{
    public static DesktopKind Xorg { get; } = new("", "lightdm", "x11", "Xorg", "xterm", "2G");
    public static DesktopKind Gnome { get; } = new("gnome", "gdm", "wayland", "gnome-shell", "foot", "4G");
}
