namespace GpuTty.Diagnosis;

/// <summary>What is found in udev's rules, and of overrides in the kernel, explained.</summary>
internal static class UdevExplanations
{
    private const string Udev = "udev(7)";
    private const string Override = "kernel: Documentation/ABI/testing/sysfs-bus-pci (driver_override)";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.UdevDriverOverride =>
            new(
                "A rule may write driver_override each time udev sees a device. A rule without ACTION applies to every event, "
                    + "including those that a switch itself causes; one for add applies at boot and after a rescan. The override "
                    + "decides which driver may bind to the device at the next probe.",
                $"{Udev}; {Override}"),
        DiagnosisCode.UdevRemovesDevice =>
            new(
                "Writing 1 to remove takes a function off the bus until the next rescan. A rule that does so when the function is "
                    + "added makes the card disappear at each boot, before any driver can use it. lspci does not show it any more. "
                    + "NVIDIA's documentation has such rules for the sound and USB-C functions of a laptop's card, so that the card can "
                    + "sleep: the card itself stays, and a virtual machine gets it without them.",
                $"{Udev}; kernel: Documentation/ABI/testing/sysfs-bus-pci (remove); "
                    + "NVIDIA driver README, chapter PCI-Express Runtime D3 (RTD3) Power Management"),
        DiagnosisCode.UdevDisablesDevice =>
            new(
                "The attribute enable counts how often a function has been enabled. Writing 0 is refused while a driver is bound "
                    + "to the function, and has no lasting effect otherwise: a driver enables the function when it binds. It does not "
                    + "keep a desktop off.",
                "kernel: drivers/pci/pci-sysfs.c (enable_store)"),
        DiagnosisCode.UdevMovesCard =>
            new(
                "Programs that a rule runs are part of handling the event: udev waits for them, and ends them after a while. A "
                    + "rule that binds or unloads drivers reacts to the very events that binding causes, so it may work against gputty "
                    + "in the middle of a switch.",
                $"{Udev} (RUN)"),
        DiagnosisCode.UdevNodePermissions =>
            new(
                "A desktop does not open a card's node with its own permissions: logind opens it as root and passes the "
                    + "descriptor on. Mode 0000 therefore does not keep a desktop off, but it takes the node from programs that you "
                    + "start yourself. What keeps a desktop off is the seat: gputty keep-off on.",
                "org.freedesktop.login1(5) (TakeDevice)"),
        DiagnosisCode.UdevEditsEnvironment =>
            new(
                "A rule that appends to /etc/environment does so at each event: at every boot, and each time a driver is bound. "
                    + "Variables in that file are read at login, so it does not change a desktop that is running.",
                $"{Udev}; pam_env(8)"),
        DiagnosisCode.UdevSeat =>
            new(
                "The tags seat, master-of-seat and uaccess, and ID_SEAT, decide which seat's sessions may open a device. A rule "
                    + "from elsewhere may assign the card to a seat that is not used, or undo what gputty keep-off sets. loginctl "
                    + "attach writes such rules; loginctl flush-devices removes all of them.",
                "sd-login(3); loginctl(1) (attach)"),
        DiagnosisCode.UdevResetMethod =>
            new(
                "reset_method sets the methods by which the kernel may reset a function, in order. Guests rely on a reset between "
                    + "two runs. device_specific uses a module such as vendor-reset; if that module is not loaded, no way to reset the "
                    + "function is left.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.StrayOverride =>
            new(
                "driver_override names the only driver that may bind to a function. One that differs from the bound driver does "
                    + "nothing until the function is probed again: then the named driver binds to it or, if there is no driver of that "
                    + "name, none at all, and a bind fails with No such device.",
                Override),
        DiagnosisCode.DynamicId =>
            new(
                "Writing ids to new_id makes a driver take every device with these ids, until they are written to remove_id or "
                    + "the driver is unloaded. The list cannot be read. On the way to the host such a card may go back to vfio-pci at "
                    + "once; gputty therefore names the host driver in an override.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (new_id, remove_id)"),
        _ => null,
    };
}
