using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>How the pages look.</content>
internal sealed partial record WizardScreen
{
    public override ScreenPanels? Over(Rect body) => Question?.Picture(body);

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = WizardLayout.For(body);
        var room = layout.Room;
        ImmutableArray<PanelPart> parts = Step switch
        {
            < WizardStep.Plan when ShowsCommands => [layout.Text(Page, PlanLines(model))],
            WizardStep.Card =>
                ListParts(
                    room,
                    Preset(CardRows(model)),
                    CardRows(model),
                    [Column.Whole(), Column.Cut(), Column.Whole(), Column.Whole()],
                    Details(model)),
            WizardStep.Checks =>
                ListParts(room, Preset(CheckRows(model)), CheckRows(model), [Column.Whole(), Column.Cut()], Finding(model)),
            WizardStep.Holders => HolderParts(room, model),
            _ when HasCommandsBeside(model) => BesideParts(room, model),
            _ => [layout.Text(Page, PlanLines(model))],
        };
        return layout.Panels(Steps, model, Heading(model), parts);
    }

    private string Heading(Model model) => Step switch
    {
        < WizardStep.Plan when ShowsCommands => "What would be done",
        WizardStep.Card => "Which card?",
        WizardStep.Checks => "Can it be done?",
        WizardStep.Holders when AsksForUse(model) => "What is the card for?",
        WizardStep.Holders when !Intent.Moves() => "When does it begin?",
        WizardStep.Holders => "Who loses what?",
        WizardStep.Plan => "What will be done",
        _ => "Do it?",
    };

    private StepList Steps => new([.. Enum.GetValues<WizardStep>().Select(step => new StepLine($"{(int)step} {step}",
        step < Step ? StepMark.Done : step == Step ? StepMark.Running : StepMark.Waiting))]);

    /// <summary>A list, and beside or below it the story of the selected row.</summary>
    private static ImmutableArray<PanelPart> ListParts(
        Rect room, ListView view, ImmutableArray<ListRow> rows, ImmutableArray<Column> columns, ImmutableArray<Label> story)
    {
        var told = Page.Wrap(story, Math.Max(1, room.Width)).Length;
        var height = Math.Clamp(rows.Length + 1, Math.Min(3, room.Height), Math.Max(Math.Min(3, room.Height), room.Height - told));
        var (list, below) = room.Width >= WideEnough - 24 ? Halves(room) : room.SplitTop(height);
        return [
            new PanelPart(list, view.Shown(columns, rows, focused: true, list.Width, list.Height)) { HasCursor = true },
            new PanelPart(below, new Page().Shown(story, below.Width, below.Height)),
        ];
    }

    /// <summary>Begins on the card that is meant, or on the first check that failed: that is what the user has to read.</summary>
    private ListView Preset(ImmutableArray<ListRow> rows) =>
        List.SelectedId is not null ? List
        : rows.FirstOrDefault(row => row.Id == $"card {Intent.Card}" || row.Cells[0].Text == "[!!]") is { } row ? List.Select(rows, row.Id)
        : List;

    private static ImmutableArray<ListRow> CardRows(Model model) => model.Host is not { } host ? [] :
        [.. Card.FindAll(host).Select(card => new ListRow(CardsPanel.IdOf(card), card.Address.SlotName, DeviceWords.ShortName(card.Display),
            DeviceWords.Driver(card.Display), DeviceWords.Owner(card)))];

    private Card? ChosenCard(Model model)
    {
        var rows = CardRows(model);
        return model.Host is { } host && CardsPanel.DeviceOf(host, Preset(rows).Selected(rows)?.Id) is { } device
            ? Card.FindAt(host, device.Address)
            : null;
    }

    private ImmutableArray<Label> Details(Model model) => ChosenCard(model) is not { } card ? [] :
    [
        new Label(card.Display.Name, Look.Strong),
        .. card.Functions.Select(function => new Label($"{function.Address.ShortName} {function.Class.Name}: {Story(model, function)}")),
    ];

    private static string Story(Model model, PciDevice function) =>
        string.Join(", ", [DeviceWords.Driver(function).Text, .. DeviceMarks.Of(model.Host!, function).Select(mark => mark.Text)]);

    /// <summary>The checks, and what only the planner found.</summary>
    private ImmutableArray<Check> Checks(Model model)
    {
        if (model.Host is not { } host || Card.FindAt(host, Intent.Card) is not { } card) return [];
        var checks = SwitchChecks.For(host, card, Intent.Direction, Intent.SingleGpu);
        return [.. checks, .. Required(model)!.Refused.Where(obstacle => checks.All(check => check.Obstacle != obstacle))
            .Select(obstacle => Check.Refused(CheckCode.Other, obstacle))];
    }

    private ImmutableArray<ListRow> CheckRows(Model model) =>
    [
        .. Checks(model).Select((check, index) => new ListRow($"{index}",
            check.Holds switch
            {
                true => new Label("[ok]", Look.Good),
                false => new Label("[!!]", Look.Bad),
                _ => new Label("[? ]", Look.Warn),
            },
            new Label(check.Question, check.Obstacle is not null ? Look.Bad : Look.Plain))),
    ];

    private ImmutableArray<Label> Finding(Model model)
    {
        var checks = Checks(model);
        if (checks.IsEmpty) return [new Label("The card is gone.", Look.Bad)];
        var rows = CheckRows(model);
        var check = checks[int.Parse(Preset(rows).Selected(rows)!.Id)];
        var failed = checks.Count(other => other.Obstacle is not null);
        return
        [
            Sum(checks.Length, failed, checks.Count(other => other is { Holds: null, Obstacle: null }), HasToDecide(model)),
            "",
            new Label(check.Finding, Look.Strong),
            .. check.Obstacle is { } obstacle ? [new Label($"-> {obstacle.RemedyForTui(Intent.Direction)}")] : ImmutableArray<Label>.Empty,
            .. check.Obstacle is Obstacle.InsideDesktop && CommonKeys.WhyNoConsole(model) is null
                ? [new Label("-> Or press T: GpuTty goes on at a text console, with this card.", Look.Strong)]
                : ImmutableArray<Label>.Empty,
        ];
    }

    /// <summary>What was checked, in a sentence that promises no more than that.</summary>
    private static Label Sum(int all, int failed, int unsure, bool asksNext)
    {
        if (failed > 0) return new Label($"{failed} of {all} {Counted.Word(failed, "stands", "stand")} in the way.", Look.Bad);
        var next = asksNext ? " The next page asks for your agreement." : "";
        return unsure == 0 ? new Label($"No check stands in the way.{next}", Look.Good)
            : new Label($"No check stands in the way; {unsure} marked [? ] should be read first.{next}", Look.Warn);
    }

    private ImmutableArray<PanelPart> HolderParts(Rect room, Model model)
    {
        var consents = ConsentRows(model);
        var (head, below) = room.SplitTop(consents.IsEmpty ? 0 : Math.Min(consents.Length + 1, Math.Max(1, room.Height / 2)));
        return
        [
            new PanelPart(head, List.Shown([Column.Whole(), Column.Cut()], consents, focused: true, head.Width, head.Height))
            {
                HasCursor = true,
            },
            new PanelPart(below, Page.Shown(HolderLines(model), below.Width, below.Height)) { HasCursor = true },
        ];
    }
}
