using System.Collections.Immutable;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>How a run ended, as the machine shows it, and what to do next.</summary>
internal sealed record ResultScreen : TextScreen
{
    /// <summary>Set when the run was not even begun.</summary>
    public (string Problem, string Remedy)? Refused { get; init; }

    /// <summary>The commands of all steps in place of how it ended.</summary>
    public bool ShowsCommands { get; init; }

    public override string Title => "Result";

    public override IEnumerable<string> Header(Model model)
    {
        foreach (var part in Tui.Header.Always(model)) yield return part;
        yield return model.Run is { } run && Refused is null ? run.Opening.Intent.Headline() : "not begun";
        if (Refused is null) yield return "the switch has ended";
    }

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Key.Enter, "overview", m => m.Pop()) { Aliases = [Key.Escape] },
        // What was in the way of this switch.
        .. Refused is null ? [] : ImmutableArray.Create(ShowKey.Of(model) with { InBar = model.IsRunning }),
        CommonKeys.Desktop,
        .. IsGood(model)
            ? []
            : new[]
            {
                new KeyBinding(Key.Of('R'), "try again", Again, WhyNotAgain)
                {
                    Help = "Look at the machine and plan the same switch again.",
                },
            },
        SwitchKeys.Undo,
        .. new SwitchKeys(MovedCard).Moves(model).Select(key => key with { InBar = false }),
        StepCommands.Key(ShowsCommands, m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page() }), WhyNoCommands),
        new SwitchKeys(MovedCard).Rescan is var rescan && rescan.Reason(model) is null ? rescan with { InBar = true } : rescan,
        CommandKeys.Hook with
        {
            InBar = IsGood(model) && model.Host?.Libvirt is { IsInstalled: true, Hook: HookPresence.Absent }
                && model.Run?.Opening.Intent.Direction == Direction.ToVm,
        },
        LogKeys.Open,
        CommonKeys.Report,
        CopyKey.Key,
        CommonKeys.Look,
        HelpScreen.Key,
        QuitKey.Key,
    ];

    /// <summary>What has ended is not what runs now.</summary>
    public override Screen Hear(Msg news, Model model) =>
        news is Msg.RunReported { Event: RunEvent.Opened } && Refused is null ? new RunningScreen() : this;

    public override ImmutableArray<string> ToCopy(Model model) => ShowsCommands && model.Run is { } run
        ? StepCommands.ToCopy(run.Steps.Select(step => step.Step))
        : base.ToCopy(model);

    protected override Rect Room(Model model) => Layout(model.Body, model).Inside;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body, model);
        var steps = Refused is null && model.Run is { } run ? StepList.Of(run, layout.Steps.Width - 4) : new StepList([]);
        return layout.Panels(steps, model, ShowsCommands ? "What was done" : "Result", layout.Text(Page, Lines(model)));
    }

    /// <summary>After a success the lines to copy need the width more than the ticks do.</summary>
    private WizardLayout Layout(Rect body, Model model) =>
        WizardLayout.For(body, body.Width < (IsGood(model) ? 130 : 100) ? 0 : RunningScreen.StepsWidth(body.Width), logPart: 4);

    private bool IsGood(Model model) => Refused is null && model.Run?.Outcome == Outcome.Switched;

    protected override ImmutableArray<Label> Lines(Model model) =>
        Refused is { } refused
            ? [new Label("The switch was not begun, and nothing was changed.", Theme.Warn), "", refused.Problem, $"-> {refused.Remedy}"]
            : model.Run is not { } run ? []
        : ShowsCommands ? StepCommands.Of(run)
        : ResultText.Of(run, model);

    private string? WhyNoCommands(Model model) =>
        Refused is null && model.Run is not null ? null : "It was not begun, so no command was run.";

    private static Next Again(Model model) => new(model.Push(WizardScreen.For(model, model.Run!.Opening.Intent)), new Effect.ReadHost());

    private string? WhyNotAgain(Model model) => model.Host is null ? Model.NotLooked
        : model.NeedsRestart ? Model.OnlyRestartHelps
        : Refused is not null || model.Run is null ? "It was not begun; Enter goes back, v or h begins again." : null;

    /// <summary>The card that the run was about.</summary>
    private static Card? MovedCard(Model model) =>
        model.Host is { } host && model.Run is { } run ? Card.FindAt(host, run.Opening.Intent.Card) : model.Card;
}
