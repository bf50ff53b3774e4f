using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>The keys of each page, and what keeps the user from going on.</content>
internal sealed partial record WizardScreen
{
    public override ImmutableArray<KeyBinding> Keys(Model model) => Question is { } question
        ? [
            .. question.IsRead(Room(model))
                ? []
                : new[]
                {
                    new KeyBinding(Key.Down, "read on", m => m) { Help = "What is lost has to be read before it can be agreed to." },
                },
            .. QuestionScreen.Of(question),
            CommandsOfQuestion(question),
        ]
        : KeysOfPage(model, Consents(model));

    private ImmutableArray<KeyBinding> KeysOfPage(Model model, ImmutableArray<(KeyBinding Key, bool IsWanted)> consents) =>
    [
        .. consents.Where(consent => consent.IsWanted).Select(consent => consent.Key),
        new KeyBinding(Key.Enter, "continue", Forward, WhyNotForward)
        { Help = "The next page. Nothing is changed before the last question is answered with yes." },
        .. Step == WizardStep.Checks && IsOnlyCard(model) ? [SingleGpuKey] : ImmutableArray<KeyBinding>.Empty,
        .. EndsOurDesktop(model) ? [CommonKeys.Console with { InBar = true }] : ImmutableArray<KeyBinding>.Empty,
        .. consents.Where(consent => !consent.IsWanted).Select(consent => consent.Key),
        .. OnTheWayKeys,
        StepCommands.Key(
            ShowsCommands,
            m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page() }),
            m => HasCommandsBeside(m) ? "They stand beside the steps." : null)
            with { InBar = (Step == WizardStep.Plan || ShowsCommands) && !HasCommandsBeside(model) },
        new KeyBinding(Key.Escape, Step == WizardStep.Card ? "leave" : "back", Back)
        {
            Aliases = [Key.Backspace],
            Help = "The page before. Nothing has been changed.",
            IsPinned = true,
        },
        LogKeys.Open with { InBar = false },
        CommonKeys.Look,
        CommonKeys.Report with { InBar = false },
        CommonKeys.Desktop with { InBar = false },
        .. Step == WizardStep.Plan
            ? [new KeyBinding(Key.Of('y'), "yes", m => m, _ => "Enter opens the last question; y answers it there.") { InBar = false }]
            : ImmutableArray<KeyBinding>.Empty,
        new KeyBinding(Key.Of('q'), "cancel", m => m.Pop())
        {
            Aliases = [Key.F(10)],
            Help = "Back to the overview. Nothing has been changed.",
        },
        HelpScreen.Key,
    ];

    private KeyBinding CommandsOfQuestion(Dialog question) => StepCommands.Key(AsksWithCommands, m => m.Replace(this with
    {
        AsksWithCommands = !AsksWithCommands,
        Question = question with { Lines = Confirmation.Of(Asked!, m.Host!, !AsksWithCommands).Lines, Scrolled = 0 },
    }), _ => question.IsTyping ? "Tab leaves the field first." : null);

    private KeyBinding SingleGpuKey => new(Key.Of('o'), Intent.SingleGpu ? "keep the only card" : "give away the only card",
        m => m.Replace(this with { Intent = Intent with { SingleGpu = !Intent.SingleGpu } }))
    {
        Help =
        "Single-GPU mode: no desktop and no picture until the card comes home; unless you confirm afterwards, it comes home at once."
    };

    /// <summary>What page 3 asks about, and whether the way on waits for the answer.</summary>
    private ImmutableArray<(KeyBinding Key, bool IsWanted)> Consents(Model model) => Step != WizardStep.Holders ? [] :
    [
        (SessionsKey, AsksForSessions(model) && !Intent.EndSessions),
        (HoldersKey with { InBar = AsksForHolders(model) }, AsksForHolders(model) && Intent.EndHolders == HolderConsent.Never),
        (ForceKey with { InBar = AsksForHolders(model) && Intent.EndHolders != HolderConsent.Never }, false),
        (KeepOffKey with { InBar = AsksForUse(model) || WhyNotKeepOff(model) is null }, LacksUse(model)),
        .. AsksForUse(model) ? [(MonitorsKey, LacksUse(model))] : ImmutableArray<(KeyBinding, bool)>.Empty,
        (ForGoodKey with { InBar = WhyNotForGood(model) is null }, false),
    ];

    private KeyBinding SessionsKey => new(
        Key.Of('S'),
        "close sessions",
        m => m.Replace(this with { Intent = Intent with { EndSessions = !Intent.EndSessions } }),
        m => AsksForSessions(m) || MayRestartDesktop(m) ? null : "No session has to be closed.")
    { Help = "Agree that the sessions of the desktop are closed, or take that back." };

    private KeyBinding HoldersKey => new(
        Key.Of('e'),
        "end programs",
        m => m.Replace(this with
        {
            Intent = Intent with { EndHolders = Intent.EndHolders == HolderConsent.Never ? HolderConsent.Terminate : HolderConsent.Never },
        }),
        m => AsksForHolders(m) ? null : "No other program has to be ended.")
    { Help = "Agree that other programs and services are asked to end, or take that back." };

    private KeyBinding ForceKey => new(
        Key.Of('E'),
        "by force",
        m => m.Replace(this with
        {
            Intent = Intent with { EndHolders = Intent.EndHolders == HolderConsent.Kill ? HolderConsent.Terminate : HolderConsent.Kill },
        }),
        m => !AsksForHolders(m)
            ? "No other program has to be ended."
            : Intent.EndHolders == HolderConsent.Never ? "Agree first that they are asked to end: e." : null)
    { Help = "Agree as well that programs which do not end when asked are killed, or take that back." };

    private KeyBinding KeepOffKey => new(
        Key.Of('K'),
        "keep off",
        m => m.Replace(this with { Intent = Intent with { Desktop = AfterThat(m) } }),
        m => AsksForUse(m) ? null : WhyNotKeepOff(m))
    { Help = "Keep the desktop off the card from now on, so that the next switch needs no logout, or not." };

    private KeyBinding ForGoodKey => new(
        Key.Of('p'),
        "for good",
        m => m.Replace(this with
        {
            Intent = Intent with
            {
                Desktop = Use(m) == DesktopAccess.HiddenPermanently ? DesktopAccess.HiddenFromSeat : DesktopAccess.HiddenPermanently,
            },
        }),
        WhyNotForGood)
    { Help = "Keep the desktop off the card after a reboot as well, or only until then." };

    private string? WhyNotForGood(Model model) =>
        Intent.Direction == Direction.HideFromSeat || Use(model) is DesktopAccess.HiddenFromSeat or DesktopAccess.HiddenPermanently ? null
        : "Only a rule that keeps the desktop off the card can be permanently: K first.";

    private KeyBinding MonitorsKey => new(
        Key.Of('m'), "for monitors", m => m.Replace(this with { Intent = Intent with { Desktop = DesktopAccess.Allowed } }))
    { Help = "Monitors are plugged into this card: the desktop may use it." };

    private DesktopAccess AfterThat(Model model) =>
        Use(model) is DesktopAccess.Unchanged or DesktopAccess.Allowed ? DesktopAccess.HiddenFromSeat
        // On the way back to the host there are two answers and no third.
        : AsksForUse(model) ? Use(model) : DesktopAccess.Unchanged;

    /// <summary>A card that comes home under a desktop is for the desktop, or it is not: the user is asked, once a boot.</summary>
    private bool AsksForUse(Model model) => IsNewRequest && model.Host is { } host && RequiredConsents.MayChooseUse(host, Intent);

    private bool LacksUse(Model model) => IsNewRequest && model.Host is { } host && RequiredConsents.LacksUse(host, Intent);

    /// <summary>The answer, given now or earlier; <see cref="DesktopAccess.Unchanged"/> when there is none.</summary>
    private DesktopAccess Use(Model model) => Intent.Desktop != DesktopAccess.Unchanged || !AsksForUse(model) ? Intent.Desktop
        : model.Host is { } host && Card.FindAt(host, Intent.Card) is { } card ? host.UseOf(card.Display) : DesktopAccess.Unchanged;

    private string? WhyNotKeepOff(Model model) =>
        Intent.Direction is Direction.ClearOverride or Direction.SetOverride ? "This is only about an override."
        : !Intent.Moves() ? "This is what you are doing already."
        : model.Host is not { } host || Card.FindAt(host, Intent.Card) is not { } card ? "The card is gone."
        : RequiredConsents.WhyNotKeepOff(host, card);

    /// <summary>The space bar turns the selected consent.</summary>
    private Next? Toggle(Model model) =>
        List.Selected(ConsentRows(model))?.Id is { } letter ? Update.Press(model, Key.Of(letter[0])) : null;

    private Next Back(Model model) => Step == WizardStep.Card ? model.Pop() : model.Replace(At(Step - 1));

    private Next Forward(Model model)
    {
        switch (Step)
        {
            case WizardStep.Card:
                var card = ChosenCard(model)!;
                return (model with
                {
                    Chosen = card.Address,
                }).Replace((this with { Intent = Intent with { Card = card.Address } }).AtFirst(model));
            case WizardStep.Plan:
                var plan = ((PlanResult.Ready)Result(model)).Plan;
                var asking = this with
                {
                    Step = WizardStep.Confirm,
                    Asked = plan,
                    Question = Confirmation.Of(plan, model.Host!, withCommands: false),
                    AsksWithCommands = false,
                    HasNewPlan = false,
                };
                return new Next(model.Replace(asking), new Effect.ForgetTyped());
            case WizardStep.Checks:
                return model.Replace(At(HasToDecide(model) ? WizardStep.Holders : WizardStep.Plan));
            default:
                return model.Replace(At(Step + 1));
        }
    }

    private string? WhyNotForward(Model model)
    {
        if (model.Host is not { } host) return "The machine has not been looked at yet.";
        if (model.IsRunning) return "A switch is running already.";
        if (model.NeedsRestart) return Model.OnlyRestartHelps;
        if (Step == WizardStep.Card) return WhyNotCard(model);
        if (Step == WizardStep.Holders && LacksUse(model)) return "Choose what the card is for: K compute, m monitors.";
        if (Result(model) is PlanResult.AlreadyThere there) return $"{there.Card.Address.SlotName} is there already; nothing to do.";
        if (Result(model) is PlanResult.Blocked blocked)
        {
            var first = blocked.Obstacles.FirstOrDefault(obstacle => !IsConsent(obstacle))
                ?? (Step == WizardStep.Checks ? null : blocked.Obstacles[0]);
            // The page itself tells the whole story; one line could not.
            if (first is not null)
                return IsConsent(first)
                    ? WantedConsent(first)
                    : Step == WizardStep.Checks ? "Not possible: see the line marked [!!]." : first.Problem;
        }
        return Step == WizardStep.Plan && !host.Viewer.IsRoot ? "Only root may move a card: quit and start gputty with sudo." : null;
    }

    private static string WantedConsent(Obstacle obstacle) => obstacle is Obstacle.SessionsWouldEnd
        ? "Save your work, then press S to agree that the sessions are closed."
        : $"Close it, or press e to agree that it is ended: {obstacle.Problem}";

    private string? WhyNotCard(Model model) => ChosenCard(model) switch
    {
        null => new Obstacle.NoCard().Problem,
        { Owner: Owner.Vfio } card when Intent.Direction == Direction.ToVm => $"{card.Address.SlotName} is with vfio-pci already.",
        { Owner: Owner.HostDriver } card when Intent.Direction == Direction.ToHost =>
            $"{card.Address.SlotName} is on its host driver already.",
        _ => null,
    };
}
