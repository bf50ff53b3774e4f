using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <content>The keys of each page, and what keeps the user from going on.</content>
internal sealed partial record WizardScreen
{
    public override ImmutableArray<KeyBinding> Keys(Model model) => Question is { } question ? QuestionScreen.Of(question) :
    [
        new KeyBinding(Key.Enter, Step == WizardStep.Plan ? "last question" : "go on", Forward, WhyNotForward)
        { Help = "The next page. Nothing is changed before the last question is answered with yes." },
        .. Step == WizardStep.Checks && IsOnlyCard(model) ? [SingleGpuKey] : ImmutableArray<KeyBinding>.Empty,
        .. EndsOurDesktop(model) ? [Machine.Console with { InBar = true }] : ImmutableArray<KeyBinding>.Empty,
        .. Step == WizardStep.Holders ? ConsentKeys(model) : [],
        new KeyBinding(Key.Of('c'), ShowsCommands ? "hide commands" : "show commands", m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page() }))
        { Help = "Show every write and command exactly as it will be done.", InBar = Step == WizardStep.Plan || ShowsCommands },
        new KeyBinding(Key.Escape, Step == WizardStep.Card ? "leave" : "back", Back) { Aliases = [Key.Backspace], Help = "The page before. Nothing has been changed.", IsPinned = true },
        LogKeys.Open with { InBar = false },
        Machine.Look,
        new KeyBinding(Key.Of('q'), "cancel", m => m.Pop()) { Aliases = [Key.F(10)], Help = "Back to the overview. Nothing has been changed." },
        HelpScreen.Key,
    ];

    private KeyBinding SingleGpuKey => new(Key.Of('o'), Intent.SingleGpu ? "keep the only card" : "give away the only card",
        m => m.Replace(this with { Intent = Intent with { SingleGpu = !Intent.SingleGpu } }))
    { Help = "Single-GPU mode: no desktop and no picture until the card comes home; unless you confirm afterwards, it comes home at once." };

    private ImmutableArray<KeyBinding> ConsentKeys(Model model) =>
    [
        new KeyBinding(Key.Of('s'), "close sessions", m => m.Replace(this with { Intent = Intent with { EndSessions = !Intent.EndSessions } }),
            m => AsksForSessions(m) || MayRestartDesktop(m) ? null : "No session has to be closed.")
        { Help = "Agree that the sessions of the desktop are closed, or take that back." },
        new KeyBinding(Key.Of('e'), "end programs", m => m.Replace(this with { Intent = Intent with { EndHolders = AfterThat(Intent.EndHolders) } }),
            m => AsksForHolders(m) ? null : "No other program has to be ended.")
        { Help = "Agree that other programs and services are ended: not, asked to, by force if they refuse.", InBar = AsksForHolders(model) },
        new KeyBinding(Key.Of('k'), "keep off", m => m.Replace(this with { Intent = Intent with { Desktop = AfterThat(m) } }), m => AsksForUse(m) ? null : WhyNotKeepOff(m))
        {
            Help = "Keep the desktop off the card from now on, so that the next switch needs no logout: until the machine restarts, for good, or not.",
            InBar = AsksForUse(model) || WhyNotKeepOff(model) is null,
        },
        .. AsksForUse(model)
            ? [new KeyBinding(Key.Of('m'), "for monitors", m => m.Replace(this with { Intent = Intent with { Desktop = DesktopUse.Allowed } }))
                { Help = "Monitors are plugged into this card: the desktop may use it." }]
            : ImmutableArray<KeyBinding>.Empty,
    ];

    private static HolderConsent AfterThat(HolderConsent consent) =>
        consent switch { HolderConsent.Never => HolderConsent.Terminate, HolderConsent.Terminate => HolderConsent.Kill, _ => HolderConsent.Never };

    private DesktopUse AfterThat(Model model) => Use(model) switch
    {
        DesktopUse.AsItIs or DesktopUse.Allowed => DesktopUse.KeptOff,
        DesktopUse.KeptOff => DesktopUse.KeptOffForGood,
        // On the way home there are two answers and no third.
        _ => AsksForUse(model) ? DesktopUse.KeptOff : DesktopUse.AsItIs,
    };

    /// <summary>A card that comes home under a desktop is for the desktop, or it is not: the user is asked, once a boot.</summary>
    private bool AsksForUse(Model model) => IsNewWish && Intent.Direction == Direction.ToHost && model.Host is { } host && HolderTreatment.HasDesktop(host)
        && Card.FindAt(host, Intent.Card) is { } card && (host.IsKeptOff(card.Display) || WhyNotKeepOff(model) is null);

    /// <summary>The answer, given now or earlier; <see cref="DesktopUse.AsItIs"/> when there is none.</summary>
    private DesktopUse Use(Model model) => Intent.Desktop != DesktopUse.AsItIs || !AsksForUse(model) ? Intent.Desktop
        : model.Host is { } host && Card.FindAt(host, Intent.Card) is { } card ? host.UseOf(card.Display) : DesktopUse.AsItIs;

    /// <summary>The rule has refusals of its own: the planner knows them.</summary>
    private string? WhyNotKeepOff(Model model) =>
        Intent.Direction == Direction.ClearAim ? "This only clears an override."
        : !Intent.Moves() ? "This is what you are doing already."
        : model.Host is not { } host || Card.FindAt(host, Intent.Card) is not { } card ? "The card is gone."
        : host.IsKeptOff(card.Display) ? "The desktop is kept off this card already."
        : SwitchPlanner.Plan(host, new SwitchIntent(Intent.Card, Direction.KeepOff)) is PlanResult.Blocked blocked ? blocked.Obstacles[0].Problem
        : null;

    /// <summary>The space bar turns the selected consent.</summary>
    private Next? Toggle(Model model) => List.Selected(ConsentRows(model))?.Id is { } letter ? Update.Press(model, Key.Of(letter[0])) : null;

    private Next Back(Model model) => Step == WizardStep.Card ? model.Pop() : model.Replace(At(Step - 1));

    private Next Forward(Model model)
    {
        switch (Step)
        {
            case WizardStep.Card:
                var card = ChosenCard(model)!;
                return (model with { Chosen = card.Address }).Replace(At(WizardStep.Checks) with { Intent = Intent with { Card = card.Address } });
            case WizardStep.Plan:
                var plan = ((PlanResult.Ready)Result(model)).Plan;
                var asking = this with { Step = WizardStep.Confirm, Asked = plan, Question = Confirmation.Of(plan, model.Host!), HasNewPlan = false };
                return new Next(model.Replace(asking), new Effect.ForgetTyped());
            default:
                return model.Replace(At(Step + 1));
        }
    }

    private string? WhyNotForward(Model model)
    {
        if (model.Host is not { } host) return "The machine has not been looked at yet.";
        if (model.IsRunning) return "A switch is running already.";
        if (Step == WizardStep.Card) return WhyNotCard(model);
        if (Step == WizardStep.Holders && AsksForUse(model) && Use(model) == DesktopUse.AsItIs) return "Say what the card is for: k compute, m monitors.";
        if (Result(model) is PlanResult.AlreadyThere there) return $"{there.Card.Address.SlotName} is there already; nothing is to be done.";
        if (Result(model) is PlanResult.Blocked blocked)
        {
            var first = blocked.Obstacles.FirstOrDefault(obstacle => !IsConsent(obstacle)) ?? (Step == WizardStep.Checks ? null : blocked.Obstacles[0]);
            // The page itself tells the whole story; one line could not.
            if (first is not null) return IsConsent(first) ? WantedConsent(first) : Step == WizardStep.Checks ? "Not possible: see the line marked [!!]." : first.Problem;
        }
        return Step == WizardStep.Plan && !host.Viewer.IsRoot ? "Only root may move a card: quit and start gputty with sudo." : null;
    }

    private static string WantedConsent(Obstacle obstacle) => obstacle is Obstacle.SessionsWouldEnd
        ? "Save your work, then press s to agree that the sessions are closed."
        : $"Close it, or press e to agree that it is ended: {obstacle.Problem}";

    private string? WhyNotCard(Model model) => ChosenCard(model) switch
    {
        null => new Obstacle.NoCard().Problem,
        { Owner: Owner.Vfio } card when Intent.Direction == Direction.ToVm => $"{card.Address.SlotName} is with vfio-pci already.",
        { Owner: Owner.HostDriver } card when Intent.Direction == Direction.ToHost => $"{card.Address.SlotName} is on its host driver already.",
        _ => null,
    };
}
