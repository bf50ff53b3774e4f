using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The last question, as hard to answer by mistake as the answer is hard to take back.</summary>
internal static class Confirmation
{
    public static Question Of(SwitchPlan plan, HostSnapshot host, bool withCommands)
    {
        ImmutableArray<Label> commands = withCommands
            ? ["", .. PlanLines.Steps(plan, withCommands: true)]
            : [];
        var lines = Lines(plan, host).ToImmutableArray();
        var dialog = new Question(
            plan.Intent.Question(),
            [.. lines, .. commands],
            "Go ahead")
        {
            MustBeSeen = lines.Length,
        };
        return plan.Risk == Risk.MayLoseConsole ? dialog with { MustType = plan.Intent.Card.SlotName } : dialog;
    }

    private static IEnumerable<Label> Lines(SwitchPlan plan, HostSnapshot host)
    {
        if (Card.FindAt(host, plan.Intent.Card) is { } card) yield return card.ToString();
        yield return "";
        foreach (var loss in plan.Consequences) yield return new Label($"- {loss}", Theme.Warn);
        if (plan.Risk == Risk.MayLoseConsole)
            yield return new Label(
                "- This card draws the text consoles. This screen may go dark; the switch keeps running without it.", Theme.Bad);
        if (plan.Intent.ConfirmWithin is { } within)
            yield return new Label(
                $"- Afterwards you have {Counted.Seconds(within)} to press Enter. Otherwise everything is rolled back.",
                Theme.Strong);
        if (host.RunsSystemd == false) yield return new Label($"- {SwitchChecks.NobodyClearsUp}", Theme.Warn);
        if (plan.Risk != Risk.MayLoseConsole && plan.DesktopImpact == DesktopImpact.Restart)
            yield return PlanText.RestartsDesktop(host, plan)
                ? "- The desktop's screen goes dark until the login screen is back."
                : $"- {PlanText.Desktop(host, plan)}";
        if (PlanText.KeepsDesktop(host, plan) && plan.Consequences.IsEmpty)
            yield return new Label("Nothing is lost and the desktop keeps running.", Theme.Good);
        else if (plan.DesktopImpact == DesktopImpact.None && !PlanText.KeepsDesktop(host, plan))
            yield return PlanText.Desktop(host, plan);
        yield return "";
        if (PlanText.KeepsWhatIsReached(host, plan))
            yield return $"{Counted.Of(plan.Steps.Length, "step")}. {PlanText.OnFailure(host, plan)}";
        else yield return $"{Counted.Of(plan.Steps.Length, "step")}. If {Counted.Word(plan.Steps.Length, "it", "one")} fails, "
            + $"{(plan.Irreversible.Any() ? "all that can be" : "everything")} is rolled back; t rolls it back at any time.";
    }
}
