using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>The pages of a switch, as the list at the left counts them. The last two are screens of their own.</summary>
internal enum WizardStep { Card = 1, Checks, Holders, Plan, Confirm, Run, Result }

/// <summary>Leads from "I want the card there" to a confirmed plan. Nothing is written to the machine before the last yes.</summary>
internal sealed partial record WizardScreen(SwitchIntent Intent, WizardStep Step) : Screen
{
    public ListView List { get; init; } = new();
    public Page Page { get; init; } = new();
    public bool ShowsCommands { get; init; }

    /// <summary>The question of step 5, and the plan it is about.</summary>
    public Dialog? Question { get; init; }
    public SwitchPlan? Asked { get; init; }

    /// <summary>The question itself shows every write and command.</summary>
    public bool AsksWithCommands { get; init; }

    /// <summary>Not a way back, or on: nothing has been decided yet about what the card is for.</summary>
    public bool IsNewRequest { get; init; }

    /// <summary>The plan on the screen is another one than the user read last.</summary>
    public bool HasNewPlan { get; init; }

    public override string Title => $"{Intent.Headline()}, step {(int)Step}";
    public override bool TakesText => Question is not null;
    public override bool IsTyping => Question is { IsTyping: true };

    /// <summary>The card is known when the user was on it: then the first page is answered already.</summary>
    public static WizardScreen For(Model model, Direction direction) =>
        
        (new WizardScreen(model.Configured.With(new SwitchIntent(model.Card!.Address, direction)), WizardStep.Checks)
        {
            IsNewRequest = true,
        }).AtFirst(model);

    public static WizardScreen For(Model model, SwitchIntent intent) => new WizardScreen(intent, WizardStep.Checks).AtFirst(model);

    /// <summary>The first page on which something has to be read or decided; what the others have found is told with the plan.</summary>
    private WizardScreen AtFirst(Model model) => (this with { LastTook = Took(model) }).FirstPage(model);

    /// <summary>How long the same way took this card last time; null where that is not known.</summary>
    public TimeSpan? LastTook { get; init; }

    private TimeSpan? Took(Model model) =>
        model.Run is { Outcome: Switching.Outcome.Switched, Took: { } took } run
            && run.Opening.Intent.Direction == Intent.Direction
            && run.Opening.Intent.Card.SharesSlotWith(Intent.Card)
            ? took
            : null;

    private WizardScreen FirstPage(Model model) =>
        model.Host is null || Required(model) is not { Refused.IsEmpty: true } || IsOnlyCard(model) ? At(WizardStep.Checks)
        : At(HasToDecide(model) ? WizardStep.Holders : WizardStep.Plan);

    private bool HasToDecide(Model model) => (this with { Step = WizardStep.Holders }).Consents(model).Any(consent => consent.IsWanted);

    public override IEnumerable<string> Header(Model model)
    {
        foreach (var part in Tui.Header.Always(model)) yield return part;
        yield return Intent.Headline();
        yield return Step switch
        {
            WizardStep.Confirm => "nothing has been changed yet: this is the last question",
            _ => "nothing has been changed yet",
        };
    }

    public override SnapshotSections Needs(Model model) =>
        Step is WizardStep.Holders or WizardStep.Plan or WizardStep.Confirm ? SnapshotSections.Programs : SnapshotSections.None;

    public override Next Cancel(Model model) => model.Pop();

    /// <summary>What was read must be what is run: a machine that has changed its plan takes the question back.</summary>
    public override Screen Hear(Msg news, Model model) =>
        Asked is { } asked && news is Msg.HostRead && !(Result(model) is PlanResult.Ready { Plan: var now } && now.SameStepsAs(asked))
            ? this with { Step = WizardStep.Plan, Question = null, Asked = null, HasNewPlan = true }
            : this;

    public override Next? OnKey(Key key, Model model)
    {
        if (Question is { } question) return OnAnswer(question, key, model);
        return Step switch
        {
            < WizardStep.Plan when ShowsCommands => Paged(PlanLines(model), key, model),
            WizardStep.Card => Listed(CardRows(model), key, model),
            WizardStep.Checks when key.Is(' ') && IsOnlyCard(model) => SingleGpuKey.Do(model),
            WizardStep.Checks => Listed(CheckRows(model), key, model),
            WizardStep.Holders when key.Is(' ') && !ConsentRows(model).IsEmpty => Toggle(model),
            WizardStep.Holders when (key.Code is KeyCode.Up or KeyCode.Down || key.Is('j') || key.Is('k'))
                && ConsentRows(model).Length > 1 =>
                Listed(ConsentRows(model), key, model),
            WizardStep.Holders => Paged(HolderLines(model), key, model),
            _ => HasCommandsBeside(model) ? PagedBeside(key, model) : Paged(PlanLines(model), key, model),
        };
    }

    private Next? Listed(ImmutableArray<ListRow> rows, Key key, Model model) =>
        Preset(rows).On(key, rows) is { } list ? model.Replace(this with { List = list }) : null;

    private Next? Paged(ImmutableArray<Label> lines, Key key, Model model) =>
        Page.On(key, lines, WizardLayout.For(new Rect(0, 0, model.Width, model.Height - 2)).Inside) is { } page
            ? model.Replace(this with { Page = page })
            : null;

    private Next? OnAnswer(Dialog question, Key key, Model model)
    {
        if ((question.WhyNot(key) ?? question.WhyUnread(key, Room(model))) is { } reason) return model.Warn(reason);
        var (dialog, pressed) = question.On(key);
        if (pressed is null) return ReferenceEquals(dialog, question) ? null : model.Replace(this with { Question = dialog });
        if (pressed.IsSafe || Asked is null) return model.Replace(this with { Step = WizardStep.Plan, Question = null, Asked = null });
        var started = model.Beginning().Replace(new RunningScreen { Expected = Asked });
        return new Next(started, new Effect.BeginRun(Asked));
    }

    private static Rect Room(Model model) => new(0, 0, model.Width, Math.Max(0, model.Height - 2));

    private PlanResult Result(Model model) => model.Host is { } host
        ? SwitchPlanner.Plan(host, Intent.AskedOf(host))
        : new PlanResult.Blocked([new Obstacle.NoSuchDevice(Intent.Card.ToString())]);

    private static readonly SnapshotCache<HostSnapshot, SwitchIntent, RequiredConsents> s_consenting = new();

    private RequiredConsents? Required(Model model) =>
        model.Host is { } host ? s_consenting.Get(host, Intent, () => RequiredConsents.For(host, Intent)) : null;

    private bool AsksForSessions(Model model) => Required(model)?.Sessions == true;

    /// <summary>A rule alone works from the next login on; who wants it now can have the desktop restarted.</summary>
    private bool MayRestartDesktop(Model model) => !Intent.Moves() && model.Host is { } host
        && SwitchPlanner.Plan(host, Intent with { EndSessions = true }) is PlanResult.Ready { Plan.DesktopImpact: DesktopImpact.Restart };

    private bool IsOnlyCard(Model model) => Required(model)?.OnlyCard == true;

    private bool EndsOurDesktop(Model model) => Required(model)?.Refused.Any(obstacle => obstacle is Obstacle.InsideDesktop) == true;

    private bool AsksForHolders(Model model) => Required(model)?.Holders == true;

    /// <summary>Obstacles that the user's consent, asked for in step 3, takes
    /// away; that it is the only card is asked where the checks are.</summary>
    private static bool IsConsent(Obstacle obstacle) => obstacle is not Obstacle.OnlyCard && RequiredConsents.IsConsent(obstacle);

    private WizardScreen At(WizardStep step) =>
        this with
        {
            Step = step,
            Page = new Page(),
            List = new ListView(),
            HasNewPlan = false,
            ShowsCommands = ShowsCommands && step == WizardStep.Plan && Step == WizardStep.Confirm,
        };

    /// <summary>Before the page of the plan, as if everything had been agreed to that it needs:
    /// who wants to know what that would lead to must not have to agree first.</summary>
    private PlanResult Preview(Model model)
    {
        if (Step >= WizardStep.Plan || model.Host is not { } host) return Result(model);
        var card = Step == WizardStep.Card ? ChosenCard(model)?.Address ?? Intent.Card : Intent.Card;
        var intent = Intent with { Card = card };
        var asItIs = SwitchPlanner.Plan(host, intent.AskedOf(host));
        if (asItIs is not PlanResult.Blocked) return asItIs;
        var agreed = RequiredConsents.For(host, intent).Agreed with { SingleGpu = Intent.SingleGpu };
        return SwitchPlanner.Plan(host, agreed.AskedOf(host)) is PlanResult.Ready ready ? ready : asItIs;
    }
}
