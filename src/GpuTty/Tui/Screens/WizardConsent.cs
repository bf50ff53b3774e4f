using GpuTty.Host.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>One thing that the user may agree to or choose: a key, and a row where there is something to agree to.</summary>
/// <param name="Mark">Whether it is agreed to, at the begin of its row.</param>
/// <param name="Text">What is agreed to, in the row.</param>
/// <param name="Turned">The intent after the key.</param>
/// <param name="WhyNot">Why there is nothing to agree to; null when there is.</param>
internal sealed record WizardConsent(char Letter, string Name, Label Mark, string Text, SwitchIntent Turned, string? WhyNot = null)
{
    /// <summary>A whole sentence for the help.</summary>
    public required string Help { get; init; }

    /// <summary>The way on waits for it.</summary>
    public bool IsWanted { get; init; }

    public static IEnumerable<WizardConsent> All(SwitchOutlook on)
    {
        var (intent, ends) = (on.Intent, on.Intent.EndHolders);
        var isRule = on.Use is DesktopAccess.HiddenFromSeat or DesktopAccess.HiddenPermanently;
        var asksForSessions = on.Required.Sessions;
        yield return new(
            'S', "close sessions", Box(intent.EndSessions),
            asksForSessions ? $"close {Sessions(on)}" : $"restart the desktop now: closes {Sessions(on)}",
            intent with { EndSessions = !intent.EndSessions },
            asksForSessions || on.MayRestartDesktop ? null : "No session has to be closed.")
        {
            Help = "Agree that the sessions of the desktop are closed, or not.",
            IsWanted = asksForSessions && !intent.EndSessions,
        };
        yield return new(
            'e', "end programs", Box(ends != HolderConsent.Never), "ask the other programs to end",
            intent with { EndHolders = ends == HolderConsent.Never ? HolderConsent.Terminate : HolderConsent.Never },
            on.Required.Holders ? null : "No other program has to be ended.")
        {
            Help = "Agree that other programs and services are asked to end, or not.",
            IsWanted = on.Required.Holders && ends == HolderConsent.Never,
        };
        yield return new(
            'E', "by force", Box(ends == HolderConsent.Kill), "kill those that do not end when asked",
            intent with { EndHolders = ends == HolderConsent.Kill ? HolderConsent.Terminate : HolderConsent.Kill },
            !on.Required.Holders ? "No other program has to be ended."
                : ends == HolderConsent.Never ? "Agree first that they are asked to end: e." : null)
        {
            Help = "Agree as well that programs which do not end when asked are killed, or not.",
        };
        yield return new(
            'K', on.AsksForUse ? "for compute" : "keep off",
            on.AsksForUse ? Choice(isRule) : Box(intent.Desktop != DesktopAccess.Unchanged),
            on.AsksForUse ? "compute and rendering: the desktop stays off it" : "keep the desktop off it: no logout next time",
            intent with { Desktop = RuleTurned(on) },
            on.AsksForUse ? null : WhyNotKeepOff(on))
        {
            Help = "Keep the desktop off the card from now on, so that the next switch needs no logout, or not.",
            IsWanted = on.LacksUse,
        };
        if (on.AsksForUse)
            yield return new(
                'm', "for monitors", Choice(on.Use == DesktopAccess.Allowed), "monitors plugged into it: the desktop may use it",
                intent with { Desktop = DesktopAccess.Allowed })
            {
                Help = "Monitors are plugged into this card: the desktop may use it.",
                IsWanted = on.LacksUse,
            };
        yield return new(
            'p', "always", Box(intent.Desktop == DesktopAccess.HiddenPermanently), "also after a reboot",
            intent with
            {
                Desktop = on.Use == DesktopAccess.HiddenPermanently ? DesktopAccess.HiddenFromSeat : DesktopAccess.HiddenPermanently,
            },
            isRule || intent.Direction == Direction.HideFromSeat ? null
                : "Only a rule that keeps the desktop off the card can be permanent: K first.")
        {
            Help = "Keep the desktop off the card after a reboot as well, or only until then.",
        };
    }

    /// <summary>On the way back to the host there are two answers and no third.</summary>
    private static DesktopAccess RuleTurned(SwitchOutlook on) =>
        on.Use is DesktopAccess.Unchanged or DesktopAccess.Allowed ? DesktopAccess.HiddenFromSeat
        : on.AsksForUse ? on.Use
        : DesktopAccess.Unchanged;

    private static string? WhyNotKeepOff(SwitchOutlook on) =>
        on.Intent.Direction is Direction.ClearOverride or Direction.SetOverride ? "This is only about an override."
        : !on.Intent.Moves() ? "This is what you are doing already."
        : on.Card is not { } card ? "The card is gone."
        : RequiredConsents.WhyNotKeepOff(on.Host, card);

    private static string Sessions(SwitchOutlook on)
    {
        var sessions = DesktopPlan.For(on.Host).Sessions;
        return sessions.IsEmpty ? "no session" : $"{Counted.Of(sessions.Length, "session")}: {string.Join(", ", sessions.Select(Short))}";
    }

    private static string Short(LoginSession session) => $"{session.User} ({session.Desktop ?? session.Type})";

    private static Label Box(bool isTicked) => isTicked ? new Label("[x]", Theme.Warn) : "[ ]";

    private static Label Choice(bool isChosen) => isChosen ? new Label("(x)", Theme.Warn) : "( )";
}
