using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What the overview shows.</summary>
internal static class OverviewPicture
{
    /// <summary>What panel 1 can be sorted by.</summary>
    public static readonly ImmutableArray<string> SortColumns = ["address", "name", "driver", "group"];

    private static readonly ImmutableArray<string> s_shortNames = ["Cards", "Groups", "Mods", "Held", "Desk", "Log"];

    public static ScreenPanels Of(OverviewScreen screen, Rect body, Model model)
    {
        var layout = screen.Layout(body, model);
        var tabs = layout.HasTabs ? Tabs(screen.Focus, body.Width) : [];
        return new ScreenPanels(
        [
            .. layout.Places.Select(place => new PanelPicture(
                place.At, Frame(screen, place.Panel, model), Parts(screen, place.Panel, model, PanelFrame.Inside(place.At)))
            {
                FocusKey = KeyOf(place.Panel),
                OpenKey = Key.Enter,
            }),
            .. layout.Story is { } story ? [Story(screen, story, model)] : ImmutableArray<PanelPicture>.Empty,
        ])
        {
            Top =
            [
                .. tabs.Select(tab => tab.Title),
                // Where not all of them fit, others are on either side.
                .. tabs.Count > 0 && tabs[0].Panel != Panel.Cards ? [new TextRun(0, "<")] : ImmutableArray<TextRun>.Empty,
                .. tabs.Count > 0 && tabs[^1].Panel != Panel.Log ? [new TextRun(body.Width - 1, ">")] : ImmutableArray<TextRun>.Empty,
            ],
            TopKeys = [.. tabs.Select(tab => (tab.Title.X, tab.Title.End, KeyOf(tab.Panel)))],
            Typed = screen.Typing is { } field && layout.PlaceOf(screen.Focus) is { } at ? TypedField.Filter(field, at, longest: 30) : null,
        };
    }

    public static Key KeyOf(Panel panel) => Key.Of((char)('0' + (int)panel));

    /// <summary>The names of all panels in a line, that with the keys in brackets; it comes first where not all of them fit.</summary>
    private static List<(Panel Panel, TextRun Title)> Tabs(Panel focus, int width)
    {
        var names = Enum.GetValues<Panel>()
            .Select(panel => (Panel: panel, Name: $"{(int)panel} {(width < 68 ? s_shortNames[(int)panel - 1] : panel.ToString())}"))
            .ToList();
        var skipped = names.Sum(tab => tab.Name.Length + 3) <= width - 2 ? 0 : (int)focus - 1;
        var tabs = new List<(Panel, TextRun Title)>();
        foreach (var (panel, name) in names.Skip(skipped))
        {
            var x = tabs.Count == 0 ? 1 : tabs[^1].Title.End + 1;
            if (x >= width - 1) break;
            tabs.Add((panel, panel == focus ? TextRun.Cut(x, width - 1 - x, $"[{name}]", Theme.Strong)
                : TextRun.Cut(x, width - 1 - x, $" {name} ")));
        }
        return tabs;
    }

    private static PanelFrame Frame(OverviewScreen screen, Panel panel, Model model)
    {
        var of = model.Card is { } card ? $" {card.Address.SlotName}" : "";
        var title = panel switch
        {
            Panel.Cards when !screen.ShowsAll => "Cards",
            Panel.Cards when screen.SortedBy > 0 => $"PCI devices by {SortColumns[screen.SortedBy]}",
            Panel.Cards => "PCI devices",
            Panel.Groups => "IOMMU groups",
            Panel.Drivers => $"Drivers and modules{of}",
            Panel.Holders => $"Who holds{of}",
            _ => panel.ToString(),
        };
        var filter = screen.Filter(panel, model);
        var note = panel == Panel.Log ? model.LogView.Note
            : !TextFilter.IsEmpty(filter) ? $"/{filter}"
            : panel == Panel.Groups && model.Host is { } host ? $"{host.Groups.Length}" : "";
        return new PanelFrame($"{(int)panel} {title}", panel == screen.Focus, note);
    }

    private static ImmutableArray<PanelPart> Parts(OverviewScreen screen, Panel panel, Model model, Rect inside)
    {
        if (panel == Panel.Log) return [PanelPart.Of(inside, model.LogView.Shown(model.Log, inside.Width, inside.Height))];
        if (model.Host is not { } host) return [PanelPart.Of(inside, ShownLines.Of(new TextRun(0, model.Unreadable ?? "looking...")))];
        var rows = screen.Rows(panel, model);
        var (account, gap) = panel == Panel.Holders && model.Card is { } card
            ? Account(host, card, rows.Length, inside.Width, inside.Height)
            : ([], 0);
        var (sum, list) = inside.AtOrigin().SplitBottom(account.Length + gap);
        var lines = Empty(panel, model, rows) is { } why ? ShownLines.Of(TextRun.Cut(2, list.Width - 2, why))
            : screen.List(panel, model).Shown(Columns(panel, list.Width), rows, screen.Focus == panel, list.Width, list.Height);
        return
        [
            new PanelPart(list, lines) { HasCursor = true },
            new PanelPart(sum.SplitTop(gap).Remainder, ShownLines.Of([.. account.Select(line => ImmutableArray.Create(line))])),
        ];
    }

    private static ImmutableArray<Column> Columns(Panel panel, int width) => panel switch
    {
        Panel.Cards => CardsPanel.Columns,
        Panel.Groups => GroupsPanel.Columns(width),
        Panel.Drivers => DriversPanel.Columns,
        Panel.Holders => HoldersPanel.Columns,
        _ => DesktopPanel.Columns,
    };

    /// <summary>Why there is no row; null where there are some.</summary>
    private static string? Empty(Panel panel, Model model, ImmutableArray<ListRow> rows) => panel switch
    {
        Panel.Groups => model.Host!.HasIommu ? null : WithoutIommu.Sentence(model.Host),
        Panel.Cards => rows.IsEmpty ? "Linux sees no graphics card." : null,
        Panel.Drivers or Panel.Holders when model.Card is null => "no card",
        Panel.Holders => rows.IsEmpty ? "no program holds it" : null,
        _ => null,
    };

    /// <summary>The list is the matter; the sum comes under it as far as there is room, but one line of it nearly always.</summary>
    private static (ImmutableArray<TextRun> Lines, int Gap) Account(HostSnapshot host, Card card, int rows, int width, int height)
    {
        var left = height - rows - 1;
        var explained = HoldersPanel.Explained(host, card, width);
        var account = explained.Length <= left ? explained : HoldersPanel.Account(host, card, width);
        var lines = Math.Min(account.Length, Math.Max(left, height > 4 ? 1 : 0));
        if (lines == 0) return ([], 0);
        // The driver's own module is the last to go and the one people ask about.
        return ([.. account.Skip(account.Length - lines).Select(line => TextRun.Cut(0, width, line))], left > 0 ? 1 : 0);
    }

    /// <summary>On a wide screen, everything about what the cursor is on; about the card where that is a line without a story.</summary>
    private static PanelPicture Story(OverviewScreen screen, Rect at, Model model)
    {
        var subject = screen.SubjectOf(model) ?? (model.Card is { } card ? new Subject.Device(card.Address) : null);
        var inside = PanelFrame.Inside(at);
        return PanelPicture.Of(
            at,
            new PanelFrame(subject?.Heading ?? "Details"),
            subject is null
                ? ShownLines.None
                : new Page().Shown(Details.Of(subject, model.Host, model.IsRunning, model.Zone), inside.Width, inside.Height));
    }
}
