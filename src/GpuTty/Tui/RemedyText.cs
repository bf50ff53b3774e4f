using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Tui;

/// <summary>The next action against an obstacle, where keys are pressed and no options are typed.</summary>
internal static class RemedyText
{
    /// <param name="isAll">Nothing else is in the way that no agreement takes away.</param>
    public static string RemedyForTui(this Obstacle obstacle, Direction direction = Direction.ToVm, bool isAll = true) => obstacle switch
    {
        Obstacle.OnlyCard only when direction != Direction.ToVm || !isAll => $"{only.Advice}.",
        Obstacle.OnlyCard only => $"{only.Advice}; to give it away anyway, press o.",
        Obstacle.SessionsWouldEnd => "Save your work, then agree with S on page 3.",
        Obstacle.InUse => "Close it, or agree with e on page 3 that it is asked to end.",
        Obstacle.InContainer { CanBeAgreed: true, Command: var stop } =>
            $"Stop the container: {stop}; or agree with e on page 3 that it is stopped.",
        Obstacle.NoSuchDevice or Obstacle.NotACard or Obstacle.SeveralCards => "Choose a card in panel 1 of the overview.",
        Obstacle.ConfiguredCardMissing => "Correct it there, or choose a card in panel 1 of the overview.",
        Obstacle.GivenToGuest => "Shut that one down first; if it does not run, h returns the card to the host.",
        Obstacle.StillHeld => "See in panel 4 of the overview who holds it, and end that first.",
        Obstacle.PinUseless => "Keep the desktop off it instead, with K on the overview.",
        _ => obstacle.Remedy,
    };

    /// <summary>The same where lines are typed: what can be agreed to is asked next.</summary>
    public static string RemedyForPlainMode(this Obstacle obstacle) => obstacle switch
    {
        Obstacle.OnlyCard only => $"{only.Advice}; to give it away anyway, quit and run: "
            + $"gputty switch vm --card {only.Card.Address.SlotName} --single-gpu",
        Obstacle.SessionsWouldEnd => "Save your work before you agree to that.",
        Obstacle.InUse => "Close it, or agree that it is ended.",
        Obstacle.InContainer { CanBeAgreed: true, Command: var stop } => $"Stop the container: {stop}; or agree to that.",
        Obstacle.NoSuchDevice or Obstacle.NotACard or Obstacle.SeveralCards => "Name one of the cards above behind the letter.",
        Obstacle.ConfiguredCardMissing => "Correct it there, or name one of the cards above behind the letter.",
        Obstacle.GivenToGuest => "Shut that one down first; if it does not run, h returns the card to the host.",
        Obstacle.StillHeld => "End the program first that still has it open.",
        _ => obstacle.Remedy,
    };
}
