using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <content>Virtual machines that have the card, or that it is wanted for.</content>
public abstract partial record Obstacle
{
    /// <param name="Guest">Its name as libvirt knows it; null where that is unknown.</param>
    public sealed record MachineRunning(Holder Holder, string? Guest = null)
        : Obstacle(
            $"A virtual machine is using the card: {Holder.Label}"
                + $"{((Guest is null ? Holder.GuestName ?? Holder.Container : Visible.Text(Guest, 80)) is { } name ? $", {name}" : "")}.",
            Holder.GuestNumber is not null && ContainerCommand.Stop(Holder.Container!, Holder.Unit, Guest) is { } command
                ? $"Shut the virtual machine down first: {command}"
                : "Shut the virtual machine down first.")
    {
        public override string Code => "vm-running";

        public static MachineRunning In(HostSnapshot host, Holder holder) => new(holder, holder.GuestNameIn(host));
    }

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

    /// <summary>Everything is as it was before the guest was started.</summary>
    public sealed record StartFailed(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "start-failed"; }

    public sealed record StartLeftHalfway(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "start-left-halfway"; }
}
