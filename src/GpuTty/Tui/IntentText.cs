using GpuTty.Planning.Plans;

namespace GpuTty.Tui;

/// <summary>What the user wants, in the words of titles and questions.</summary>
internal static class IntentText
{
    /// <summary><c>to the VM</c>.</summary>
    public static string Way(this SwitchIntent intent) => DirectionText.Of(intent.Direction);

    /// <summary><c>card 01:00 to the VM</c>.</summary>
    public static string Headline(this SwitchIntent intent) => $"card {intent.Card.SlotName} {intent.Way()}";

    public static string Question(this SwitchIntent intent) => intent.Direction switch
    {
        Direction.ClearOverride => $"Clear the driver override of {intent.Card.ShortName}?",
        Direction.SetOverride => $"Set the driver override of {intent.Card.ShortName} again?",
        Direction.Rescan => $"Have the kernel forget {intent.Card.ShortName} and look for it anew?",
        Direction.HideFromSeat => $"Keep the desktop off card {intent.Card.SlotName}?",
        Direction.Pin => $"Keep the desktop from asking the driver of card {intent.Card.SlotName}?",
        Direction.Unpin => "Let the desktop ask every graphics driver again?",
        Direction.AllowDesktop => $"Let the desktop use card {intent.Card.SlotName} again?",
        _ => $"Move card {intent.Card.SlotName} {intent.Way()}?",
    };

    /// <summary>True where it is about one function that the user was on: there is
    /// no other card to choose, and nothing to agree to.</summary>
    public static bool IsOfOneFunction(this SwitchIntent intent) =>
        intent.Direction is Direction.ClearOverride or Direction.SetOverride or Direction.Rescan;

    /// <summary>True where the card changes hands, false where only a rule does.</summary>
    public static bool Moves(this SwitchIntent intent) => intent.Direction is Direction.ToVm or Direction.ToHost;
}
