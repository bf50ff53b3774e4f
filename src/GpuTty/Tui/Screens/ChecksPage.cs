using System.Collections.Immutable;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 2: whether it can be done, check by check, and whether the only card is given away.</summary>
internal sealed record ChecksPage(WizardRequest Request) : WizardScreen(Request)
{
    private const string Failed = "[!!]";

    private static readonly ImmutableArray<Column> s_columns = [Column.Whole, Column.Cut];

    public ListState List { get; init; } = new();

    public override WizardStep Step => WizardStep.Checks;

    protected override WizardScreen? Before => Intent.IsOfOneFunction() ? null : new CardPage(Request);

    protected override string Heading(SwitchOutlook on) => "Can it be done?";

    public override ImmutableArray<PanelPart> Parts(Rect room, Model model) =>
        Rows(On(model)) is var rows ? ListParts(room, Preset(rows), rows, s_columns, Fitting(Finding(model, rows), room)) : [];

    /// <summary>On a small screen the sum of all checks gives way to what was found and what helps.</summary>
    private static ImmutableArray<Label> Fitting(ImmutableArray<Label> finding, Rect room) =>
        finding.Length > 3 && WordWrap.Labels(finding, Math.Max(1, room.Width)).Length + 3 > room.Height ? finding[2..] : finding;

    protected override Next? OnPage(Key key, Model model)
    {
        var rows = Rows(On(model));
        return key.Is(' ') && On(model).Required.OnlyCard && OnlyCardKey.Reason(model) is null ? OnlyCardKey.Do(model)
            : Preset(rows).On(key, rows) is { } list ? model.Replace(this with { List = list })
            : null;
    }

    protected override Next Forward(Model model) =>
        model.Replace(On(model).HasToDecide ? new ConsentsPage(Request) : new PlanPage(Request));

    protected override string? WhyNotOn(Model model) =>
        On(model).WhyDone ?? (On(model).Refusal is null ? null : $"Not possible: see the line marked {Failed}.");

    protected override IEnumerable<KeyBinding> OwnKeys(SwitchOutlook on) => on.Required.OnlyCard ? [OnlyCardKey] : [];

    private KeyBinding OnlyCardKey => new(Key.Of('o'), Intent.SingleGpu ? "keep the only card" : "give away the only card",
        model => model.Replace(this with
        {
            Request = Request with { Intent = Intent with { SingleGpu = !Intent.SingleGpu } },
            // The cursor stays on what it is on, although no check fails any more that it would begin on.
            List = Rows(On(model)) is var rows && Preset(rows) is var list && list.Selected(rows) is { } row
                ? list.Select(rows, row.Id)
                : List,
        }),
        model => On(model).Required.Refused.IsEmpty ? null : "Other checks have failed, which this does not change.")
    {
        Help = "Single-GPU mode: no desktop and no picture until the card is returned; unless you confirm afterwards, that is at once.",
    };

    /// <summary>Begins on the first check that failed: that is what the user has to read.</summary>
    private ListState Preset(ImmutableArray<ListRow> rows) =>
        List.SelectedId is null && rows.FirstOrDefault(row => row.Cells[0].Text == Failed) is { } row ? List.Select(rows, row.Id) : List;

    private static ImmutableArray<ListRow> Rows(SwitchOutlook on) =>
    [
        .. on.Checks.Select((check, index) => new ListRow($"{index}",
            Mark(check),
            new Label(check.Question, check.Obstacle is not null ? Theme.Bad : Theme.Plain))),
    ];

    /// <summary>What is only worth knowing is another thing than what could not be told.</summary>
    public static Label Mark(Check check) => check switch
    {
        { Holds: true } => new Label("[ok]", Theme.Good),
        { Holds: false } => new Label(Failed, Theme.Bad),
        { IsUntold: true } => new Label("[? ]", Theme.Warn),
        _ => new Label("[! ]", Theme.Warn),
    };

    private ImmutableArray<Label> Finding(Model model, ImmutableArray<ListRow> rows)
    {
        var on = On(model);
        if (on.Checks.IsEmpty) return [new Label("The card is gone.", Theme.Bad)];
        var check = on.Checks[int.Parse(Preset(rows).Selected(rows)!.Id)];
        return
        [
            Sum(on),
            "",
            new Label(check.Finding, Theme.Strong),
            .. check.Obstacle is { } obstacle
                ? [new Label($"-> {obstacle.RemedyForTui(Intent.Direction, on.Required.Refused.IsEmpty)}")]
                : ImmutableArray<Label>.Empty,
            .. ConsoleOffer.Answers(check.Obstacle) && CommonKeys.WhyNoConsole(model) is null
                ? [new Label("-> Or press T: GpuTty goes on at a text console, with this card.", Theme.Strong)]
                : ImmutableArray<Label>.Empty,
        ];
    }

    /// <summary>What was checked, in a sentence that promises no more than that.</summary>
    private static Label Sum(SwitchOutlook on)
    {
        var failed = on.Checks.Count(check => check.Obstacle is not null);
        var unsure = on.Checks
            .Where(check => check is { Holds: null, Obstacle: null })
            .Select(check => Mark(check).Text)
            .Distinct()
            .ToList();
        if (failed > 0)
            return new Label($"{failed} of {Counted.Of(on.Checks.Length, "check")} failed.", Theme.Bad);
        var next = on.HasToDecide ? " The next page asks for your agreement." : "";
        return unsure.Count == 0 ? new Label($"No check failed.{next}", Theme.Good)
            : new Label($"No check failed; read what is marked {string.Join(" or ", unsure)} first.{next}", Theme.Warn);
    }
}
