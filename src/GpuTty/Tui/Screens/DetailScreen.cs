using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Everything there is to know about one thing.</summary>
internal sealed record DetailScreen(Subject Subject) : TextScreen
{
    private const int MostPages = 4;

    public override string Title => "Details";

    protected override string Heading => Subject.Heading;

    public override SnapshotSections Needs(Model model) => Subject switch
    {
        Subject.Session => SnapshotSections.Programs,
        Subject.Device or Subject.Process => SnapshotSections.Details,
        _ => SnapshotSections.None,
    };

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Key.Of('i'), Subject is Subject.Group ? "its device" : "its group", m => Goto(m, Neighbour(m)!), WhyNoNeighbour)
        {
            Help = "From a device to its IOMMU group, and from a group to the card or device in it.",
            InBar = Subject is Subject.Device or Subject.Group,
        },
        .. Subject is Subject.Device device
            ? [
                new SwitchKeys(CardOf).Recover(model),
                SwitchKeys.ClearOverride(m => m.Host?.Find(device.Address)) with
                {
                    InBar = model.Host?.Find(device.Address) is { HasStrayOverride: true },
                },
            ]
            : ImmutableArray<KeyBinding>.Empty,
        BackKey.With(Key.Enter),
        CommonKeys.Look with { InBar = true },
        .. new SwitchKeys(CardOf)
            .Moves(model)
            .Append(new SwitchKeys(CardOf).HideFromSeat(model))
            .Append(LogKeys.Open)
            .Append(CommonKeys.Report)
            .Append(CopyKey.Key)
            .Append(CommonKeys.Desktop)
            .Select(key => key with { InBar = false }),
        new KeyBinding(Key.Right, "next row", m => Beside(m, Key.Down)!, m => WhyNotBeside(m, Key.Down))
        {
            InBar = false,
            Help = "The details of the next row of the list.",
        },
        new KeyBinding(Key.Left, "previous row", m => Beside(m, Key.Up)!, m => WhyNotBeside(m, Key.Up))
        {
            InBar = false,
            Help = "The details of the row before in the list.",
        },
        .. Enum.GetValues<Panel>().Select(panel =>
            new KeyBinding(Key.Of((char)('0' + (int)panel)), panel.ToString(), m => ToPanel(m, panel))
            {
                InBar = false,
                Help = $"Back, to panel {(int)panel}, {panel}.",
            }),
        HelpScreen.Key,
    ];

    /// <summary>The card that the page is about; the one that was chosen where it is about something else.</summary>
    private Card? CardOf(Model model) =>
        model.Host is { } host && Subject is Subject.Device { Address: var address } && Card.FindAt(host, address) is { } card
            ? card
            : model.Card;

    private static Next ToPanel(Model model, Panel panel) =>
        model with { Screens = [((OverviewScreen)model.Screens[0]) with { Focus = panel }] };

    /// <summary>As if one went back, moved in the list and opened what is there; null where there is no other row.</summary>
    private Model? Beside(Model model, Key move)
    {
        var moved = (model with { Screens = [model.Screens[0]] }) is var list && list.Top.OnKey(move, list) is { } next ? next.Model : null;
        return moved?.Top is OverviewScreen there && there.SubjectOf(moved) is { } subject && subject != Subject
            ? moved.Push(new DetailScreen(subject))
            : null;
    }

    private string? WhyNotBeside(Model model, Key move) => Beside(model, move) is null ? "There is no other row in that direction." : null;

    protected override ImmutableArray<Label> Lines(Model model) => Details.Of(Subject, model.Host, model.IsRunning, model.Zone);

    private Subject? Neighbour(Model model) => model.Host is not { } host ? null : Subject switch
    {
        Subject.Device { Address: var address } =>
            host.Find(address) is { } device && host.GroupOf(device) is { } group ? new Subject.Group(group.Number) : null,
        Subject.Group { Number: var number } =>
            GroupsPanel.DeviceOf(host, $"group {number}") is { } device ? new Subject.Device(device.Address) : null,
        _ => null,
    };

    private string? WhyNoNeighbour(Model model) => Neighbour(model) is not null ? null
        : Subject is Subject.Device or Subject.Group ? "It is in no IOMMU group, or gone." : "Only devices are in IOMMU groups.";

    /// <summary>There and back again leads to the page before; any other way makes a new one, up to a few.</summary>
    private static Next Goto(Model model, Subject subject) =>
        model.Screens.Length > 1 && model.Screens[^2] is DetailScreen { Subject: var before } && before == subject ? model.Pop()
        : model.Screens.Count(screen => screen is DetailScreen) < MostPages ? model.Push(new DetailScreen(subject))
        : model.Replace(new DetailScreen(subject));
}
