using System.Collections.Immutable;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>A run as it goes: which steps are done, what is waited for and how long still. It goes on without this screen.</summary>
internal sealed partial record RunningScreen : Screen
{
    /// <summary>The plan that was handed in, until the worker's first word.</summary>
    public SwitchPlan? Expected { get; init; }

    /// <summary>"Roll everything back?"</summary>
    public Dialog? Question { get; init; }

    /// <summary>The commands of all steps in place of the story of the one that runs.</summary>
    public bool ShowsCommands { get; init; }
    public Page Page { get; init; } = new();

    /// <summary>The user reads elsewhere; until then the commands follow the step that runs.</summary>
    public bool IsScrolled { get; init; }

    /// <summary>The user has asked for it, and the worker has not begun yet.</summary>
    public bool HasAskedBack { get; init; }

    public override string Title => "Running switch";
    public override bool TakesText => Question is not null;
    public override bool IsTyping => Question is { IsTyping: true };

    public override IEnumerable<string> Header(Model model)
    {
        foreach (var part in Tui.Header.Always(model)) yield return part;
        var intent = model.Run?.Opening.Intent ?? Expected?.Intent;
        yield return intent?.Headline() ?? "a switch";
        yield return model.Run?.IsTakingBack == true ? "rolling everything back"
            : HasAskedBack ? "rolled back as soon as this step ends" : "this goes on without the screen";
    }

    public override ImmutableArray<KeyBinding> Keys(Model model) => Question is { } question ? QuestionScreen.Of(question) :
    [
        .. Consent(model) is { } step
            ? [new KeyBinding(Key.Enter, "keep it", m => new Next(m, new Effect.Ask(new RunRequest.Keep(step))))
            {
                Help = "You can read this, so the switch may stay. Without an answer everything is rolled back.",
                IsPinned = true,
            }]
            : HeldUpKeys(model),
        new KeyBinding(Key.Of('t'), "take back", Ask, WhyNotTakeBack)
        {
            Help = "Stop here and roll everything back that was done.",
            IsPinned = true,
        },
        StepCommands.Key(
            ShowsCommands, m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page(), IsScrolled = false })),
        LogKeys.Open,
        new KeyBinding(Key.Escape, "overview", m => m.Pop())
        {
            Help = "Look at the machine meanwhile; s comes back here. The switch goes on.",
        },
        CommonKeys.Desktop with { InBar = false },
        CommonKeys.Report with { InBar = false },
        QuitKey.Key with { Label = "leave" },
        HelpScreen.Key,
    ];

    public override Next Cancel(Model model) =>
        WhyNotTakeBack(model) is { } reason ? model.Warn(reason) : Ask(model);

    public override Screen Hear(Msg news, Model model) => news switch
    {
        Msg.RunRefused refused => new ResultScreen { Refused = (refused.Problem, refused.Remedy) },
        Msg.RunReported { Event: RunEvent.Closed } => new ResultScreen(),
        // The worker exited without writing a closing event.
        Msg.RunLeft => model.Run is { IsClosed: true } ? new ResultScreen() : new RecoveryScreen(),
        _ => this,
    };

    public override Next? OnKey(Key key, Model model)
    {
        if (Question is not { } question)
            return ShowsCommands && PageOf(model).On(key, CommandLines(model), Room(model)) is { } page
                ? model.Replace(this with { Page = page, IsScrolled = true })
                : null;
        var (dialog, pressed) = question.On(key);
        if (pressed is null) return ReferenceEquals(dialog, question) ? null : model.Replace(this with { Question = dialog });
        if (pressed.IsSafe) return model.Replace(this with { Question = null });
        return new Next(model.Replace(this with { Question = null, HasAskedBack = true }), new Effect.TakeBack());
    }

    private Next Ask(Model model)
    {
        var done = model.Run?.Steps.Count(step => step.Status == StepStatus.Done) ?? 0;
        var final = model.Run?.Steps.Count(step => step.Status == StepStatus.Done && step.Step.Undo() is null && !step.Step.NeedsNoUndo())
            ?? 0;
        ImmutableArray<Label> lines =
        [
            done == 0
                ? "Nothing has been done yet; the run ends."
                : $"{done} of {Counted.Of(model.Run!.Steps.Length, "step")} {(done == 1 ? "is done and is" : "are done and are")} "
                    + "rolled back in reverse.",
            .. final > 0
                ? [new Label($"{final} of them cannot be undone: closed sessions stay closed.", Look.Warn)]
                : ImmutableArray<Label>.Empty,
        ];
        return new Next(model.Replace(this with
        {
            Question = new Dialog(
                "Roll everything back?",
                lines,
                new DialogButton("Go on with the switch", 'n', IsSafe: true),
                new DialogButton("Take back", 'y')),
        }), new Effect.ForgetTyped());
    }

    private string? WhyNotTakeBack(Model model) =>
        model.Run is not { } run ? "The worker has not begun yet."
        : run.IsClosed ? "The run has ended."
        : run.IsTakingBack || HasAskedBack ? "It is being rolled back already."
        : null;
}
