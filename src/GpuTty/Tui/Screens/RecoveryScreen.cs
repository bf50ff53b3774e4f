using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The first screen when a switch of this boot did not end well: what happened, how things stand, and the two ways out.</summary>
internal sealed record RecoveryScreen : TextScreen
{
    public override string Title => "Recovery";

    public override IEnumerable<string> Header(Model model)
    {
        foreach (var part in Tui.Header.Always(model)) yield return part;
        yield return "a switch was interrupted";
        yield return "nothing is done before you choose";
    }

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Key.Of('t'), "roll back", m => m.Push(WizardScreen.For(m, m.Recovery!.TakeBack)), WhyNotPlan)
        {
            Help = "Plan the way back to where the card came from. You see the plan first.",
            Words = "undo",
        },
        new KeyBinding(Key.Of('R'), "resume", m => m.Push(WizardScreen.For(m, m.Recovery!.Resume)), WhyNotPlan)
        {
            Help = "Plan the rest of the way to where the card was going. You see the plan first.",
            Words = "go on continue",
        },
        new KeyBinding(Key.Of('D'), "forget it", m => QuestionScreen.Ask(m, Dismissal(m.Recovery!)), WhyNot)
        {
            InBar = false,
            Help = "Nothing is changed: the card stays as it is now, and this switch is not offered any more. You are asked first.",
            Words = "dismiss leave it as it is",
        },
        new KeyBinding(Key.Enter, "look around", m => m.Pop())
        {
            Aliases = [Key.Escape],
            Help = "Look at the machine first; nothing is changed.",
        },
        new SwitchKeys(m => m.Card).Rescan,
        LogKeys.Open,
        CommonKeys.Report,
        CopyKey.Key,
        CommonKeys.Desktop with { InBar = false },
        CommonKeys.Look,
        HelpScreen.Key,
        QuitKey.Key,
    ];

    /// <summary>Nothing can be chosen here while another switch runs.</summary>
    public override Screen Hear(Msg news, Model model) =>
        news is Msg.RunReported { Event: RunEvent.Opened } ? new RunningScreen() : this;

    /// <summary>Once nothing is left to recover there is nothing to choose here.</summary>
    public override string? WhyGone(Msg news, Model model) =>
        model.Host is null || model.IsRunning || model.Recovery is not null ? null
        : ReferenceEquals(model.Top, this) ? "Nothing is left of the interrupted switch."
        : "";

    protected override Rect Room(Model model) => Layout(model.Body).Inside;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body);
        var steps = model.Recovery?.Run is { } run ? StepList.Of(run, layout.Steps.Width - 4) : new StepList([]);
        return layout.Panels(steps, model, "A switch was interrupted", layout.Text(Page, Lines(model)));
    }

    private static WizardLayout Layout(Rect body) =>
        WizardLayout.For(body, body.Width < 100 ? 0 : RunningScreen.StepsWidth(body.Width), logPart: 4);

    private static string? WhyNotPlan(Model model) => WhyNot(model) ?? (model.NeedsRestart ? Model.OnlyRestartHelps : null);

    private static string? WhyNot(Model model) => model.Recovery is null ? "There is nothing left to recover; Enter goes on." : null;

    protected override ImmutableArray<Label> Lines(Model model)
    {
        if (model.Recovery is not { } recovery) return ["There is nothing left to recover."];
        var run = recovery.Run;
        return
        [
            new Label(
                $"The switch of {run.Opening.Intent.Headline()}, begun at {model.Local(run.Opening.At):HH:mm}, was interrupted.",
                Theme.Warn.Bold),
            // What can be chosen stands first: on a small screen the rest is below it.
            Way('t', "roll back", recovery.TakeBack, model.Host!),
            Way('R', "resume", recovery.Resume, model.Host!),
            "  D      forget it, and change nothing",
            "  Enter  look around; s leads back here",
            "",
            .. model.NeedsRestart ? [new Label(Model.OnlyRestartHelps, Theme.Bad)] : ImmutableArray<Label>.Empty,
            $"{StepCounts.Sentence(run)}{Stopped(run)}.",
            .. run.Summary is { } summary ? [Here(summary)] : ImmutableArray<Label>.Empty,
            .. run.DesktopRestored && run.Summary is null ? ["The desktop has been started again."] : ImmutableArray<Label>.Empty,
            "",
            new Label("The card now", Theme.Strong),
            .. State(recovery, model.Host!),
        ];
    }

    /// <summary>To forget a run is the one thing here that no plan shows first.</summary>
    private static QuestionScreen Dismissal(InterruptedRun recovery) => new(
        new Question(
            "Forget the interrupted switch?",
            [
                $"The switch of {recovery.Run.Opening.Intent.Headline()} is not offered to be rolled back or resumed any more.",
                "Nothing is changed: the card stays as it is now. What its drivers were stays saved, so h and v can still move it.",
            ],
            "Forget it"),
        (_, model) => model.Recovery is { Run.Opening: var run }
            ? new Next(model.Dismissing(run).Pop(), new Effect.Dismiss(run))
            : model)
    {
        WhyMoot = model => model.Recovery is not null ? null
            : model.IsRunning ? "Another switch has begun."
            : "Nothing is left of the interrupted switch.",
    };

    /// <summary>The recovery speaks to whoever reads the log; who reads this has started gputty.</summary>
    private static string Here(string summary) => summary.Replace(CrashRecovery.GoOn, "", StringComparison.Ordinal).TrimEnd();

    private static string Stopped(RunState run) =>
        run.Steps.FirstOrDefault(step => step.Status is StepStatus.Running or StepStatus.Failed) is { } step
            ? $"; it stopped at: {step.Step.Describe()}"
            : "";

    private static IEnumerable<Label> State(InterruptedRun recovery, HostSnapshot host) =>
        Card.FindAt(host, recovery.Run.Opening.Intent.Card) is not { } card ? [new Label("  is gone", Theme.Bad)]
        : card.Functions.Select(function =>
            new Label($"  {function.Address.ShortName} {function.Class.Name}: {Panels.DeviceText.Driver(function).Text}"));

    /// <summary>A choice, and what it would lead to.</summary>
    private static Label Way(char key, string what, SwitchIntent intent, HostSnapshot host)
    {
        var line = $"  {key}      {what}{(intent.Moves() ? $" {intent.Way()}" : "")}";
        return SwitchPlanner.Plan(host, intent) switch
        {
            PlanResult.Ready ready => $"{line}: {Counted.Of(ready.Plan.Steps.Length, "step")}",
            PlanResult.AlreadyThere => new Label($"{line}: it is so already", Theme.Good),
            PlanResult.Blocked blocked => new Label($"{line}: {blocked.Obstacles[0].Problem}", Theme.Warn),
            _ => line,
        };
    }
}
