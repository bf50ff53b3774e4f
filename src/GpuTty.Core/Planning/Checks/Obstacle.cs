using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <summary>Why a switch is refused: one sentence and one next action. The words live with the case.</summary>
/// <param name="Problem">One sentence in the user's words.</param>
/// <param name="Remedy">One next action.</param>
public abstract record Obstacle(string Problem, string Remedy)
{
    /// <summary>A stable word for scripts: <c>no-iommu</c>.</summary>
    public abstract string Code { get; }

    public sealed record NoCard()
        : Obstacle("This machine has no graphics card that Linux can see.", "Check with lspci that the card is listed.")
    { public override string Code => "no-card"; }

    public sealed record NoSuchDevice(string Address)
        : Obstacle($"There is no PCI device at {Address}.", "List the cards with: gputty status")
    { public override string Code => "no-such-device"; }

    public sealed record NotACard(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} is {Counted.WithArticle(Device.Class.Name)} and no part of a graphics card.",
            "List the cards with: gputty status")
    { public override string Code => "not-a-card"; }

    public sealed record SeveralCards(string Cards)
        : Obstacle($"Several cards could be meant: {Cards}.", "Name one: --card ADDRESS")
    { public override string Code => "several-cards"; }

    /// <param name="Why">What is wrong with the value, in one sentence.</param>
    public sealed record ConfiguredCardMissing(string Written, string Where, string Why)
        : Obstacle($"{Written} in {Where} names no card of this machine: {Why}", $"Correct it there, or name the card: --card ADDRESS")
    { public override string Code => "configured-card-missing"; }

    public sealed record NoIommu(string Why, string Hint) : Obstacle(Why, Hint)
    { public override string Code => "no-iommu"; }

    public sealed record InsideWsl()
        : Obstacle(
            "This is WSL2, a virtual machine of Windows: its graphics devices are Windows' own and cannot be given away.",
            "Use a Linux that runs on the machine itself.")
    { public override string Code => "inside-wsl"; }

    public sealed record UnderXen()
        : Obstacle(
            "This Linux is Xen's control domain: Xen has the IOMMU, and vfio cannot work here.",
            "Give the card away with Xen's own tools: xl pci-assignable-add (on Qubes OS: qvm-pci).")
    { public override string Code => "under-xen"; }

    public sealed record NoGroup(PciDevice Device, string Advice)
        : Obstacle($"{Device.Address.ShortName} is in no IOMMU group, so it cannot be given away.", Advice)
    { public override string Code => "no-iommu-group"; }

    public sealed record SharedGroup(PciDevice Device, PciDevice Other, string Advice)
        : Obstacle(
            $"{Other.Address.ShortName} {Other.Name} ({Other.Class.Name}, {Other.Driver}) is in the same IOMMU group "
                + $"{Device.IommuGroup} and would have to go to the virtual machine too.",
            Advice)
    { public override string Code => "shared-group"; }

    public sealed record NonPciGroupMember(PciDevice Device, string Neighbour, string Advice)
        : Obstacle(
            $"{Neighbour} is in the same IOMMU group {Device.IommuGroup}, is not a PCI device, and cannot be passed through.",
            Advice)
    { public override string Code => "non-pci-group-member"; }

    public sealed record DirectMapped(PciDevice Device)
        : Obstacle(
            $"The firmware keeps memory of {Device.Address.ShortName} for itself (a direct reserved region), "
                + "so the kernel will not give it away.",
            "Look for a firmware update, or a setting that turns off its monitoring of that slot.")
    { public override string Code => "direct-mapped"; }

    /// <param name="Advice">How this machine gets a second picture.</param>
    public sealed record OnlyCard(Card Card, string Advice)
        : Obstacle($"{Card.Address.SlotName} is the only graphics card: without it there is no picture, not even a console.",
            $"{Advice}; to give it away anyway: --single-gpu")
    { public override string Code => "only-card"; }

    public sealed record OnlyMonitor(Card Card)
        : Obstacle(
            $"The only connected monitor is plugged into {Card.Address.SlotName}, and it would stay dark.",
            "Plug a monitor into the other card first.")
    { public override string Code => "only-monitor"; }

    /// <param name="Other">A card that could draw them; null where there is none.</param>
    public sealed record DrivesConsole(Card Card, Card? Other)
        : Obstacle($"The text consoles are drawn by {Card.Address.SlotName} and there is no other screen they could move to.",
            Other is null ? "Add a second card, or switch on the processor's graphics in the firmware."
            : $"Plug a monitor into {Other.Address.SlotName} and make it the primary card in the firmware.")
    { public override string Code => "drives-console"; }

    /// <param name="Console">Number of a text console that no session has.</param>
    public sealed record InsideDesktop(string Session, int Console)
        : Obstacle(
            $"You are inside {Session}, which this switch would end.",
            $"Go to a text console with Ctrl+Alt+F{Console}, log in and start gputty there.")
    { public override string Code => "inside-desktop"; }

    public sealed record NoVfio()
        : Obstacle("This kernel has no vfio-pci driver.", "Install the kernel package that has the module vfio-pci.")
    { public override string Code => "no-vfio"; }

    public sealed record MachineRunning(Holder Holder)
        : Obstacle($"A virtual machine is using the card: {Holder.Label}{(Holder.Container is { } name ? $", {name}" : "")}.",
            Holder.IsOfLibvirt && ShellWord.CanBeTyped(Holder.Container!)
                ? $"Shut the virtual machine down first: virsh shutdown {ShellWord.Quoted(Holder.Container!)}"
                : "Shut the virtual machine down first.")
    { public override string Code => "vm-running"; }

    public sealed record ManagedByLibvirt(string Guest, PciAddress Address)
        : Obstacle(
            $"{Visible.Text(Guest, 80)} has {Address.ShortName} with managed='yes': libvirt would rebind the card by itself, "
                + "and that can hang.",
            "Set managed='no' on every function of the card (virsh edit), then start it again.")
    { public override string Code => "managed-by-libvirt"; }

    public sealed record GivenToGuest(Card Card, string Guest)
        : Obstacle(
            $"Card {Card.Address.SlotName} was given away for {Visible.Text(Guest, 80)} and has not come back.",
            $"Shut that one down first; if it does not run: gputty switch host --card {Card.Address.SlotName}")
    { public override string Code => "given-to-guest"; }

    public sealed record GuestUnreadable(string Guest, string Why)
        : Obstacle($"The description of {Visible.Text(Guest, 80)} cannot be read: {Why}.", "Look at it: virsh dumpxml")
    { public override string Code => "guest-unreadable"; }

    /// <summary>What a person could agree to, and nobody is asked when a guest starts.</summary>
    /// <param name="Of">Code of what it is about.</param>
    public sealed record NotAllowedFromGuest(string Of, string What, string Action) : Obstacle(What, Action)
    { public override string Code => "not-allowed-from-guest"; }

    public sealed record RomUnderDriver(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} is with {Device.Driver}, which may be using its firmware window.",
            "Give the card away first (gputty switch vm), save it, then return it: gputty switch host.")
    { public override string Code => "rom-under-driver"; }

    public sealed record NotConfigured(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "configuration-wrong"; }

    /// <summary>Everything is as it was before the guest was started.</summary>
    public sealed record StartFailed(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "start-failed"; }

    public sealed record StartLeftHalfway(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "start-left-halfway"; }

    public sealed record KernelDied(string? Words)
        : Obstacle(
            $"The kernel has reported a crash in this boot{(Words is null ? "" : $" ({Words})")}, "
                + "so nothing it says about drivers can be trusted.",
            "Save your work and reboot.")
    { public override string Code => "kernel-crashed"; }

    public sealed record WriteStuck(StuckWrite Write)
        : Obstacle($"An earlier switch is stuck: the kernel {Write.Finding}.", "Save your work and reboot; nothing else ends this wait.")
    { public override string Code => "write-stuck"; }

    public sealed record HomeUnknown(string Why)
        : Obstacle(
            $"{Why.TrimEnd('.')}: the cards' original drivers are unknown.",
            "Save your work and reboot: that returns every card to the host and removes the file.")
    { public override string Code => "original-state-unknown"; }

    public sealed record OffTheBus(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} no longer answers (its configuration reads as all ones).",
            "Shut the machine down fully and start it again.")
    { public override string Code => "off-the-bus"; }

    /// <param name="Machine">A virtual machine that uses one of them.</param>
    public sealed record HasVirtualFunctions(PciDevice Device, Holder? Machine)
        : Obstacle(
            $"{Device.Address.ShortName} has {Device.VirtualFunctions} virtual functions switched "
                + $"on{(Machine is null ? "" : $", one of them in use by {Machine.Label}")}, and vfio-pci refuses their parent.",
            $"{(Machine is null ? "Write" : "Shut that virtual machine down, then write")} 0 to "
                + $"/sys/bus/pci/devices/{Device.Address}/sriov_numvfs{(Machine is null ? " first" : "")}.")
    { public override string Code => "has-virtual-functions"; }

    public sealed record HasMediatedDevices(PciDevice Device)
        : Obstacle($"{Device.Address.ShortName} has a mediated device for a virtual machine ({string.Join(", ", Device.MediatedDevices)}).",
            $"Shut down the machine that uses it, then remove it: echo 1 > /sys/bus/mdev/devices/{Device.MediatedDevices[0]}/remove")
    { public override string Code => "has-mediated-devices"; }

    public sealed record HeldBySound(PciDevice Device, PciDevice Sound)
        : Obstacle(
            $"{Sound.Driver} of {Sound.Address.ShortName} ({Sound.Name}) works with {Device.Driver} and keeps it in use, "
                + $"so {Device.Address.ShortName} cannot be taken off it.",
            $"Start the machine without that sound driver (modprobe.blacklist={Sound.Driver} on the kernel command line), "
                + "or give another card away.")
    { public override string Code => "held-by-sound"; }

    public sealed record TravelsAlong(PciDevice Device, PciDevice Graphics)
        : Obstacle(
            $"{Device.Address.ShortName} {Device.Name} ({Device.Class.Name}, {Device.Driver}) is in IOMMU group {Device.IommuGroup} "
                + $"with {Graphics.Address.ShortName} and would have to go with it, but the host cannot do without it.",
            "Only a firmware that gives the graphics a group of its own would help: look there for ACS or IOMMU settings.")
    { public override string Code => "travels-along"; }

    public sealed record HostNeeds(PciDevice Device, HostUse Use)
        : Obstacle(
            $"The host needs {Device.Address.ShortName} ({Device.Class.Name}): {Use.Name} is connected through it.",
            "Connect it elsewhere, then try again.")
    { public override string Code => "host-needs"; }

    public sealed record DriverCannotLetGo(PciDevice Device, string Reason)
        : Obstacle(
            $"{Device.Driver} cannot be taken off {Device.Address.ShortName} safely: {Reason}.",
            "Reboot with the card reserved for vfio-pci; it cannot be moved in a running system.")
    { public override string Code => "driver-not-releasable"; }

    /// <param name="IsReturn">The card is not the desktop's yet, and must not appear under it.</param>
    public sealed record SessionsWouldEnd(string Sessions, bool IsReturn = false)
        : Obstacle(
            (IsReturn ? "The desktop has to be restarted when the card is returned" : "The desktop holds the card")
                + $", so this would be closed: {Sessions}.",
            "Save your work, then agree with --end-sessions.")
    { public override string Code => "sessions-would-end"; }

    /// <param name="Init">What starts services here: <c>OpenRC</c>; null where it is unknown.</param>
    /// <param name="Script">The desktop's init script; null where it is unknown.</param>
    public sealed record DesktopByHand(string Desktop, string? Init, string? Script)
        : Obstacle(
            $"The desktop would have to stop for this ({Desktop}), and without systemd gputty cannot stop it and start it again.",
            Script is not null
                ? $"Save your work, stop it yourself (rc-service {Script} stop), switch, then start it again (rc-service {Script} start)."
                : "Save your work, stop it yourself "
                    + $"({(Init is null ? "the service of its display manager" : $"its display manager, as a service of {Init}")}, "
                    + "or log out of it where there is none), then try again.")
    { public override string Code => "desktop-by-hand"; }

    public sealed record InUse(Holder Holder, string Through)
        : Obstacle($"{Holder.LabelWithOwner} is using the card through {Through}.", "Close it, or agree to end it with --end-holders term.")
    { public override string Code => "in-use"; }

    /// <param name="Command">Null where the container's manager is not known.</param>
    public sealed record InContainer(Holder Holder, string Through, ContainerCommand? Command)
        : Obstacle($"{Holder.Label} in container {Holder.Container} is using the card through {Through}.",
            Command is null ? "Stop the container through its manager, which starts again what is only ended inside."
            : $"Stop the container: {Command}{(Command.IsOurs ? "; or agree to that with --end-holders term" : "")}")
    {
        public override string Code => "in-container";

        /// <summary>The switch can stop it, once that is agreed to.</summary>
        public bool CanBeAgreed => Command is { IsOurs: true };
    }

    public sealed record Untouchable(Holder Holder, string Why)
        : Obstacle(
            $"{Holder.LabelWithOwner} is using the card and must not be ended: {Why}.",
            "Close it yourself, or reboot with it disabled.")
    { public override string Code => "holder-protected"; }

    public sealed record SeatManagerHolds(Holder Holder)
        : Obstacle(
            $"{Holder.Label} keeps the card open for a session that could not be found.",
            "Log out of the session that uses the card; list them with: loginctl")
    { public override string Code => "seat-manager-holds"; }

    public sealed record PinUseless(Card Card)
        : Obstacle(
            $"Nothing opens {Card.Address.SlotName} past the seat rules: only NVIDIA's own driver has nodes for that.",
            "Keep the desktop off it instead: gputty keep-off on")
    { public override string Code => "pin-not-needed"; }

    public sealed record PinBlinds(Card Other)
        : Obstacle(
            $"The desktop would lose {Other.Address.SlotName} as well, which has the same driver.",
            "Plug the monitors into a card with another driver first.")
    { public override string Code => "pin-hides-other-card"; }

    public sealed record NoOtherGlDriver()
        : Obstacle(
            "No EGL or Vulkan driver but NVIDIA's is installed, so the desktop would have none.",
            "Install the drivers of the other card (Mesa), then try again.")
    { public override string Code => "no-other-gl-driver"; }

    public sealed record NoCompositor()
        : Obstacle(
            "No Wayland desktop is running, so its unit cannot be determined.",
            "Log in to the desktop, then try again from a text console.")
    { public override string Code => "no-compositor"; }

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

    public sealed record HostModulesUnknown(PciDevice Device, string Kernel)
        : Obstacle(
            $"The driver that {Device.Address.ShortName} needs is unknown: no list of modules was found for the running kernel {Kernel}.",
            "Reboot if the kernel has been updated; otherwise load the card's driver yourself with modprobe, then try again.")
    { public override string Code => "host-modules-unknown"; }

    public sealed record VfioForbidden(ModuleRule Rule)
        : Obstacle($"The module vfio-pci is not allowed to be loaded ({Rule.Source}).", "Remove that line, then try again.")
    { public override string Code => "vfio-pci-forbidden"; }

    public sealed record HeldByXen(PciDevice Device)
        : Obstacle($"{Device.Address.ShortName} belongs to Xen: {Device.Driver} keeps it for Xen's guests, and vfio does not work here.",
            "Give it to a guest with xl pci-attach, or back to this system with xl pci-assignable-remove -r; gputty cannot move it.")
    { public override string Code => "held-by-xen"; }

    public sealed record CpusNotPossible(string Why, string Hint) : Obstacle(Why, Hint)
    { public override string Code => "cpus-not-possible"; }

    public sealed record NoSuchReset(PciDevice Device, string Method)
        : Obstacle($"{Device.Address.ShortName} cannot be reset by {Visible.Text(Method, 30)}.",
            Device.ResetMethods.IsEmpty
                ? "Leave --reset out: the kernel offers no way for this function."
                : $"Name one that the kernel offers: {string.Join(", ", Device.ResetMethods)}")
    { public override string Code => "no-such-reset"; }

    public sealed record ResetHitsOthers(PciDevice Device, string Method, PciDevice Other)
        : Obstacle(
            $"A reset of {Device.Address.ShortName} by its {Method} would reset {Other.Address.ShortName} {Other.Name} "
                + $"({Other.Driver}) too.",
            "Choose another way to reset it, or leave --reset out.")
    { public override string Code => "reset-hits-others"; }

    public sealed record StillHeld(Card Card, Holder Holder)
        : Obstacle(
            $"{Holder.Name} ({Holder.Pid}) still has {Card.Address.SlotName} open.",
            $"See who holds it, and end that first: gputty holders --card {Card.Address.SlotName}")
    { public override string Code => "still-held"; }

    public sealed record RescanVirtual(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} is a virtual function, which no look at the bus brings back.",
            "Have its parent make it anew: sriov_numvfs.")
    { public override string Code => "virtual-function"; }

    public sealed record BridgeSilent(PciAddress Bridge, string Why)
        : Obstacle(
            $"Nothing would be found again: {Why}.",
            $"Wake the bridge, then try again: echo on > /sys/bus/pci/devices/{Bridge}/power/control")
    { public override string Code => "bridge-not-ready"; }

    public sealed record CouldNotTell(Unknown Unknown) : Obstacle(Visible.Text(Unknown.Sentence, 400), Visible.Text(Unknown.Remedy, 400))
    { public override string Code => "could-not-tell"; }
}
