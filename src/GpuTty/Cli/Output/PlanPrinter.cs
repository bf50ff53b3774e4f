using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Cli.Output;

/// <summary>A plan as people read it before anything is touched: the same
/// for plan, for --dry-run and for the question before a switch.</summary>
internal static class PlanPrinter
{
    public static void Print(TextPage page, HostSnapshot host, SwitchPlan plan)
    {
        var card = Card.FindAt(host, plan.Intent.Card);
        page.Heading($"{card} {DirectionText.Of(plan.Intent.Direction)}");
        page.Line(PlanText.Desktop(host, plan));
        PrintLosses(page, host, plan);
        page.Line();
        page.Heading(Counted.Of(plan.Steps.Length, "step"));
        for (var index = 0; index < plan.Steps.Length; index++) PrintStep(page, index + 1, plan.Steps[index]);
        page.Line();
        page.Line(PlanText.OnFailure(host, plan));
    }

    /// <summary>The writes and commands of a step, in order.</summary>
    public static string[] Commands(Step step) => step.Command().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void PrintLosses(TextPage page, HostSnapshot host, SwitchPlan plan)
    {
        foreach (var consequence in plan.Consequences) page.Line(new Part("!! ", Ink.Warn), consequence.Text);
        // Without another card the consequences have said that every screen goes dark.
        if (plan.Risk == Risk.MayLoseConsole
            && Card.FindAt(host, plan.Intent.Card) is { } card
            && !SwitchChecks.Others(host, card).IsEmpty)
            page.Line(new Part("!! ", Ink.Warn), "This card draws the text consoles; they move to another card, or the screen stays dark.");
    }

    private static void PrintStep(TextPage page, int number, Step step)
    {
        var isFinal = step.IsIrreversible();
        page.Line(
            $"{number,3} ",
            new Part(isFinal ? "! " : "  ", Ink.Warn),
            step.Describe(),
            $"  (at most {step.Limit().TotalSeconds:0} s)");
        foreach (var command in Commands(step)) page.Line($"        {command}");
    }
}
