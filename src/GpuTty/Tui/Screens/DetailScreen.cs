using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>Everything there is to know about one thing.</summary>
internal sealed record DetailScreen(Subject Subject) : Screen
{
    private const int MostPages = 4;

    public Page Page { get; init; } = new();

    public override string Title => "Details";

    public override Facts Needs(Model model) => Subject is Subject.Session ? Facts.Programs : Facts.None;

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        new KeyBinding(Key.Of('i'), Subject is Subject.Group ? "its device" : "its group", m => Goto(m, Neighbour(m)!), WhyNoNeighbour)
        { Help = "From a device to its IOMMU group, and from a group to the card or device in it.", InBar = Subject is Subject.Device or Subject.Group },
        .. Subject is Subject.Device device ? [Override.Key(m => m.Host?.Find(device.Address)) with { InBar = model.Host?.Find(device.Address) is { HasStrayOverride: true } }] : ImmutableArray<KeyBinding>.Empty,
        new KeyBinding(Key.Escape, "back", m => m.Pop()) { Aliases = [Key.Of('q'), Key.Enter], IsPinned = true },
        CommonKeys.Look with { InBar = true },
        HelpScreen.Key,
    ];

    public override Next? OnKey(Key key, Model model) =>
        Page.On(key, Details.Of(Subject, model.Host), new Rect(0, 0, model.Width - 4, model.Height - 4)) is { } page ? model.Replace(this with { Page = page }) : null;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = FrameView.Inside(body);
        return ScreenPanels.Of(body, new FrameView(Subject.Heading, Focused: true), Page.Shown(Details.Of(Subject, model.Host), inside.Width, inside.Height));
    }

    private Subject? Neighbour(Model model) => model.Host is not { } host ? null : Subject switch
    {
        Subject.Device { Address: var address } => host.Find(address) is { } device && host.GroupOf(device) is { } group ? new Subject.Group(group.Number) : null,
        Subject.Group { Number: var number } => GroupsPanel.DeviceOf(host, $"group {number}") is { } device ? new Subject.Device(device.Address) : null,
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
