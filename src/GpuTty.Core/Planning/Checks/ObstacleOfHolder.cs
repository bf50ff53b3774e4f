using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <content>Programs that use the card.</content>
public abstract partial record Obstacle
{
    public sealed record InUse(Holder Holder, string Through)
        : Obstacle($"{Holder.LabelWithOwner} is using the card through {Through}.",
            Holder.InitScript is { } script
                // Ended alone, its service would be called crashed, and may be started again.
                ? $"Stop its service: rc-service {ShellWord.Or(script, "NAME")} stop"
                : "Close it, or agree to end it with --end-holders term.")
    { public override string Code => "in-use"; }

    /// <param name="Command">Null where the container's manager is not known.</param>
    /// <param name="Guest">A virtual machine's name as libvirt knows it; null where that is unknown.</param>
    public sealed record InContainer(Holder Holder, string Through, ContainerCommand? Command, string? Guest = null)
        : Obstacle($"{Holder.Label} in {Holder.MachineCalled(Guest)} is using the card through {Through}.",
            Holder.GuestNumber is not null && Command is not null ? $"Shut the virtual machine down: {Command}"
            : Command is null ? "Stop the container through its manager, which starts again what is only ended inside."
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

    public sealed record DrawsThisConsole(Holder Holder)
        : Obstacle(
            $"{Holder.Label}, which draws this console, has the card open itself.",
            "Start gputty over ssh, or at a console that the kernel draws: systemctl start getty@tty6.service, then Ctrl+Alt+F6.")
    { public override string Code => "draws-this-console"; }

    public sealed record SeatManagerHolds(Holder Holder)
        : Obstacle(
            $"{Holder.Label} keeps the card open for a session that could not be found.",
            "Log out of the session that uses the card; list them with: loginctl")
    { public override string Code => "seat-manager-holds"; }

    public sealed record StillHeld(Card Card, Holder Holder)
        : Obstacle(
            $"{Holder.Name} ({Holder.Pid}) still has {Card.Address.SlotName} open.",
            $"See who holds it, and end that first: gputty holders --card {Card.Address.SlotName}")
    { public override string Code => "still-held"; }
}
