namespace GpuTty.Diagnosis;

/// <summary>Other programs that move cards, and scripts that do, explained.</summary>
internal static class ToolExplanations
{
    private const string Hooks = "https://libvirt.org/hooks.html";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.Driverctl =>
            new(
                "driverctl keeps an override for a device in /etc/driverctl.d and sets it whenever udev sees the device: at boot, "
                    + "after a rescan, after a hot-plug. gputty's override is gone then, or driverctl's. Either is enough; "
                    + "for a card that shall move while the machine runs, take it out of driverctl.",
                "driverctl(8)"),
        DiagnosisCode.LibvirtManaged =>
            new(
                "With managed='yes' libvirt itself unbinds the device from its driver when a guest starts and binds it again when the "
                    + "guest stops. It does not look who uses the card, and unbinding a graphics driver that is in use can hang in the "
                    + "kernel forever. With managed='no' libvirt expects the card at vfio-pci, where gputty puts it.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        DiagnosisCode.Supergfxd =>
            new(
                "supergfxd switches the added card of a laptop between modes, one of which is vfio: it unbinds drivers, "
                    + "removes the card from the bus and writes modprobe.d. It is no longer developed. "
                    + "What it has written stays when the package is removed.",
                "https://gitlab.com/asus-linux/supergfxctl"),
        DiagnosisCode.Asusd =>
            new(
                "Older asusd could give a laptop's added card to vfio-pci as one of its graphics modes. "
                    + "While that is allowed in its settings, it may move the card beside gputty.",
                "https://gitlab.com/asus-linux/asusctl"),
        DiagnosisCode.Cardwire =>
            new(
                "Cardwire hides a card from programs by eBPF instead of moving it. A program that does not see the card does not hold "
                    + "it, which makes a switch easier; but one that is started after the card has been returned may not see it either, "
                    + "until the mode is set back.",
                "https://github.com/OpenGamingCollective/cardwire"),
        DiagnosisCode.LaptopSwitcher =>
            new(
                "envycontrol, prime-select, optimus-manager and system76-power switch a laptop's NVIDIA card on and off by files that "
                    + "count at the next start: a blacklist, a rule that removes the card from the bus, settings of Xorg. "
                    + "While the card is off there is nothing that could be given away. "
                    + "Switch the mode with the same program to one in which the card is there.",
                "https://github.com/bayasdev/envycontrol; prime-select(1)"),
        DiagnosisCode.OtherSwitcher =>
            new(
                "Another program that gives cards to virtual machines is set up on this machine. "
                    + "It keeps its own notes of how a card was. If both move one card, "
                    + "each finds it in a state that it does not know, and only one of them can be right on the way back.",
                "the documentation of that program"),
        DiagnosisCode.SwitchScript =>
            new(
                "A script of the administrator's own binds drivers, or takes cards off the bus. Run by hand it does in a fixed order, "
                    + "with fixed waits and addresses, what gputty does by looking: a driver that is in use is unbound, "
                    + "and what fails is not rolled back. It does no harm unless it is run.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci"),
        DiagnosisCode.HookDispatcher =>
            new(
                "This hook, as several guides have it, runs every executable script below qemu.d/GUEST/OPERATION/SUB-OPERATION. "
                    + "libvirt itself, since 6.5, also runs the executables that lie directly in qemu.d. "
                    + "Both work beside gputty's own hook.",
                Hooks),
        DiagnosisCode.HookMovesCard =>
            new(
                "libvirt runs all hooks, one after the other, however another one ends. A script that stops the desktop, "
                    + "unloads or binds drivers does so also when gputty has the card at vfio-pci already; "
                    + "on the way back it may unload vfio-pci, bind the framebuffer of the firmware, "
                    + "or start the desktop before the driver is there. Black screens after a guest's end have this cause more often "
                    + "than any other.",
                Hooks),
        DiagnosisCode.HookCallsLibvirt =>
            new(
                "While a hook runs, libvirt holds the job of the guest and waits. A call of virsh from within the hook may wait for "
                    + "that job: both wait forever, and libvirt does not answer any more.",
                $"{Hooks} (Calling libvirt functions from within a hook script)"),
        DiagnosisCode.HookRunsTwice =>
            new(
                "libvirt calls a hook several times for one start: prepare, start, started; and for one stop: stopped, release. "
                    + "A script that treats two of them alike does everything twice, the second time on a card that has moved already.",
                $"{Hooks} (/etc/libvirt/hooks/qemu)"),
        DiagnosisCode.HookNotExecutable =>
            new(
                "libvirt runs only hooks that may be executed. This one may not, or nothing leads to it, so it does nothing; "
                    + "it begins to count when it is made executable.",
                Hooks),
        _ => null,
    };
}
