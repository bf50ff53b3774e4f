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
                    + "after a rescan, after a hot-plug. This replaces gputty's override, and gputty replaces driverctl's. One of the "
                    + "two programs is enough; remove a card from driverctl that is to be moved while the machine runs.",
                "driverctl(8)"),
        DiagnosisCode.LibvirtManaged =>
            new(
                "With managed='yes' libvirt itself unbinds the device from its driver when a guest starts and binds it again when "
                    + "the guest stops. It does not check who uses the card, and unbinding a graphics driver that is in use can hang in "
                    + "the kernel forever. With managed='no' libvirt expects the card to be bound to vfio-pci, which is what gputty "
                    + "does.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        DiagnosisCode.ProxmoxHostpci =>
            new(
                "Proxmox VE unbinds the functions of a hostpci line from their drivers when it starts the guest, does not look who uses "
                    + "them, and leaves them with vfio-pci when the guest has ended. Unbinding a graphics driver that is in use can hang "
                    + "in the kernel forever. A hookscript runs before that: gputty's gives the card first, and returns it afterwards.",
                "qm.conf(5), hookscript; gputty(1), hook proxmox"),
        DiagnosisCode.Supergfxd =>
            new(
                "supergfxd switches the discrete card of a laptop between modes, one of which is vfio: it unbinds drivers, "
                    + "removes the card from the bus and writes to modprobe.d. It is no longer developed. What it has written stays "
                    + "when the package is removed.",
                "https://gitlab.com/asus-linux/supergfxctl"),
        DiagnosisCode.Asusd =>
            new(
                "Older versions of asusd could give a laptop's discrete card to vfio-pci as one of its graphics modes. While its "
                    + "settings allow that, it may move the card without gputty's knowledge.",
                "https://gitlab.com/asus-linux/asusctl"),
        DiagnosisCode.Cardwire =>
            new(
                "Cardwire hides a card from programs by eBPF instead of moving it. A program that does not see the card does not "
                    + "hold it, which makes a switch easier; but a program that is started after the card has been returned may not see "
                    + "it either, until the mode is set back.",
                "https://github.com/OpenGamingCollective/cardwire"),
        DiagnosisCode.LaptopSwitcher =>
            new(
                "envycontrol, prime-select, optimus-manager and system76-power switch a laptop's NVIDIA card on and off by files "
                    + "that take effect at the next boot: a blacklist, a rule that removes the card from the bus, Xorg settings. While "
                    + "the card is off, there is nothing to give away. Use the same program to select a mode in which the card is on.",
                "https://github.com/bayasdev/envycontrol; prime-select(1)"),
        DiagnosisCode.OtherSwitcher =>
            new(
                "Another program that gives cards to virtual machines is set up on this machine. It keeps its own record of how a "
                    + "card was. If both move one card, each finds it in a state that it does not know, and only one of them can be "
                    + "right on the way back.",
                "the documentation of that program"),
        DiagnosisCode.SwitchScript =>
            new(
                "A locally added script binds drivers, or removes cards from the bus. Run by hand, it does in a fixed order, with "
                    + "fixed waits and addresses, what gputty does by looking: it unbinds a driver that is in use, and does not roll "
                    + "back what fails. It does no harm unless it is run.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci"),
        DiagnosisCode.HookDispatcher =>
            new(
                "This hook, as found in several guides, runs every executable script below qemu.d/GUEST/OPERATION/SUB-OPERATION. "
                    + "libvirt itself, since 6.5, also runs the executables that are directly in qemu.d. Both work beside gputty's own "
                    + "hook.",
                Hooks),
        DiagnosisCode.HookMovesCard =>
            new(
                "libvirt runs all hooks, one after the other, even if another one fails. A script that stops the desktop, or "
                    + "unloads or binds drivers, does so even if gputty has already bound the card to vfio-pci; on the way back it may "
                    + "unload vfio-pci, bind the firmware framebuffer, or start the desktop before the driver is there. This is the "
                    + "most common cause of a black screen after a guest has ended.",
                Hooks),
        DiagnosisCode.HookCallsLibvirt =>
            new(
                "While a hook runs, libvirt holds the job of the guest and waits. A call of virsh from within the hook may wait "
                    + "for that job: both wait forever, and libvirt stops responding.",
                $"{Hooks} (Calling libvirt functions from within a hook script)"),
        DiagnosisCode.HookRunsTwice =>
            new(
                "libvirt calls a hook several times for one start (prepare, start, started) and for one stop (stopped, release). "
                    + "A script that treats two of them alike does everything twice, the second time on a card that has already been "
                    + "moved.",
                $"{Hooks} (/etc/libvirt/hooks/qemu)"),
        DiagnosisCode.HookNotExecutable =>
            new(
                "libvirt runs only hooks that are executable. This one is not, or no hook calls it, so it has no effect; it takes "
                    + "effect once it is made executable.",
                Hooks),
        _ => null,
    };
}
