using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What a person may ask of a run that waits: to keep it, to stop whoever holds it up, to wait longer.</summary>
internal static class RunWaits
{
    /// <summary>The step that waits for a person's word; null when none does.</summary>
    public static int? Consent(Model model) => model.Followed?.AwaitedConsent;

    public static ImmutableArray<KeyBinding> Keys(Model model) => HeldUp(model) is not { } at ? [] :
    [
        .. HoldsUp(model) is { } unit
            ? [new KeyBinding(
                Key.Of('x'),
                "stop it",
                m => new Next(m.Asked($"Asked to stop {unit}.", NoticeUntil.Run), new Effect.Ask(new RunRequest.Stop(at, unit))))
                {
                    Help = $"Stop {unit}, which holds the card, as one more step of this switch; "
                        + (Holders(model).IsIrreversible(unit) ? "it cannot be started again." : "it is rolled back with the others."),
                }]
            : ImmutableArray<KeyBinding>.Empty,
        new KeyBinding(
            Key.Of('+'),
            "wait longer",
            m => new Next(m.Asked("Asked to wait longer.", NoticeUntil.Run), new Effect.Ask(new RunRequest.WaitOn(at))))
        {
            Help = "Give this step as long again; two minutes in all.",
        },
    ];

    /// <summary>The same in whole words; the bottom line has room for short ones only.</summary>
    public static IEnumerable<Label> Choices(Model model) => HeldUp(model) is null ? [] :
    [
        "",
        .. HoldsUp(model) is { } unit ? [$"x stop {unit}"] : ImmutableArray<Label>.Empty,
        "+ wait longer",
    ];

    /// <summary>A service that holds the card while a step waits for just that, and that a plan could stop as well.
    /// What the run itself has stopped still holds the card in a look that is a moment old.</summary>
    private static UnitName? HoldsUp(Model model) =>
        HeldUp(model) is { } at && model.Run!.Steps[at].Step is AwaitRelease or UnloadModule or UnbindDevice && model.Host is not null
            ? Holders(model).Units
                .Except(model.Run.Steps.Where(step => step.Status == StepStatus.Done)
                    .Select(step => step.Step switch { StopUnit stop => stop.Unit, EndUnit end => end.Unit, _ => null })
                    .OfType<UnitName>())
                .FirstOrDefault()
            : null;

    private static HolderPlan Holders(Model model) =>
        HolderPlan.During(model.Host!, model.Run!.Opening.Intent.Card, model.Run.Opening.Steps);

    /// <summary>The step that waits, only where the run itself says what for.</summary>
    private static int? HeldUp(Model model) =>
        Waiting(model) is { } at && model.Run!.Steps[at] is { Note: not null, Step: not AwaitConsent } ? at : null;

    private static int? Waiting(Model model) =>
        model.Followed is { IsClosed: false, IsTakingBack: false, Current: >= 0 } run ? run.Current : null;
}
