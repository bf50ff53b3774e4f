using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 1: which card. Answered already when the user was on one.</summary>
internal sealed record CardPage(WizardRequest Request) : WizardScreen(Request)
{
    public ListState List { get; init; } = new();

    public override WizardStep Step => WizardStep.Card;

    protected override WizardScreen? Before => null;

    protected override string Heading(SwitchOutlook on) => "Which card?";

    public override ImmutableArray<PanelPart> Parts(Rect room, Model model) =>
        ListParts(room, Preset(Rows(model)), Rows(model), CardsPanel.Columns, Details(model));

    protected override Next? OnPage(Key key, Model model) =>
        Preset(Rows(model)).On(key, Rows(model)) is { } list ? model.Replace(this with { List = list }) : null;

    protected override Next Forward(Model model)
    {
        var card = Chosen(model)!.Address;
        return (model with { Chosen = card }).Replace(For(model, Intent with { Card = card }, Request.IsNew));
    }

    protected override string? WhyNotOn(Model model) => Chosen(model) switch
    {
        null => new Obstacle.NoCard().Problem,
        { Owner: Owner.Vfio } card when Intent.Direction == Direction.ToVm => $"{card.Address.SlotName} is with vfio-pci already.",
        { Owner: Owner.HostDriver } card when Intent.Direction == Direction.ToHost =>
            $"{card.Address.SlotName} is on its host driver already.",
        _ => null,
    };

    protected override SwitchOutlook PreviewOf(Model model) =>
        SwitchOutlook.Of(model.Host!, Request with { Intent = Intent with { Card = Chosen(model)?.Address ?? Intent.Card } });

    /// <summary>Begins on the card that is meant.</summary>
    private ListState Preset(ImmutableArray<ListRow> rows) => List.SelectedId is null ? List.Select(rows, $"card {Intent.Card}") : List;

    private static ImmutableArray<ListRow> Rows(Model model) =>
    [
        .. Card.FindAll(model.Host!).Select(card => new ListRow(
            CardsPanel.IdOf(card), card.Address.SlotName, DeviceText.ShortName(card.Display),
            DeviceText.Driver(card.Display), DeviceText.Owner(card))),
    ];

    private Card? Chosen(Model model)
    {
        var rows = Rows(model);
        return CardsPanel.DeviceOf(model.Host!, Preset(rows).Selected(rows)?.Id) is { } device
            ? Card.FindAt(model.Host!, device.Address)
            : null;
    }

    private ImmutableArray<Label> Details(Model model) => Chosen(model) is not { } card ? [] :
    [
        new Label(card.Display.Name, Theme.Strong),
        .. card.Functions.Select(function => new Label($"{function.Address.ShortName} {function.Class.Name}: {Story(model, function)}")),
    ];

    private static string Story(Model model, PciDevice function) =>
        string.Join(", ", [DeviceText.Driver(function).Text, .. DeviceMarks.Of(model.Host!, function).Select(mark => mark.Text)]);
}
