namespace GpuTty.Lab.Driver;

/// <summary>What is installed in a guest: a suite of Debian with a desktop, and how that desktop is recognised.</summary>
/// <param name="Suite">As build-image.sh is asked for it.</param>
/// <param name="Desktop">A folder of image/.</param>
/// <param name="SessionType">As logind names it.</param>
/// <param name="Compositor">The process (ps comm) that draws the screens and opens the cards.</param>
/// <param name="Window">The program with the window that takes keys.</param>
/// <param name="Memory">What the guest needs, in QEMU's words.</param>
/// <param name="Cpu">In QEMU's words: without the vector instructions that the emulator gets wrong under Mesa's software renderer.</param>
/// <param name="RootOnTty3">Whether a root shell is on tty3; otherwise the user logs in there and types sudo.</param>
/// <param name="Program">What he types after sudo, which does not look in /usr/local/bin everywhere.</param>
public sealed record Guest(
    string Suite, string Desktop, string SessionType, string Compositor, string Window, string Memory, string Cpu, bool RootOnTty3,
    string Program = "gputty")
{
    /// <summary>Debian 12: lightdm and Xorg.</summary>
    public static Guest Bookworm { get; } = new("bookworm", "xorg", "x11", "Xorg", "xterm", "2G", "max", RootOnTty3: true);

    /// <summary>Debian 13: GDM and GNOME Shell on Wayland.</summary>
    public static Guest Trixie { get; } =
        new("trixie", "gnome", "wayland", "gnome-shell", "foot", "4G", "max,avx2=off,avx=off", RootOnTty3: false);

    /// <summary>The same with libvirt.</summary>
    public static Guest TrixieLibvirt { get; } = Trixie with { Desktop = "gnome-libvirt" };

    /// <summary>Debian unstable: SDDM and Plasma on Wayland.</summary>
    public static Guest Sid { get; } =
        Trixie with { Suite = "sid", Desktop = "plasma", Compositor = "kwin_wayland", Program = "/usr/local/bin/gputty" };
}
