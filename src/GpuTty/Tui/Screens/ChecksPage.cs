using System.Collections.Immutable;
using GpuTty.Planning.Checks;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 2: whether it can be done, check by check, and whether the only card is given away.</summary>
internal sealed record ChecksPage(WizardRequest Request) : WizardScreen(Request)
{
    private const string Failed = "[!!]";

    private static readonly ImmutableArray<Column> s_columns = [Column.Whole(), Column.Cut()];

    public ListState List { get; init; } = new();

    public override WizardStep Step => WizardStep.Checks;

    protected override WizardScreen Before => new CardPage(Request);

    protected override string Heading(SwitchOutlook on) => "Can it be done?";

    protected override ImmutableArray<PanelPart> Parts(Rect room, Model model) =>
        Rows(On(model)) is var rows ? ListParts(room, Preset(rows), rows, s_columns, Finding(model, rows)) : [];

    protected override Next? OnPage(Key key, Model model)
    {
        var rows = Rows(On(model));
        return key.Is(' ') && On(model).Required.OnlyCard ? OnlyCardKey.Do(model)
            : Preset(rows).On(key, rows) is { } list ? model.Replace(this with { List = list })
            : null;
    }

    protected override Next Forward(Model model) =>
        model.Replace(On(model).HasToDecide ? new ConsentsPage(Request) : new PlanPage(Request));

    protected override string? WhyNotOn(Model model) =>
        On(model).WhyDone ?? (On(model).Refusal is null ? null : $"Not possible: see the line marked {Failed}.");

    protected override IEnumerable<KeyBinding> OwnKeys(SwitchOutlook on) => on.Required.OnlyCard ? [OnlyCardKey] : [];

    private KeyBinding OnlyCardKey => new(Key.Of('o'), Intent.SingleGpu ? "keep the only card" : "give away the only card",
        model => model.Replace(this with { Request = Request with { Intent = Intent with { SingleGpu = !Intent.SingleGpu } } }))
    {
        Help = "Single-GPU mode: no desktop and no picture until the card is returned; unless you confirm afterwards, that is at once.",
    };

    /// <summary>Begins on the first check that failed: that is what the user has to read.</summary>
    private ListState Preset(ImmutableArray<ListRow> rows) =>
        List.SelectedId is null && rows.FirstOrDefault(row => row.Cells[0].Text == Failed) is { } row ? List.Select(rows, row.Id) : List;

    private static ImmutableArray<ListRow> Rows(SwitchOutlook on) =>
    [
        .. on.Checks.Select((check, index) => new ListRow($"{index}",
            check.Holds switch
            {
                true => new Label("[ok]", Theme.Good),
                false => new Label(Failed, Theme.Bad),
                _ => new Label("[? ]", Theme.Warn),
            },
            new Label(check.Question, check.Obstacle is not null ? Theme.Bad : Theme.Plain))),
    ];

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
            .. check.Obstacle is { } obstacle ? [new Label($"-> {obstacle.RemedyForTui(Intent.Direction)}")] : ImmutableArray<Label>.Empty,
            .. check.Obstacle is Obstacle.InsideDesktop && CommonKeys.WhyNoConsole(model) is null
                ? [new Label("-> Or press T: GpuTty goes on at a text console, with this card.", Theme.Strong)]
                : ImmutableArray<Label>.Empty,
        ];
    }

    /// <summary>What was checked, in a sentence that promises no more than that.</summary>
    private static Label Sum(SwitchOutlook on)
    {
        var failed = on.Checks.Count(check => check.Obstacle is not null);
        var unsure = on.Checks.Count(check => check is { Holds: null, Obstacle: null });
        if (failed > 0)
            return new Label($"{failed} of {on.Checks.Length} {Counted.Word(failed, "stands", "stand")} in the way.", Theme.Bad);
        var next = on.HasToDecide ? " The next page asks for your agreement." : "";
        return unsure == 0 ? new Label($"No check stands in the way.{next}", Theme.Good)
            : new Label($"No check stands in the way; {unsure} marked [? ] should be read first.{next}", Theme.Warn);
    }
}
