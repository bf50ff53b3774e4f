using System.Collections.Immutable;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>How a run ended, as the machine shows it, and what to do next.</summary>
internal sealed record ResultScreen : Screen
{
    /// <summary>Set when the run was not even begun.</summary>
    public (string Problem, string Remedy)? Refused { get; init; }

    /// <summary>The commands of all steps in place of how it ended.</summary>
    public bool ShowsCommands { get; init; }
    public Page Page { get; init; } = new();

    public override string Title => "Result";

    public override IEnumerable<string> Header(Model model)
    {
        yield return model.Run is { } run && Refused is null ? run.Opening.Intent.Headline() : "not begun";
        yield return "the switch has ended";
        if (model.Demo is not null) yield return "demo";
    }

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        new KeyBinding(Key.Enter, "overview", m => m.Pop()) { Aliases = [Key.Escape] },
        CommonKeys.Desktop,
        .. IsGood(model) ? [] : new[] { new KeyBinding(Key.Of('r'), "try again", Again, WhyNotAgain) { Help = "Look at the machine and plan the same switch again." } },
        new KeyBinding(Key.Of('u'), "undo", m => m.Replace(WizardScreen.For(Recovery.UndoOf(m.Journal, m.Host!)!)), WhyNotUndo)
        { Help = "Plan the way back to where the card came from." },
        StepCommands.Key(ShowsCommands, m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page() }), WhyNoCommands),
        LogKeys.Open,
        CommonKeys.Report,
        HelpScreen.Key,
        Leaving.Key,
    ];

    public override Next? OnKey(Key key, Model model) =>
        Page.On(key, Lines(model), Layout(new Rect(0, 0, model.Width, model.Height - 2), model).Inside) is { } page ? model.Replace(this with { Page = page }) : null;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body, model);
        var steps = Refused is null && model.Run is { } run ? RunningScreen.List(run, layout.Steps.Width - 4) : new StepList([]);
        return layout.Panels(steps, model, ShowsCommands ? "What was done" : "Result", layout.Text(Page, Lines(model)));
    }

    /// <summary>After a success the lines to copy need the width more than the ticks do.</summary>
    private WizardLayout Layout(Rect body, Model model) => WizardLayout.For(body, body.Width < (IsGood(model) ? 130 : 100) ? 0 : RunningScreen.StepsWidth(body.Width), logPart: 4);

    private bool IsGood(Model model) => Refused is null && model.Run?.Outcome == Outcome.Switched;

    private ImmutableArray<Label> Lines(Model model) =>
        Refused is { } refused ? [new Label("The switch was not begun, and nothing was changed.", Look.Warn), "", refused.Problem, $"-> {refused.Remedy}"]
        : model.Run is not { } run ? []
        : ShowsCommands ? StepCommands.Of(run)
        : Aftermath.Of(run, model);

    private string? WhyNoCommands(Model model) => Refused is null && model.Run is not null ? null : "It was not begun, so no command was run.";

    private static Next Again(Model model) => new(model.Replace(WizardScreen.For(model.Run!.Opening.Intent)), new Effect.ReadHost());

    private string? WhyNotAgain(Model model) => model.Host is null ? "The machine has not been looked at yet."
        : Refused is not null || model.Run is null ? "It was not begun; Enter goes back, v or h begins again." : null;

    private static string? WhyNotUndo(Model model) => model.Host is not { } host ? "The machine has not been looked at yet."
        : Recovery.UndoOf(model.Journal, host) is not { } back ? "There is nothing to undo."
        : SwitchPlanner.Plan(host, back) is PlanResult.AlreadyThere ? "The card is where it came from; there is nothing to undo."
        : null;
}
