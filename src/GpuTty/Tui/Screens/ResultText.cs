using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What a run has left behind, in words: told from a look at the machine, not from the run's own belief.</summary>
internal static class ResultText
{
    public static ImmutableArray<Label> Of(RunState run, Model model) =>
    [
        .. model.NeedsRestart
            ? [new Label($"{Model.OnlyRestartHelps} Save your work, then reboot. Nothing is damaged.", Theme.Bad), ""]
            : ImmutableArray<Label>.Empty,
        new Label(InShort(run, model) ?? "How the run ended is unknown.", Headline(run)),
        "",
        .. Took(run),
        .. Failure(run, model),
        .. Seen(run, model),
        .. run.Outcome == Outcome.Switched && run.Opening.Intent.Moves() ? NextSteps(run, model) : [],
    ];

    /// <summary>Without what is said once more elsewhere: that only a reboot helps above, which steps are left below.</summary>
    private static string? InShort(RunState run, Model model) =>
        model.NeedsRestart && Failed(model) is { } failed
            ? run.SummaryWithoutSteps?.Replace($" {failed.Remedy}", "", StringComparison.Ordinal)
            : run.SummaryWithoutSteps;

    private static RunEvent.Failed? Failed(Model model) => model.Journal.OfType<RunEvent.Failed>().FirstOrDefault();

    private static Terminal.Style Headline(RunState run) => run.Outcome switch
    {
        Outcome.Switched => Theme.Good.Bold,
        Outcome.TakenBack or Outcome.Refused => Theme.Warn.Bold,
        _ => Theme.Bad,
    };

    private static IEnumerable<Label> Took(RunState run)
    {
        var closed = run.Steps
            .Where(step => step.Step is EndSession && step.Status is not StepStatus.Waiting)
            .Select(step => ((EndSession)step.Step).Label)
            .ToList();
        if (closed.Count > 0) yield return $"Closed: {string.Join(", ", closed)}";
        if (run.Took is { } took) yield return $"It took {Counted.Seconds(took)}.";
        if (closed.Count > 0 || run.Took is not null) yield return "";
    }

    private static IEnumerable<Label> Failure(RunState run, Model model)
    {
        if (Failed(model) is { } failed)
        {
            var isRequested = failed.IsRequested();
            yield return new Label(isRequested ? "Stopped at" : "What failed", Theme.Strong);
            yield return $"  step {failed.Step + 1}: {run.Steps[Math.Clamp(failed.Step, 0, run.Steps.Length - 1)].Step.Describe()}";
            if (run.Summary?.Contains(failed.Problem, StringComparison.Ordinal) != true)
                yield return new Label($"  {failed.Problem}", Theme.Bad);
            if (!isRequested && !model.NeedsRestart) yield return $"  -> {RemedyOf(failed, run)}";
            if (isRequested) yield return "  -> R plans the same switch again.";
            yield return "";
        }
        foreach (var untried in run.Steps.Where(step => step.IsUntried).GroupBy(step => step.Note))
        {
            yield return new Label($"Not rolled back: {string.Join("; ", untried.Select(step => step.Step.Describe()))}", Theme.Bad);
            yield return $"  {untried.Key!}";
            yield return "";
        }
        foreach (var left in run.Steps.Where(step => step.Status == StepStatus.NotTakenBack && !step.IsUntried))
        {
            yield return new Label($"Not rolled back: {left.Step.Describe()}", Theme.Bad);
            yield return $"  {left.Note}";
            yield return $"  -> {left.Remedy}";
            yield return "";
        }
        if (run.DesktopRestored) yield return "The desktop was started again by the recovery.";
    }

    /// <summary>A program that was asked and did not end: nothing else would help but force.</summary>
    private static string RemedyOf(RunEvent.Failed failed, RunState run) =>
        run.Steps.ElementAtOrDefault(failed.Step)?.Step is EndProcess { Signal: EndSignal.Terminate } end
            ? $"{end.Name} ({end.Pid}) was asked to end and did not. Close it yourself, or: R, then e and E to have it killed."
            : failed.Remedy.Replace("then try again.", "then R.", StringComparison.Ordinal);

    /// <summary>What the last look shows; the snapshot after a run is read as soon as it ends.</summary>
    private static IEnumerable<Label> Seen(RunState run, Model model)
    {
        if (model.Host is not { } host || Card.FindAt(host, run.Opening.Intent.Card) is not { } card) yield break;
        yield return new Label("As the machine shows it", Theme.Strong);
        foreach (var function in card.Functions)
            yield return new Label(
                $"  {function.Address.ShortName} {function.Class.Name}: {DeviceText.Driver(function).Text}",
                DeviceText.Driver(function).Style);
        if (card.Owner == Owner.Vfio && host.GroupOf(card.Display) is { } group)
            yield return $"  group {group.Number}: {GroupVerdict.Of(host, group).InBrief}, /dev/vfio/{group.Number}";
        if (host.DisplayManager is { } manager) yield return $"  {manager.Unit.Name}: {manager.Unit.ActiveState}";
        yield return "";
    }

    private static IEnumerable<Label> NextSteps(RunState run, Model model)
    {
        yield return new Label("What to do next", Theme.Strong);
        if (run.Opening.Intent.Direction == Direction.ToHost)
        {
            if (CommonKeys.Desktop.Reason(model) is null) yield return "  d goes to the desktop.";
            yield return "  v moves the card to the VM again.";
            yield break;
        }
        yield return $"  {Virsh.OfSystem} start {Guest(run, model) ?? "YOUR-MACHINE"}";
        yield return $"  with these lines among its devices ({Virsh.OfSystem} edit):";
        if (model.Host is not { } host || Card.FindAt(host, run.Opening.Intent.Card) is not { } card) yield break;
        foreach (var line in GuestXml.Fragment(card, new GuestOptions()).TrimEnd('\n').Split('\n'))
            yield return new Label($"  {line}", Theme.Accent);
        yield return "";
        yield return "  Shut the virtual machine down, then h returns the card to the host.";
        if (host.Libvirt is { IsInstalled: true, Hook: HookPresence.Absent })
            yield return "  libvirt can do both by itself from now on: gputty hook install";
    }

    /// <summary>The only one that wants the card, in words that a shell takes as they are; null where that is not so simple.</summary>
    private static string? Guest(RunState run, Model model) =>
        model.Host is { } host
            && GuestPassthrough.Of(host.Libvirt, host)
                .Where(passthrough => passthrough.Cards.Any(card => card.Contains(run.Opening.Intent.Card)))
                .ToList() is [{ Guest.Name: var name }]
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? name : null;
}
