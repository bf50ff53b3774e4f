using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <content>Which card is meant, what shares its group, and what state it is in.</content>
public abstract partial record Obstacle
{
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

    public sealed record OffTheBus(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} no longer answers (its configuration reads as all ones).",
            "Shut the machine down fully and start it again.")
    { public override string Code => "off-the-bus"; }

    /// <param name="Machine">A virtual machine that uses one of them.</param>
    /// <param name="Guest">Its name as libvirt knows it; null where that is unknown.</param>
    public sealed record HasVirtualFunctions(PciDevice Device, Holder? Machine, string? Guest = null)
        : Obstacle(
            $"{Device.Address.ShortName} has {Counted.Of(Device.VirtualFunctions, "virtual function")} switched "
                + $"on{(Machine is null ? "" : $", one of them in use by {MachineRunning.NameOf(Machine, Guest)}")}, "
                + "and vfio-pci refuses their parent.",
            // Some drivers wait for the machine then, without an end.
            $"{(Machine is null ? "Shut down any virtual machine that uses one" : MachineRunning.ShutDown(Machine, Guest))}; "
                + $"then write 0 to /sys/bus/pci/devices/{Device.Address}/sriov_numvfs.")
    {
        public override string Code => "has-virtual-functions";

        public static HasVirtualFunctions In(HostSnapshot host, PciDevice device, Holder? machine) =>
            new(device, machine, machine?.GuestNameIn(host));
    }

    public sealed record HasMediatedDevices(PciDevice Device)
        : Obstacle($"{Device.Address.ShortName} has a mediated device for a virtual machine ({string.Join(", ", Device.MediatedDevices)}).",
            "Shut down the virtual machine that uses it, then remove it: "
                + $"echo 1 > /sys/bus/mdev/devices/{Device.MediatedDevices[0]}/remove")
    { public override string Code => "has-mediated-devices"; }

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

    public sealed record RescanVirtual(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} is a virtual function, which no look at the bus brings back.",
            "Create it again through its parent: sriov_numvfs.")
    { public override string Code => "virtual-function"; }

    public sealed record BridgeSilent(PciAddress Bridge, string Why)
        : Obstacle(
            $"Nothing would be found again: {Why}.",
            $"Wake the bridge, then try again: echo on > /sys/bus/pci/devices/{Bridge}/power/control")
    { public override string Code => "bridge-not-ready"; }

    public sealed record RomUnderDriver(PciDevice Device)
        : Obstacle(
            $"{Device.Address.ShortName} is with {Device.Driver}, which may be using its firmware window.",
            $"Give the card away first (gputty switch vm --card {Device.Address.SlotName}), save it, then return it: "
                + $"gputty switch host --card {Device.Address.SlotName}")
    { public override string Code => "rom-under-driver"; }
}
