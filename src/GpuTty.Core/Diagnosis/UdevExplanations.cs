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
                "A rule may write driver_override each time udev sees a device. A rule without ACTION is applied to every event, "
                    + "the ones that a switch itself causes among them; one for add is applied at boot and after a rescan. "
                    + "The override decides which driver may take the device at the next probe.",
                $"{Udev}; {Override}"),
        DiagnosisCode.UdevRemovesDevice =>
            new(
                "Writing 1 to remove takes a function off the bus until the next rescan. "
                    + "A rule that does so when the function is added makes the card disappear at each start before any driver can use "
                    + "it. lspci does not show it any more.",
                $"{Udev}; kernel: Documentation/ABI/testing/sysfs-bus-pci (remove)"),
        DiagnosisCode.UdevDisablesDevice =>
            new(
                "The attribute enable counts how often a function has been switched on. "
                    + "Writing 0 is refused where a driver has the function, and has no lasting effect where none has: "
                    + "the driver switches it on when it takes it. It does not keep a desktop off.",
                "kernel: drivers/pci/pci-sysfs.c (enable_store)"),
        DiagnosisCode.UdevMovesCard =>
            new(
                "Programs that a rule runs are part of handling the event: udev waits for them, and ends them after a while. "
                    + "A rule that binds or unloads drivers answers to the very events that binding causes, "
                    + "so it may work against gputty in the middle of a switch.",
                $"{Udev} (RUN)"),
        DiagnosisCode.UdevNodePermissions =>
            new(
                "A desktop does not open a card's node with its own permissions: logind opens it as root and hands the descriptor "
                    + "over. Mode 0000 therefore keeps no desktop off, but it takes the node from programs that you start yourself. "
                    + "What keeps a desktop off is the seat: gputty keep-off on.",
                "org.freedesktop.login1(5) (TakeDevice)"),
        DiagnosisCode.UdevEditsEnvironment =>
            new(
                "A rule that appends to /etc/environment does so at each event: at every start, and each time a driver binds. "
                    + "Variables of that file are read at login, so it does not change a desktop that runs.",
                $"{Udev}; pam_env(8)"),
        DiagnosisCode.UdevSeat =>
            new(
                "The tags seat, master-of-seat and uaccess, and ID_SEAT, decide which seat's sessions may open a device. "
                    + "A rule of another hand may send the card to a seat that is not used, or undo what gputty keep-off sets. "
                    + "loginctl attach writes such rules; loginctl flush-devices removes all of them.",
                "sd-login(3); loginctl(1) (attach)"),
        DiagnosisCode.UdevResetMethod =>
            new(
                "reset_method says in which ways the kernel may reset a function, in order. Guests rely on a reset between two runs. "
                    + "A module such as vendor-reset is chosen by device_specific; where it is not loaded that leaves no way to reset "
                    + "at all.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.StrayOverride =>
            new(
                "driver_override names the only driver that may take a function. One that differs from the bound driver does nothing "
                    + "until the function is probed again: then the named driver takes it, or, where there is none of that name, "
                    + "no driver at all, and a bind fails with No such device.",
                Override),
        DiagnosisCode.DynamicId =>
            new(
                "Writing ids into new_id teaches a driver to take every device with these ids, "
                    + "until they are written into remove_id or the driver is unloaded. They cannot be read. "
                    + "On the way to the host such a card may go back to vfio-pci at once; "
                    + "gputty therefore names the host's driver in an override.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (new_id, remove_id)"),
        _ => null,
    };
}
