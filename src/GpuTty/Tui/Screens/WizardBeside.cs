using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>Where there is room, the commands stand beside the steps that they belong to.</content>
internal sealed partial record WizardScreen
{
    private const int WideEnough = 130;
    private const int Gap = 3;
    private const int LeastRows = 6;

    /// <summary>Not where what is lost would leave the steps no room.</summary>
    private bool HasCommandsBeside(Model model) => model.Width >= WideEnough && Step >= WizardStep.Plan
        && Result(model) is PlanResult.Ready { Plan: var plan } && Split(Inside(model), plan, model.Host!).Below.Height >= LeastRows;

    private ImmutableArray<PanelPart> BesideParts(Rect room, Model model)
    {
        var plan = ((PlanResult.Ready)Result(model)).Plan;
        var (cost, below) = Split(room, plan, model.Host!);
        var (left, right) = Halves(below);
        var (steps, commands) = Beside(plan, left.Width, right.Width);
        return
        [
            new PanelPart(cost, new Page().Shown(Cost(plan, model.Host!), cost.Width, cost.Height)),
            new PanelPart(right, Page.Shown(commands, right.Width, right.Height)),
            new PanelPart(left, Page.Shown(steps, left.Width, left.Height)) { HasCursor = true },
        ];
    }

    private Next? PagedBeside(Key key, Model model)
    {
        var plan = ((PlanResult.Ready)Result(model)).Plan;
        var (left, right) = Halves(Split(Inside(model), plan, model.Host!).Below);
        return Page.On(key, Beside(plan, left.Width, right.Width).Steps, left) is { } page
            ? model.Replace(this with { Page = page })
            : null;
    }

    private static Rect Inside(Model model) => WizardLayout.For(new Rect(0, 0, model.Width, model.Height - 2)).Inside;

    private (Rect Cost, Rect Below) Split(Rect area, SwitchPlan plan, HostSnapshot host)
    {
        var (cost, rest) = area.SplitTop(Page.Wrap(Cost(plan, host), Math.Max(1, area.Width)).Length);
        return (cost, rest.SplitTop(1).Remainder);
    }

    private static (Rect Left, Rect Right) Halves(Rect area)
    {
        var (left, rest) = area.SplitLeft(area.Width * 9 / 20);
        return (left, rest.SplitLeft(Gap).Remainder);
    }

    /// <summary>As many rows on both sides, so that they scroll as one.</summary>
    private static (ImmutableArray<Label> Steps, ImmutableArray<Label> Commands) Beside(SwitchPlan plan, int width, int commandWidth)
    {
        var (steps, commands) = (ImmutableArray.CreateBuilder<Label>(), ImmutableArray.CreateBuilder<Label>());
        for (var index = 0; index < plan.Steps.Length; index++)
            Add([StepHeading(plan.Steps[index], index, plan)], StepCommands.Of(plan.Steps[index]));
        return (steps.ToImmutable(), commands.ToImmutable());

        void Add(IEnumerable<Label> left, IEnumerable<Label> right)
        {
            steps.AddRange(Page.Wrap(left, Math.Max(1, width)));
            commands.AddRange(Page.Wrap(right, Math.Max(1, commandWidth)));
            while (steps.Count < commands.Count) steps.Add("");
            while (commands.Count < steps.Count) commands.Add("");
        }
    }
}
