using System.Collections.Immutable;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What a plan says: what it costs, its steps, their commands.</summary>
internal static class PlanLines
{
    /// <param name="result">The plan, or what it would be.</param>
    /// <param name="choices">What has been or can be chosen besides; lines between what a plan costs and its steps.</param>
    public static ImmutableArray<Label> Of(
        SwitchOutlook on, PlanResult result, bool withCommands, bool isNew = false, params ImmutableArray<Label> choices)
    {
        return result switch
        {
            PlanResult.Ready { Plan: var plan } => [.. Cost(on, plan, isNew), .. choices, "", .. Steps(plan, withCommands)],
            PlanResult.AlreadyThere => [on.WhyDone!],
            PlanResult.Blocked blocked => [.. blocked.Obstacles.SelectMany(Refusal)],
            _ => [],
        };

        Label[] Refusal(Obstacle obstacle) =>
            [new Label(obstacle.Problem, Theme.Bad), $"  -> {obstacle.RemedyForTui(on.Intent.Direction)}"];
    }

    /// <summary>Each step in words, with its mark and its limit; and its commands below.</summary>
    public static IEnumerable<Label> Steps(SwitchPlan plan, bool withCommands) => plan.Steps.SelectMany((step, index) =>
        (withCommands ? StepCommands.Under(step) : []).Prepend(Heading(step, index, plan)));

    /// <param name="isNew">It is another one than the user read last.</param>
    public static IEnumerable<Label> Cost(SwitchOutlook on, SwitchPlan plan, bool isNew)
    {
        var (host, steps) = (on.Host, Counted.Of(plan.Steps.Length, "step"));
        var unlessLost = plan.Consequences.IsEmpty ? "; nothing is lost" : "";
        if (on.Intent.Direction is Direction.HideFromSeat or Direction.AllowDesktop)
            yield return "Esc leads to the choices: when it takes effect, and for how long.";
        if (isNew) yield return new Label("The machine has changed meanwhile. This is the new plan; read it again.", Theme.Warn);
        foreach (var loss in plan.Consequences) yield return new Label(loss.Text, Theme.Warn);
        // The page of the checks is not gone through where nothing stands in the way.
        foreach (var check in on.Checks.Where(check => check is { Holds: null, Obstacle: null }))
            yield return new Label($"{ChecksPage.Mark(check).Text} {check.Finding}", Theme.Warn);
        if (PlanText.KeepsDesktop(host, plan)) yield return new Label($"Your desktop keeps running{unlessLost}.", Theme.Good);
        else if (plan.DesktopImpact == DesktopImpact.None) yield return $"{PlanText.Desktop(host, plan).TrimEnd('.')}{unlessLost}.";
        else if (plan.Consequences.IsEmpty)
            yield return new Label("Nothing is lost; the desktop's screen goes dark until the login screen is back.", Theme.Good);
        if (plan.Risk == Risk.MayLoseConsole)
            yield return new Label("This card draws the text consoles: this screen may go dark.", Theme.Bad);
        if (on.Intent.Direction == Direction.ToVm && on.Card is { } card && WedgedDriver.Of(card) is { } wedged)
            yield return SwitchKeys.Afterwards(wedged);
        if (on.Request.LastTook is { } last) yield return $"Last time it took {Counted.Seconds(last)}.";
        yield return PlanText.KeepsWhatIsReached(host, plan) ? $"{steps}. {PlanText.OnFailure(host, plan)}"
            : plan.Irreversible.Any() ? $"{steps}; those marked ! cannot be undone, all others can."
            : $"{steps}; if {Counted.Word(plan.Steps.Length, "it", "one")} fails, everything is rolled back.";
    }

    /// <summary>Steps and commands in as many rows on both sides, so that they scroll as one.</summary>
    public static (ImmutableArray<Label> Steps, ImmutableArray<Label> Commands) Beside(SwitchPlan plan, int width, int commandWidth)
    {
        var (steps, commands) = (ImmutableArray.CreateBuilder<Label>(), ImmutableArray.CreateBuilder<Label>());
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            steps.AddRange(WordWrap.Labels([Heading(plan.Steps[index], index, plan)], Math.Max(1, width)));
            commands.AddRange(WordWrap.Labels(StepCommands.Of(plan.Steps[index]), Math.Max(1, commandWidth)));
            while (steps.Count < commands.Count) steps.Add("");
            while (commands.Count < steps.Count) commands.Add("");
        }
        return (steps.ToImmutable(), commands.ToImmutable());
    }

    private static Label Heading(GpuTty.Steps.Step step, int index, SwitchPlan plan)
    {
        var isFinal = plan.Irreversible.Contains(step);
        var limit = step.Limit() > TimeSpan.FromSeconds(10) ? $"  max {step.Limit().TotalSeconds:0} s" : "";
        return new Label($"{index + 1,3} {(isFinal ? "!" : " ")}  {step.Describe()}{limit}", isFinal ? Theme.Warn : Theme.Plain);
    }
}
