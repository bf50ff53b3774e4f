using System.Collections.Immutable;
using GpuTty.Planning.Checks;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>How the overview looks.</content>
internal sealed partial record OverviewScreen
{
    private static readonly string[] s_columnNames = ["address", "name", "driver", "group"];

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body, model);
        ImmutableArray<string> titles = body.Width < 68 ? ["1 Cards", "2 Groups", "3 Mods", "4 Held", "5 Desk", "6 Log"]
            : [.. Enum.GetValues<Panel>().Select(panel => $"{(int)panel} {PanelName(panel)}")];
        ImmutableArray<TextRun> tabs = !layout.HasTabs ? []
            : [.. new Tabs(titles, (int)Focus - 1).Line(body.Width - 2).Select(tab => tab with { X = tab.X + 1 })];
        // Where not all of them fit, the one with the keys comes first.
        var first = tabs.Length == titles.Length ? Panel.Cards : Focus;
        return new ScreenPanels(
        [
            .. layout.Places.Select(place => Shown(place.Panel, place.At, model)),
            .. layout.Story is { } story ? [Story(story, model)] : ImmutableArray<PanelPicture>.Empty,
        ])
        {
            Top = tabs,
            TopKeys = [.. tabs.Select((tab, index) => (tab.X, tab.End, KeyOf(first + index)))],
            Typed = Typing is { } field && layout.PlaceOf(Focus) is { } at ? TypedField.Filter(field, at, longest: 30) : null,
        };
    }

    private PanelPicture Shown(Panel panel, Rect at, Model model) => new(at, Frame(panel, model), Parts(panel, model, FrameView.Inside(at)))
    {
        FocusKey = KeyOf(panel),
        OpenKey = Key.Enter,
    };

    private static Key KeyOf(Panel panel) => Key.Of((char)('0' + (int)panel));

    private OverviewLayout Layout(Rect body, Model model) =>
        OverviewLayout.For(body, Focus, panel => Rows(panel, model).Length, LogRows, IsFull);

    private Rect? PlaceOf(Panel panel, Model model) =>
        Layout(new Rect(0, 0, model.Width, Math.Max(0, model.Height - 2)), model).PlaceOf(panel);

    private FrameView Frame(Panel panel, Model model) =>
        new($"{(int)panel} {FrameTitle(panel, model)}", panel == Focus, Note(panel, model));

    private ImmutableArray<PanelPart> Parts(Panel panel, Model model, Rect inside)
    {
        if (panel == Panel.Log) return [PanelPart.Of(inside, LogLines(model, inside))];
        if (model.Host is not { } host) return [PanelPart.Of(inside, ShownLines.Of(new TextRun(0, model.Unreadable ?? "looking...")))];
        var (account, gap) = panel == Panel.Holders && model.Card is { } card
            ? Account(host, card, model, inside.Width, inside.Height)
            : ([], 0);
        var (sum, list) = new Rect(0, 0, inside.Width, inside.Height).SplitBottom(account.Length + gap);
        return
        [
            new PanelPart(list, Lines(panel, model, host, list)) { HasCursor = true },
            new PanelPart(sum.SplitTop(gap).Remainder, ShownLines.Of([.. account.Select(line => ImmutableArray.Create(line))])),
        ];
    }

    private static ShownLines LogLines(Model model, Rect inside) =>
        !TextFilter.IsEmpty(model.LogView.Filter) && model.Log.Choose(model.LogView.Filter, model.LogView.Least).Count == 0
            ? ShownLines.Of(TextRun.Cut(0, inside.Width, $"nothing matches \"{model.LogView.Filter}\""))
            : model.LogView.Shown(model.Log, inside.Width, inside.Height);

    private ShownLines Lines(Panel panel, Model model, Host.HostSnapshot host, Rect at) =>
        Empty(panel, model) is { } why ? ShownLines.Of(TextRun.Cut(2, at.Width - 2, why)) : panel switch
        {
            Panel.Groups => Groups.Shown(GroupsPanel.Columns(at.Width), GroupsPanel.Roots(host), Focus == panel, at.Width, at.Height),
            Panel.Cards => CardsList(model).Shown(CardsPanel.Columns, Rows(panel, model), Focus == panel, at.Width, at.Height),
            Panel.Drivers => List(panel).Shown(DriversPanel.Columns, Rows(panel, model), Focus == panel, at.Width, at.Height),
            Panel.Holders => List(panel).Shown(HoldersPanel.Columns, Rows(panel, model), Focus == panel, at.Width, at.Height),
            _ => List(panel).Shown(DesktopPanel.Columns, Rows(panel, model), Focus == panel, at.Width, at.Height),
        };

    /// <summary>The list is the matter; the sum comes under it as far as there is room, but one line of it nearly always.</summary>
    private (ImmutableArray<TextRun> Lines, int Gap) Account(Host.HostSnapshot host, Host.Pci.Card card, Model model, int width, int height)
    {
        var left = height - Rows(Panel.Holders, model).Length - 1;
        var explained = HoldersPanel.Explained(host, card, width);
        var account = explained.Length <= left ? explained : HoldersPanel.Account(host, card, width);
        var lines = Math.Min(account.Length, Math.Max(left, height > 4 ? 1 : 0));
        if (lines == 0) return ([], 0);
        // The driver's own module is the last to go and the one people ask about.
        return ([.. account.Skip(account.Length - lines).Select(line => TextRun.Cut(0, width, line))], left > 0 ? 1 : 0);
    }

    /// <summary>On a wide screen, everything about what the cursor is on; about the card where that is a line without a story.</summary>
    private PanelPicture Story(Rect at, Model model)
    {
        var subject = Selected(model) ?? (model.Card is { } card ? new Subject.Device(card.Address) : null);
        var frame = new FrameView(subject?.Heading ?? "Details");
        var inside = FrameView.Inside(at);
        return PanelPicture.Of(
            at,
            frame,
            subject is null
                ? ShownLines.None
                : new Page().Shown(Details.Of(subject, model.Host, model.IsRunning), inside.Width, inside.Height));
    }

    private string FrameTitle(Panel panel, Model model) => panel switch
    {
        Panel.Cards => !ShowsAll ? "Cards" : SortedBy == 0 ? "PCI devices" : $"PCI devices by {s_columnNames[SortedBy]}",
        Panel.Groups => "IOMMU groups",
        Panel.Drivers => $"Drivers and modules{Of(model)}",
        Panel.Holders => $"Who holds{Of(model)}",
        Panel.Desktop => "Desktop",
        _ => "Log",
    };

    private static string Of(Model model) => model.Card is { } card ? $" {card.Address.SlotName}" : "";

    private string Note(Panel panel, Model model)
    {
        if (panel == Panel.Log) return model.LogView.Note;
        if (FilterOf(panel, model) is var filter && !TextFilter.IsEmpty(filter)) return $"/{filter}";
        return panel == Panel.Groups && model.Host is { } host ? $"{host.Groups.Length}" : "";
    }

    private string? Empty(Panel panel, Model model) => panel switch
    {
        Panel.Groups => model.Host!.HasIommu ? null : WithoutIommu.Sentence(model.Host),
        Panel.Cards => Rows(panel, model).Length == 0 ? "Linux sees no graphics card." : null,
        Panel.Drivers => model.Card is null ? "no card" : null,
        Panel.Holders => model.Card is null ? "no card" : Rows(panel, model).Length == 0 ? "nobody" : null,
        _ => null,
    };
}
