using GpuTty.Planning.Plans;

namespace GpuTty.Tui.Screens;

/// <summary>What is asked for, with all that has been agreed to so far; carried from page to page.</summary>
/// <param name="IsNew">Not a way back, or on: nothing has been decided yet about what the card is for.</param>
/// <param name="LastTook">How long the same switch of this card took last time; null where that is not known.</param>
internal sealed record WizardRequest(SwitchIntent Intent, bool IsNew = false, TimeSpan? LastTook = null)
{
    public static WizardRequest For(Model model, SwitchIntent intent, bool isNew = false) => new(intent, isNew, Took(model, intent));

    private static TimeSpan? Took(Model model, SwitchIntent intent) =>
        model.Run is { Outcome: Switching.Outcome.Switched, Took: { } took } run
            && run.Opening.Intent.Direction == intent.Direction
            && run.Opening.Intent.Card.SharesSlotWith(intent.Card)
            ? took
            : null;
}
