using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <content>Pictures, consoles and sessions that would be lost.</content>
public abstract partial record Obstacle
{
    /// <param name="Advice">How this machine gets a second picture.</param>
    public sealed record OnlyCard(Card Card, string Advice)
        : Obstacle($"{Card.Address.SlotName} is the only graphics card: without it there is no picture, not even a console.",
            $"{Advice}; to give it away anyway: --single-gpu")
    { public override string Code => "only-card"; }

    /// <param name="Tool">What has switched off the card that this machine has besides; it says how to switch it on.</param>
    public sealed record OtherCardOff(Card Card, ConflictingTool Tool)
        : Obstacle(
            $"{Card.Address.SlotName} is the processor's graphics, and the other card is not on the bus: {Why(Tool)}.",
            $"Switch that on: {Tool.SwitchOn}.")
    {
        public override string Code => "other-card-off";

        private static string Why(ConflictingTool tool) =>
            tool.Tool == MovingTool.Supergfxd ? "supergfxd has switched it off (mode Integrated)" : tool.What;
    }

    public sealed record OnlyMonitor(Card Card)
        : Obstacle(
            $"The only connected monitor is plugged into {Card.Address.SlotName}, and it would stay dark.",
            "Plug a monitor into the other card first.")
    { public override string Code => "only-monitor"; }

    /// <param name="Other">A card that could draw them; null where there is none.</param>
    /// <param name="Advice">How this machine gets a second picture.</param>
    public sealed record DrivesConsole(Card Card, Card? Other, string Advice)
        : Obstacle($"The text consoles are drawn by {Card.Address.SlotName} and there is no other screen they could move to.",
            Other is null ? $"{Advice}."
            : $"Plug a monitor into {Other.Address.SlotName} and make it the primary card in the firmware.")
    { public override string Code => "drives-console"; }

    /// <param name="Console">Number of a text console that no session has.</param>
    public sealed record InsideDesktop(string Session, int Console)
        : Obstacle(
            $"You are inside {Session}, which this switch would end.",
            $"Go to a text console with Ctrl+Alt+F{Console}, log in and start gputty there.")
    { public override string Code => "inside-desktop"; }

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

    public sealed record PinUseless(Card Card)
        : Obstacle(
            $"Nothing opens {Card.Address.SlotName} past the seat rules: only NVIDIA's own driver has nodes for that.",
            $"Keep the desktop off it instead: gputty keep-off on --card {Card.Address.SlotName}")
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
}
