using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What a refusal says.</summary>
internal static class SimulatedErrors
{
    public static HostException NoDevice(PciAddress address) =>
        new($"There is no PCI device at {address.ShortName} any more.", "Look at the list of devices again.");

    public static HostException NoReset(PciAddress address, string method) =>
        new($"{address.ShortName} cannot be reset by {method} (write error: Invalid argument).", "Leave --reset out.");

    public static HostException NotBoundTo(PciDevice device, string driver) =>
        new(
            $"{device.Address.ShortName} is not bound to {driver} (write error: No such device).",
            "Look at the machine again and make a new plan.");

    public static HostException InUse(string module) =>
        new($"Module {module} is in use.", "End what holds it, then try again.") { IsTransient = true };

    public static HostException NotFound(string module) =>
        new($"Module {module} was not found for this kernel.", "Install the driver for the running kernel.");

    public static HostException Forbidden(string module, ModuleRule rule) =>
        new($"Module {module} could not be loaded: {rule.Source} does not allow it.", "Remove that line, then try again.");

    public static HostException BuiltIn(string module) =>
        new($"Module {module} is built into the kernel.", "Nothing can unload it.");

    public static HostException NoHardware(string module) =>
        new($"Module {module} could not be loaded: No such device.", "Take the card back from vfio-pci first.");

    public static HostException NoUnit(UnitName unit) =>
        new($"Unit {unit} was not found.", "Look at the units with systemctl.");

    public static HostException Masked(UnitName unit) =>
        new($"{unit} could not be started: Unit {unit.Name} is masked.", $"See why: systemctl status {unit.Name}");

    public static HostException StartFailed(UnitName unit) =>
        new($"{unit} did not start.", $"Read its messages: journalctl -u {unit.Name}");

    public static HostException NoSession(string session) =>
        new($"There is no session {session}.", "Look at the sessions with loginctl.");

    public static HostException WritesLocked(StuckWrite write) =>
        new($"Nothing is written to PCI any more: the write to {write.Path} has not come back.", "Save your work and reboot.");

    public static HostException Drilled(Call call) =>
        new($"The machine refused: {call} (write error: Input/output error).", "Try again, or read the kernel's log.");

    /// <summary>The file that a call writes to.</summary>
    public static string PathOf(Machine machine, Call call) => call.Verb switch
    {
        Verb.Probe => "/sys/bus/pci/drivers_probe",
        Verb.SetOverride => $"/sys/bus/pci/devices/{call.Target}/driver_override",
        Verb.Unbind => $"/sys/bus/pci/drivers/{machine.Find(PciAddress.Parse(call.Target))?.Driver}/unbind",
        Verb.RemoveDevice => $"/sys/bus/pci/devices/{call.Target}/remove",
        Verb.Rescan => call.Target.Length == 0 ? "/sys/bus/pci/rescan" : $"/sys/bus/pci/devices/{call.Target}/rescan",
        Verb.Reset => $"/sys/bus/pci/devices/{call.Target}/reset",
        Verb.SaveFirmware => $"/sys/bus/pci/devices/{call.Target}/rom",
        _ => $"/sys/module/{call.Target}",
    };
}
