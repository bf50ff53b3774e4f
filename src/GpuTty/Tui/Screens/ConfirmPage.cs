using System.Collections.Immutable;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 5: the last question, over the plan that it is about.</summary>
/// <param name="Plan">The page of the plan: what is seen, and where no leads.</param>
/// <param name="Asked">The plan that is agreed to.</param>
internal sealed record ConfirmPage(PlanPage Plan, SwitchPlan Asked, Question Question) : WizardScreen(Plan.Request)
{
    /// <summary>The question itself shows every write and command.</summary>
    public bool WithCommands { get; init; }

    public override WizardStep Step => WizardStep.Confirm;
    public override bool TakesText => true;
    public override bool IsTyping => Question.IsTyping;

    protected override WizardScreen Before => Plan;

    protected override string Heading(SwitchOutlook on) => "Do it?";

    public override ImmutableArray<PanelPart> Parts(Rect room, Model model) => Plan.Parts(room, model);

    public override ScreenPanels? Over(Rect body) => Question.Picture(body);

    public override IEnumerable<string> Header(Model model) =>
    [
        .. Tui.Header.Always(model),
        Intent.Headline(),
        $"{Unchanged(model)}: this is the last question",
    ];

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        .. Question.IsRead(model.Body)
            ? []
            : new[] { new KeyBinding(Key.Down, "read on", m => m) { Help = "What is lost has to be read before it can be agreed to." } },
        .. QuestionScreen.Of(Question),
        StepCommands.Key(WithCommands, Turned, _ => Question.IsTyping ? "Tab leaves the field first." : null),
    ];

    /// <summary>What was read must be what is run: a machine that has changed its plan takes the question back.</summary>
    public override Screen Hear(Msg news, Model model) =>
        news is not Msg.HostRead ? this
        : On(model).Result is PlanResult.Ready { Plan: var now } && now.SameStepsAs(Asked)
            ? this with { Asked = now, Question = Question.Now(Confirmation.Of(now, model.Host!, WithCommands)) }
        : Plan with { HasNewPlan = true };

    protected override Next? OnPage(Key key, Model model)
    {
        var (question, answer, why) = Question.Press(key, model.Body);
        if (answer is { } isYes)
            return !isYes ? model.Replace(Plan)
                : model.IsRunning ? model.Warn(AnotherRuns)
                : new Next(model.Beginning(Asked).OverOverview(new RunningScreen()), new Effect.BeginRun(Asked));
        if (why is null && ReferenceEquals(question, Question)) return null;
        var asked = model.Replace(this with { Question = question });
        return why is null ? asked : asked.Warn(why);
    }

    /// <summary>Only the button of the question goes on.</summary>
    protected override Next Forward(Model model) => model;

    protected override string? WhyNotOn(Model model) => null;

    private Next Turned(Model model) => model.Replace(this with
    {
        WithCommands = !WithCommands,
        Question = Question with { Lines = Confirmation.Of(Asked, model.Host!, !WithCommands).Lines, Scrolled = 0 },
    });
}
