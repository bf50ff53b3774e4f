using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <content>What a person may ask of a run that waits: to keep it, to stop whoever holds it up, to wait on.</content>
internal sealed partial record RunningScreen
{
    /// <summary>The step that waits for a person's word; null when none does.</summary>
    public static int? Consent(Model model) => Waiting(model) is { } at && model.Run!.Steps[at].Step is AwaitConsent ? at : null;

    /// <summary>A service that holds the card while a step waits for it to let go, and that a plan could stop as well.</summary>
    private static UnitName? HoldsUp(Model model) =>
        IsHeldUp(model) && model.Host is { } host
            ? HolderPlan.During(host, model.Run!.Opening.Intent.Card, model.Run.Opening.Steps).Units
                .Except(Stopped(model.Run))
                .FirstOrDefault()
            : null;

    /// <summary>What the run itself has stopped still holds the card in a look that is a moment old.</summary>
    private static IEnumerable<UnitName> Stopped(RunState run) =>
        run.Steps.Where(step => step.Status == StepStatus.Done).Select(step => step.Step).OfType<StopUnit>().Select(step => step.Unit);

    /// <summary>Only where the run itself says what it waits for.</summary>
    private static bool IsHeldUp(Model model) =>
        Waiting(model) is { } at && model.Run!.Steps[at] is { Note: not null, Step: not AwaitConsent };

    private static int? Waiting(Model model) =>
        model.Run is { IsClosed: false, IsTakingBack: false, Current: >= 0 } run ? run.Current : null;

    private static ImmutableArray<KeyBinding> HeldUpKeys(Model model) => !IsHeldUp(model) || Waiting(model) is not { } at ? [] :
    [
        .. HoldsUp(model) is { } unit
            ? [new KeyBinding(
                Key.Of('x'),
                "stop it",
                m => new Next(m.Asked($"Asked to stop {unit}.", NoticeUntil.Run), new Effect.Ask(new RunRequest.Stop(at, unit))))
                { Help = $"Stop {unit}, which holds the card, as one more step of this switch; it is rolled back with the others." }]
            : ImmutableArray<KeyBinding>.Empty,
        new KeyBinding(
            Key.Of('+'),
            "wait longer",
            m => new Next(m.Asked("Asked to wait longer.", NoticeUntil.Run), new Effect.Ask(new RunRequest.WaitOn(at))))
        {
            Help = "Give this step as long again; two minutes in all.",
        },
    ];
}
