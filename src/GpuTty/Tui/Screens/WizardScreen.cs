using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The pages of a switch, as the list at the left counts them. The last two are screens of their own.</summary>
internal enum WizardStep { Card = 1, Checks, Holders, Plan, Confirm, Run, Result }

/// <summary>
/// A page on the way from "I want the card there" to a confirmed plan: its title, its text, its keys, and whether one can go on.
/// Nothing is written to the machine before the last yes.
/// </summary>
internal abstract record WizardScreen(WizardRequest Request) : Screen
{
    protected const int WideEnough = 130;
    protected const string AnotherRuns = "A switch is running already.";

    /// <summary>How far the text is scrolled.</summary>
    public Page Page { get; init; } = new();

    /// <summary>The exact commands are shown: before the page of the plan in place of what the page says.</summary>
    public bool ShowsCommands { get; init; }

    public SwitchIntent Intent => Request.Intent;

    public abstract WizardStep Step { get; }

    public override string Title => $"{Intent.Headline()}, step {(int)Step}";

    /// <summary>The heading of the page.</summary>
    protected abstract string Heading(SwitchOutlook on);

    /// <summary>What the page shows.</summary>
    public abstract ImmutableArray<PanelPart> Parts(Rect room, Model model);

    /// <summary>Keys that move, and those of rows.</summary>
    protected abstract Next? OnPage(Key key, Model model);

    /// <summary>Where Esc leads; null on the first page.</summary>
    protected abstract WizardScreen? Before { get; }

    protected abstract Next Forward(Model model);

    /// <summary>Why Enter does not go on, but for what holds on every page; null when it does.</summary>
    protected abstract string? WhyNotOn(Model model);

    /// <summary>Keys of this page that come before the way on.</summary>
    protected virtual IEnumerable<KeyBinding> FirstKeys(SwitchOutlook on) => [];

    protected virtual IEnumerable<KeyBinding> OwnKeys(SwitchOutlook on) => [];

    /// <summary>Keys of this page that come after all others that only it has.</summary>
    protected virtual IEnumerable<KeyBinding> LastKeys(SwitchOutlook on) => [];

    /// <summary>The commands stand beside the steps, as there is room for both.</summary>
    protected virtual bool HasCommandsBeside(Model model) => false;

    /// <summary>The plan that this page would lead to.</summary>
    protected virtual SwitchOutlook PreviewOf(Model model) => On(model);

    protected SwitchOutlook On(Model model) => SwitchOutlook.Of(model.Host!, Request);

    /// <summary>The card is known when the user was on it: then the first page is answered already.</summary>
    public static WizardScreen For(Model model, Direction direction) =>
        For(model, model.Configured.With(new SwitchIntent(model.Card!.Address, direction)), isNew: true);

    /// <summary>The first page on which something has to be read or decided; what the others have found is told with the plan.</summary>
    public static WizardScreen For(Model model, SwitchIntent intent, bool isNew = false)
    {
        var request = WizardRequest.For(model, intent, isNew);
        var on = SwitchOutlook.Of(model.Host!, request);
        return !on.Required.Refused.IsEmpty || on.Required.OnlyCard ? new ChecksPage(request)
            : on.HasToDecide ? new ConsentsPage(request)
            : new PlanPage(request);
    }

    public override IEnumerable<string> Header(Model model) =>
    [
        .. Tui.Header.Always(model),
        Intent.Headline(),
        Unchanged(model),
    ];

    protected static string Unchanged(Model model) =>
        model.Recovery is null ? "nothing has been changed yet" : "nothing more has been changed yet";

    public override SnapshotSections Needs(Model model) =>
        Step >= WizardStep.Holders ? SnapshotSections.Programs : SnapshotSections.None;

    public override Next Cancel(Model model) => model.Pop();

    protected override ImmutableArray<KeyBinding> KeysHere(Model model)
    {
        var on = On(model);
        return
        [
            .. FirstKeys(on),
            new KeyBinding(Key.Enter, "continue", Forward, WhyNotForward)
            { Help = "The next page. Nothing is changed before the last question is answered with yes." },
            .. on.NeedsOtherConsole ? [CommonKeys.Console with { InBar = true }] : ImmutableArray<KeyBinding>.Empty,
            .. OwnKeys(on),
            StepCommands.Key(
                ShowsCommands,
                m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page() }),
                m => HasCommandsBeside(m) ? "They stand beside the steps." : null)
                with { InBar = (Step == WizardStep.Plan || ShowsCommands) && !HasCommandsBeside(model) },
            .. LastKeys(on),
            new KeyBinding(Key.Escape, Before is null ? "leave" : "back", m => Before is { } page ? m.Replace(page) : m.Pop())
            {
                Aliases = [Key.Backspace],
                Help = "The page before. Nothing has been changed.",
                IsPinned = true,
            },
            LogKeys.Open with { InBar = false },
            CommonKeys.Look,
            CommonKeys.Report with { InBar = false },
            CopyKey.Key,
            CommonKeys.Desktop with { InBar = false },
            new KeyBinding(Key.Of('q'), "cancel", m => m.Pop())
            {
                Aliases = [Key.F(10)],
                Help = "Back to where you came from. Nothing has been changed.",
            },
            HelpScreen.Key,
        ];
    }

    public override ImmutableArray<string> ToCopy(Model model) =>
        PreviewOf(model).Preview is PlanResult.Ready { Plan: var plan } ? StepCommands.ToCopy(plan.Steps) : [];

    public override Next? OnKey(Key key, Model model) => IsPreview ? Scrolled(PreviewLines(model), key, model) : OnPage(key, model);

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = WizardLayout.For(body);
        return layout.Panels(
            new([.. Enum.GetValues<WizardStep>().Select(step => new StepLine(layout.Steps.IsEmpty ? $"{step}" : $"{(int)step} {step}",
                step < Step ? StepStatus.Done : step == Step ? StepStatus.Running : StepStatus.Waiting))]),
            model,
            IsPreview ? "What would be done" : Heading(On(model)),
            IsPreview ? [layout.Text(Page, PreviewLines(model))] : Parts(layout.Room, model));
    }

    protected Next? Scrolled(IEnumerable<Label> lines, Key key, Model model) =>
        Page.On(key, lines, Room(model)) is { } page ? model.Replace(this with { Page = page }) : null;

    /// <summary>Where the text is read.</summary>
    protected static Rect Room(Model model) => WizardLayout.For(model.Body).Inside;

    /// <summary>A list, and beside or below it the story of the selected row.</summary>
    protected static ImmutableArray<PanelPart> ListParts(
        Rect room, ListState view, ImmutableArray<ListRow> rows, ImmutableArray<Column> columns, ImmutableArray<Label> story)
    {
        var told = WordWrap.Labels(story, Math.Max(1, room.Width)).Length;
        var height = Math.Clamp(rows.Length + 1, Math.Min(3, room.Height), Math.Max(Math.Min(3, room.Height), room.Height - told));
        var (list, below) = room.Width >= WideEnough - 24 ? PlanPage.Halves(room) : room.SplitTop(height);
        return [
            new PanelPart(list, view.Shown(columns, rows, focused: true, list.Width, list.Height)) { HasCursor = true },
            new PanelPart(below, new Page().Shown(story, below.Width, below.Height)),
        ];
    }

    private bool IsPreview => ShowsCommands && Step < WizardStep.Plan;

    private ImmutableArray<Label> PreviewLines(Model model) =>
        PreviewOf(model) is var on ? PlanLines.Of(on, on.Preview, withCommands: true) : [];

    private string? WhyNotForward(Model model) =>
        model.IsRunning ? AnotherRuns
        : model.NeedsRestart ? Model.OnlyRestartHelps
        : WhyNotOn(model);
}
