using System.Collections.Immutable;
using GpuTty.Planning.Checks;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>How the overview looks.</content>
internal sealed partial record OverviewScreen
{
    public override void Draw(Surface on, Model model)
    {
        var layout = Layout(on.Bounds, model);
        if (layout.HasTabs)
        {
            ImmutableArray<string> titles = on.Width < 68 ? ["1 Cards", "2 Groups", "3 Mods", "4 Held", "5 Desk", "6 Log"]
                : [.. Enum.GetValues<Panel>().Select(panel => $"{(int)panel} {PanelName(panel)}")];
            new Tabs(titles, (int)Focus - 1).Draw(on.Clip(new Rect(1, 0, on.Width - 2, 1)), focused: false);
        }
        if (layout.Story is { } story) DrawStory(on, story, model);
        // All frames first: the title of one stands in the edge of the one above. The panel with the keys last: it has the cursor.
        var insides = layout.Places.Select(place => (place.Panel, Inside: Frame(place.Panel, model).Draw(on, place.At))).ToImmutableArray();
        foreach (var (panel, inside) in insides.OrderBy(place => place.Panel == Focus)) DrawPanel(inside, panel, model);
        if (Typing is { } field && layout.PlaceOf(Focus) is { } place) DrawFilter(on, place, field);
    }

    private OverviewLayout Layout(Rect body, Model model) => OverviewLayout.For(body, Focus, panel => Rows(panel, model).Length);

    private Rect? PlaceOf(Panel panel, Model model) => Layout(new Rect(0, 0, model.Width, Math.Max(0, model.Height - 2)), model).PlaceOf(panel);

    private FrameView Frame(Panel panel, Model model) => new($"{(int)panel} {FrameTitle(panel, model)}", panel == Focus, Note(panel, model));

    private void DrawPanel(Surface inside, Panel panel, Model model)
    {
        if (panel == Panel.Log) model.LogView.Draw(inside, model.Log);
        else if (model.Host is not { } host) inside.Text(0, 0, model.Unreadable ?? "looking...");
        else if (panel == Panel.Groups) DrawGroups(inside, host);
        else if (panel == Panel.Holders) DrawHolders(inside, model);
        else if (panel == Panel.Cards) CardsList(model).Draw(inside, CardsPanel.Columns, Rows(panel, model), panel == Focus);
        else List(panel).Draw(inside, panel == Panel.Drivers ? DriversPanel.Columns : DesktopPanel.Columns, Rows(panel, model), panel == Focus);
        if (panel == Panel.Log && !TextFilter.IsEmpty(model.LogView.Filter) && model.Log.Choose(model.LogView.Filter, model.LogView.Least).Count == 0)
            inside.CutText(0, 0, inside.Width, $"nothing matches \"{model.LogView.Filter}\"");
        if (model.Host is not null && panel != Panel.Log && Empty(panel, model) is { } why) inside.CutText(2, 0, inside.Width - 2, why);
    }

    private void DrawGroups(Surface on, Host.HostSnapshot host) =>
        Groups.Draw(on, GroupsPanel.Columns(on.Width), GroupsPanel.Roots(host), Focus == Panel.Groups);

    private void DrawHolders(Surface on, Model model)
    {
        if (model.Card is not { } card) return;
        // The list is the matter; the sum comes under it as far as there is room, but one line of it nearly always.
        var left = on.Height - Rows(Panel.Holders, model).Length - 1;
        var explained = HoldersPanel.Explained(model.Host!, card, on.Width);
        var account = explained.Length <= left ? explained : HoldersPanel.Account(model.Host!, card, on.Width);
        var lines = Math.Min(account.Length, Math.Max(left, on.Height > 4 ? 1 : 0));
        var gap = left > 0 ? 1 : 0;
        var (sum, list) = on.Bounds.SplitBottom(lines + (lines > 0 ? gap : 0));
        List(Panel.Holders).Draw(on.Clip(list), HoldersPanel.Columns, Rows(Panel.Holders, model), Focus == Panel.Holders);
        // The driver's own module is the last to go and the one people ask about.
        for (var i = 0; i < lines; i++) on.CutText(0, sum.Y + gap + i, on.Width, account[account.Length - lines + i].Text, account[account.Length - lines + i].Style);
    }

    /// <summary>On a wide screen, everything about what the cursor is on; about the card where that is a line without a story.</summary>
    private void DrawStory(Surface on, Rect at, Model model)
    {
        var subject = Selected(model) ?? (model.Card is { } card ? new Subject.Device(card.Address) : null);
        var inside = new FrameView(subject?.Heading ?? "Details").Draw(on, at);
        if (subject is not null) new Page().Draw(inside, Details.Of(subject, model.Host, model.IsRunning));
    }

    private string FrameTitle(Panel panel, Model model) => panel switch
    {
        Panel.Cards => ShowsAll ? "PCI devices" : "Cards",
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

    private static void DrawFilter(Surface on, Rect panel, TextField field)
    {
        var line = on.Clip(new Rect(panel.X + 1, panel.Y + panel.Height - 1, panel.Width - 2, 1));
        var x = line.Text(0, 0, " Filter: ", Look.Strong);
        field.Draw(line, x, 0, Math.Min(30, line.Width - x - 1), focused: true);
    }
}
