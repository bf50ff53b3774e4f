using GpuTty.Host;
using GpuTty.Host.Guests;
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
            $"A virtual machine is using the card: {NameOf(Holder, Guest)}.",
            $"{ShutDown(Holder, Guest)}{(Command(Holder, Guest) is null ? "." : "")}")
    {
        public override string Code => "vm-running";

        public static MachineRunning In(HostSnapshot host, Holder holder) => new(holder, holder.GuestNameIn(host));

        /// <summary><c>qemu-system-x86 (5000), win11</c>.</summary>
        internal static string NameOf(Holder holder, string? guest) =>
            (guest is null ? holder.GuestName ?? holder.Container : Visible.Text(guest, 80)) is { } name
                ? $"{holder.Label}, {name}"
                : holder.Label;

        /// <summary>What to do about it, without a full stop.</summary>
        internal static string ShutDown(Holder holder, string? guest) =>
            $"Shut the virtual machine down first{(Command(holder, guest) is { } command ? $": {command}" : "")}";

        private static ContainerCommand? Command(Holder holder, string? guest) =>
            holder.GuestNumber is null ? null : ContainerCommand.Stop(holder.Container!, holder.Unit, guest);
    }

    public sealed record ManagedByLibvirt(string Guest, PciAddress Address)
        : Obstacle(
            $"{Visible.Text(Guest, 80)} has {Address.ShortName} with managed='yes': libvirt would rebind the card by itself, "
                + "and that can hang.",
            $"Set managed='no' on every function of the card ({Virsh.OfSystem} edit {ShellWord.Or(Guest, "NAME")}), then start it again.")
    { public override string Code => "managed-by-libvirt"; }

    public sealed record GivenToGuest(Card Card, string Guest)
        : Obstacle(
            $"Card {Card.Address.SlotName} was given away for {Visible.Text(Guest, 80)} and has not come back.",
            $"Shut that one down first; if it does not run: gputty switch host --card {Card.Address.SlotName}")
    { public override string Code => "given-to-guest"; }

    /// <param name="Look">What shows it, or brings it; null for a guest of libvirt's.</param>
    public sealed record GuestUnreadable(string Guest, string Why, string? Look = null)
        : Obstacle(
            $"The description of {Visible.Text(Guest, 80)} cannot be read: {Why}.",
            Look ?? $"Look at it: {Virsh.OfSystem} dumpxml {ShellWord.Or(Guest, "NAME")}")
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
