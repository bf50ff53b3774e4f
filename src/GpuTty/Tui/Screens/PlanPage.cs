using System.Collections.Immutable;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 4: what will be done, and what is lost. Where there is room, the commands stand beside their steps.</summary>
internal sealed record PlanPage(WizardRequest Request) : WizardScreen(Request)
{
    private const int Gap = 3;
    private const int LeastRows = 6;

    /// <summary>The plan on the screen is another one than the user read last.</summary>
    public bool HasNewPlan { get; init; }

    public override WizardStep Step => WizardStep.Plan;

    protected override WizardScreen? Before => Intent.IsOfOneFunction() ? null : new ConsentsPage(Request);

    protected override string Heading(SwitchOutlook on) => "What will be done";

    public override ImmutableArray<PanelPart> Parts(Rect room, Model model)
    {
        if (!HasCommandsBeside(model))
            return [new PanelPart(room, Page.Shown(Lines(model), room.Width, room.Height)) { HasCursor = true }];
        var (cost, left, right) = Split(room, model);
        var (steps, commands) = PlanLines.Beside(Ready(model)!, left.Width, right.Width);
        return
        [
            new PanelPart(cost, new Page().Shown(Cost(model), cost.Width, cost.Height)),
            new PanelPart(right, Page.Shown(commands, right.Width, right.Height)),
            new PanelPart(left, Page.Shown(steps, left.Width, left.Height)) { HasCursor = true },
        ];
    }

    protected override Next? OnPage(Key key, Model model)
    {
        if (!HasCommandsBeside(model)) return Scrolled(Lines(model), key, model);
        var (_, left, right) = Split(Room(model), model);
        return Page.On(key, PlanLines.Beside(Ready(model)!, left.Width, right.Width).Steps, left) is { } page
            ? model.Replace(this with { Page = page })
            : null;
    }

    protected override Next Forward(Model model)
    {
        var plan = Ready(model)!;
        return new Next(
            model.Replace(new ConfirmPage(this with { HasNewPlan = false }, plan, Confirmation.Of(plan, model.Host!, withCommands: false))),
            new Effect.ForgetTyped());
    }

    protected override string? WhyNotOn(Model model) => On(model).WhyNoPlan
        ?? (model.Host!.Caller.IsRoot ? null : "Only root may move a card: quit and start gputty with sudo.");

    protected override IEnumerable<KeyBinding> OwnKeys(SwitchOutlook on) =>
    [
        new KeyBinding(Key.Of('y'), "yes", model => model, _ => "Enter opens the last question; y answers it there.") { InBar = false },
    ];

    protected override IEnumerable<KeyBinding> LastKeys(SwitchOutlook on) => ResetAndFirmware.Keys(this);

    /// <summary>Not where what is lost would leave the steps no room.</summary>
    protected override bool HasCommandsBeside(Model model) =>
        model.Width >= WideEnough && Ready(model) is not null && Split(Room(model), model).Left.Height >= LeastRows;

    /// <summary>The two columns of a page.</summary>
    public static (Rect Left, Rect Right) Halves(Rect area)
    {
        var (left, rest) = area.SplitLeft(area.Width * 9 / 20);
        return (left, rest.SplitLeft(Gap).Remainder);
    }

    private SwitchPlan? Ready(Model model) => (On(model).Result as PlanResult.Ready)?.Plan;

    private ImmutableArray<Label> Lines(Model model) =>
        PlanLines.Of(On(model), On(model).Result, ShowsCommands, HasNewPlan, [.. ResetAndFirmware.Lines(this, model)]);

    private IEnumerable<Label> Cost(Model model) =>
        [.. PlanLines.Cost(On(model), Ready(model)!, HasNewPlan), .. ResetAndFirmware.Lines(this, model)];

    private (Rect Cost, Rect Left, Rect Right) Split(Rect area, Model model)
    {
        var (cost, rest) = area.SplitTop(WordWrap.Labels(Cost(model), Math.Max(1, area.Width)).Length);
        var (left, right) = Halves(rest.SplitTop(1).Remainder);
        return (cost, left, right);
    }
}
