using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;

namespace GpuTty.Tui.Screens;

/// <summary>Which panels are in sight, and where. Neighbours overlap by one line, so that their frames join.</summary>
/// <param name="HasTabs">The first row names all panels, because only some are in sight.</param>
internal sealed record OverviewLayout(bool HasTabs, ImmutableArray<(Panel Panel, Rect At)> Places)
{
    /// <param name="body">Between the first and the last line of the screen.</param>
    /// <param name="wanted">How many rows a panel would fill.</param>
    public static OverviewLayout For(Rect body, Panel focus, Func<Panel, int> wanted) =>
        body is { Width: >= 100, Height: >= 26 } ? new(false, Wide(body, wanted))
        : body is { Width: >= 60, Height: >= 18 } ? new(true, Stacked(body.SplitTop(1).Remainder, focus, wanted))
        : new(true, [(focus, body.SplitTop(1).Remainder)]);

    public Rect? PlaceOf(Panel panel) => Places.Where(place => place.Panel == panel).Select(place => (Rect?)place.At).FirstOrDefault();

    private static ImmutableArray<(Panel, Rect)> Wide(Rect body, Func<Panel, int> wanted)
    {
        var (log, upper) = body.SplitBottom(Math.Max(7, body.Height / 5));
        var (left, right) = Columns(upper);
        var (cards, belowCards) = Rows(left, Math.Clamp(wanted(Panel.Cards) + 2, 6, upper.Height / 2));
        var driversHeight = Math.Clamp(wanted(Panel.Drivers) + 2, 5, Math.Max(5, belowCards.Height - 5));
        var (groups, drivers) = Rows(belowCards, Math.Max(4, belowCards.Height - driversHeight + 1));
        var desktopHeight = Math.Clamp(wanted(Panel.Desktop) + 2, 6, upper.Height / 2);
        var (holders, desktop) = Rows(right, right.Height - desktopHeight + 1);
        return
        [
            (Panel.Cards, cards), (Panel.Groups, groups), (Panel.Drivers, drivers),
            (Panel.Holders, holders), (Panel.Desktop, desktop), (Panel.Log, Joined(log)),
        ];
    }

    /// <summary>The cards, the panel with the keys (or who holds the card), and the log.</summary>
    private static ImmutableArray<(Panel, Rect)> Stacked(Rect body, Panel focus, Func<Panel, int> wanted)
    {
        var cardsHeight = Math.Clamp(wanted(Panel.Cards) + 2, 5, body.Height * (focus == Panel.Cards ? 5 : 4) / 10);
        var (cards, rest) = Rows(body, cardsHeight);
        if (focus == Panel.Log) return [(Panel.Cards, cards), (Panel.Log, rest)];
        var (log, middle) = rest.SplitBottom(Math.Max(4, rest.Height / 3));
        return [(Panel.Cards, cards), (focus == Panel.Cards ? Panel.Holders : focus, middle), (Panel.Log, Joined(log))];
    }

    private static (Rect Left, Rect Right) Columns(Rect area)
    {
        var (left, right) = area.SplitLeft((area.Width / 2) + 1);
        return (left, new Rect(right.X - 1, right.Y, right.Width + 1, right.Height));
    }

    private static (Rect Upper, Rect Lower) Rows(Rect area, int height)
    {
        var (upper, lower) = area.SplitTop(height);
        return (upper, Joined(lower));
    }

    private static Rect Joined(Rect lower) => new(lower.X, lower.Y - 1, lower.Width, lower.Height + 1);
}
