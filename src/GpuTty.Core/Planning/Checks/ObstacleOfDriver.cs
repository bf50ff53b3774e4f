using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <content>Drivers that do not let go of a function, or that nobody can give it.</content>
public abstract partial record Obstacle
{
    public sealed record HeldBySound(PciDevice Device, PciDevice Sound)
        : Obstacle(
            $"{Sound.Driver} of {Sound.Address.ShortName} ({Sound.Name}) works with {Device.Driver} and keeps it in use, "
                + $"so {Device.Address.ShortName} cannot be taken off it.",
            $"Start the machine without that sound driver (modprobe.blacklist={Sound.Driver} on the kernel command line), "
                + "or give another card away.")
    { public override string Code => "held-by-sound"; }

    public sealed record DriverCannotLetGo(PciDevice Device, string Reason)
        : Obstacle(
            $"{Device.Driver} cannot be taken off {Device.Address.ShortName} safely: {Reason}.",
            "Reboot with the card reserved for vfio-pci; it cannot be moved in a running system.")
    { public override string Code => "driver-not-releasable"; }

    public sealed record KeptOpenByModeset(PciDevice Device, string Reason, bool IsForRootOnly)
        : Obstacle(
            $"{Device.Driver} cannot be taken off {Device.Address.ShortName} safely: {Reason}.",
            IsForRootOnly ? "Run it again with sudo."
            : "Update NVIDIA's driver to 580.105.08 or later, or reserve the card for vfio-pci at boot: "
                + $"gputty boot vm --card {Device.Address.SlotName}")
    { public override string Code => "held-by-nvidia-drm"; }

    public sealed record NoHomeDriver(PciDevice Device)
        : Obstacle(
            $"The driver that {Device.Address.ShortName} had is unknown, and no installed module supports it.",
            "Install the card's driver on the host, then try again.")
    { public override string Code => "host-driver-unknown"; }

    /// <param name="Rule">Names the module.</param>
    public sealed record HostDriverBarred(PciDevice Device, ModuleRule Rule)
        : Obstacle(
            $"{Device.Address.ShortName} would have no driver on the host: {Rule.Module} is "
                + $"{(Rule.Kind == ModuleRuleKind.Blacklist ? "blacklisted" : "not allowed to be loaded")} ({Rule.Source}).",
            Rule.Kind == ModuleRuleKind.Blacklist
                ? $"Remove that line, or load the module yourself: modprobe {Rule.Module}"
                : "Remove that line, then try again.")
    { public override string Code => "host-driver-barred"; }

    /// <summary>Of a module that is loaded, and that a switch would unload.</summary>
    public sealed record ModuleBarred(PciDevice Device, ModuleRule Rule)
        : Obstacle(
            $"{Rule.Module}, which {Device.Address.ShortName} uses on the host, could not be loaded again after the switch: "
                + $"it is not allowed to be loaded ({Rule.Source}).",
            "Remove that line, then try again.")
    { public override string Code => "module-barred"; }

    /// <summary>A clause: why no module can be loaded or unloaded.</summary>
    public const string LockedWhy = "modules are locked until the next start (kernel.modules_disabled=1)";

    /// <summary>Of a driver that is not there.</summary>
    public sealed record HostDriverLocked(PciDevice Device, string Module)
        : Obstacle(
            $"{Device.Address.ShortName} would have no driver on the host: {Module} cannot be loaded, because {LockedWhy}.",
            "Reboot without that setting; see: grep -rs modules_disabled /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d")
    { public override string Code => "host-driver-locked"; }

    private const string InstallAgain =
        "Reboot if the kernel has been updated; otherwise install the driver for this kernel again, then try again.";

    /// <summary>Of a module that is loaded, and that a switch would unload.</summary>
    public sealed record ModuleNotInstalled(PciDevice Device, string Module, string Kernel)
        : Obstacle(
            $"{Module}, which {Device.Address.ShortName} uses on the host, could not be loaded again after the switch: "
                + $"it is not installed for the running kernel {Kernel}.",
            InstallAgain)
    { public override string Code => "module-not-installed"; }

    /// <param name="Module">Of the driver that the function had.</param>
    public sealed record HostDriverNotInstalled(PciDevice Device, string Module, string Kernel)
        : Obstacle(
            $"{Device.Address.ShortName} would have no driver on the host: {Module} is not installed for the running kernel {Kernel}.",
            InstallAgain)
    { public override string Code => "host-driver-not-installed"; }

    public sealed record HostModulesUnknown(PciDevice Device, string Kernel)
        : Obstacle(
            $"The driver that {Device.Address.ShortName} needs is unknown: the list of modules of the running kernel {Kernel} is missing "
                + "or cannot be read.",
            "Reboot if the kernel has been updated; otherwise load the card's driver yourself with modprobe, then try again.")
    { public override string Code => "host-modules-unknown"; }
}
