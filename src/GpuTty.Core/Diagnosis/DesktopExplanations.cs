namespace GpuTty.Diagnosis;

/// <summary>What is found of desktops and of units, explained.</summary>
internal static class DesktopExplanations
{
    private const string Unit = "systemd.service(5)";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.EnvironmentIgnored =>
            new(
                "No version of mutter reads GNOME_MUTTER_IGNORE_DEVICE. mutter ignores a card to which udev has given the tag "
                    + "mutter-device-ignore. gputty keep-off on works for every desktop, because it takes the card off the seat.",
                "mutter: doc/multi-gpu.md; udev(7)"),
        DiagnosisCode.DesktopNoRestart =>
            new(
                "Restart=no keeps systemd from restarting the display manager when it ends by itself. Recipes that kill it need "
                    + "this; gputty stops the unit instead, which never restarts it, and starts it at the end. With the drop-in, a "
                    + "display manager that crashes later stays stopped until it is started by hand.",
                $"{Unit} (Restart=)"),
        DiagnosisCode.UnitTouchesCard =>
            new(
                "A locally added service changes drivers, consoles or nodes of graphics cards at boot. Writing 0 to bind of a "
                    + "vtconsole takes the text consoles away, which are the way back when a desktop does not come up. A service with "
                    + "Conflicts=multi-user.target stops that target as well.",
                $"{Unit}; kernel: Documentation/driver-api/console.rst (vtconsole)"),
        DiagnosisCode.XorgNamesCard =>
            new(
                "A Device section with the driver or the address of a card makes Xorg draw with that card. While the card is with "
                    + "a virtual machine, Xorg finds no screen and exits, so a login screen that runs on X does not come up. Without "
                    + "such a file, Xorg uses the cards that are there.",
                "xorg.conf(5) (DEVICE SECTION)"),
        DiagnosisCode.Compositor =>
            new(
                "A desktop opens every card of its seat. Whether it closes one again when udev announces its removal depends on "
                    + "the program and on the card's driver; what is said here was observed, or read in source code and bug reports. "
                    + "Where it does not, the session has to end before the card can go, unless it has never opened the card.",
                "https://gitlab.gnome.org/GNOME/mutter/-/issues/710; "
                    + "https://gitlab.freedesktop.org/wlroots/wlroots/-/merge_requests/4323; gputty(1) (keep-off)"),
        DiagnosisCode.SoundServer =>
            new(
                "An open sound device keeps the driver of the card's sound function busy, and unbinding it then waits forever. "
                    + "Sound servers keep a device open while something plays, and for some seconds after that.",
                "https://docs.pipewire.org; gputty(1) (switch)"),
        DiagnosisCode.ContainerHoldsCard =>
            new(
                "Programs in a container hold a card like any others. The container manager (docker, podman, kubelet) starts the "
                    + "container again when its program is ended, so it is best to stop it through the manager.",
                "docker-stop(1); podman-stop(1)"),
        _ => null,
    };
}
