using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;

namespace GpuTty.Tui.Screens;

/// <summary>Which panels are in sight, and where. Neighbours overlap by one line, so that their frames join.</summary>
/// <param name="HasTabs">The first row names all panels, because only some are in sight.</param>
/// <param name="Story">Where there is room for it: details of what the cursor is on.</param>
internal sealed record OverviewLayout(bool HasTabs, ImmutableArray<(Panel Panel, Rect At)> Places, Rect? Story = null)
{
    private const int LeastStory = 9;
    private const int LeastLog = 3;
    // Six rows of cards, four of groups, five of drivers.
    private const int LeastAbove = 18;
    // The sums of the reference counts under the holders: a driver of four modules, and a blank line.
    private const int Accounts = 5;

    /// <param name="body">Between the first and the last line of the screen.</param>
    /// <param name="wanted">How many rows a panel would fill.</param>
    /// <param name="logRows">How many rows the log has more than its share, or fewer; as far as there is room.</param>
    /// <param name="isFull">The panel with the keys alone.</param>
    public static OverviewLayout For(Rect body, Panel focus, Func<Panel, int> wanted, int logRows = 0, bool isFull = false) =>
        isFull ? new(true, [(focus, body.SplitTop(1).Remainder)])
        : body is { Width: >= 190, Height: >= 34 } ? Beside(body, wanted, logRows)
        : body is { Width: >= 130, Height: >= 34 } ? Between(body, wanted, logRows)
        : body is { Width: >= 100, Height: >= 26 } ? new(false, Wide(body, wanted, logRows))
        : body is { Width: >= 60, Height: >= 18 } ? new(true, Stacked(body.SplitTop(1).Remainder, focus, wanted, logRows))
        : new(true, [(focus, body.SplitTop(1).Remainder)]);

    public Rect? PlaceOf(Panel panel) => Places.Where(place => place.Panel == panel).Select(place => (Rect?)place.At).FirstOrDefault();

    /// <summary>A third column tells everything about the selected row, so that nothing needs to be opened.</summary>
    private static OverviewLayout Beside(Rect body, Func<Panel, int> wanted, int logRows)
    {
        var (log, _) = body.SplitBottom(LogHeight(body, logRows));
        var left = body.Width * 2 / 3;
        var places = Wide(new Rect(body.X, body.Y, left + 1, body.Height), wanted, logRows)
            .Select(place => place.Panel == Panel.Log ? (place.Panel, Joined(log)) : place);
        return new(false, [.. places], new Rect(body.X + left, body.Y, body.Width - left, body.Height - log.Height));
    }

    /// <summary>The details stand in the right column, in the room that holders and desktop leave.</summary>
    private static OverviewLayout Between(Rect body, Func<Panel, int> wanted, int logRows)
    {
        var places = Wide(body, wanted, logRows);
        var holders = places.First(place => place.Panel == Panel.Holders).At;
        var needed = wanted(Panel.Holders) + Accounts + 2;
        if (holders.Height - needed < LeastStory) return new(false, places);
        var (upper, lower) = Rows(holders, needed);
        return new(false, [.. places.Select(place => place.Panel == Panel.Holders ? (place.Panel, upper) : place)], lower);
    }

    private static int LogHeight(Rect body, int more) =>
        Math.Clamp(Math.Max(7, body.Height / 5) + more, LeastLog, body.Height - LeastAbove);

    private static ImmutableArray<(Panel Panel, Rect At)> Wide(Rect body, Func<Panel, int> wanted, int logRows)
    {
        var (log, upper) = body.SplitBottom(LogHeight(body, logRows));
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
    private static ImmutableArray<(Panel, Rect)> Stacked(Rect body, Panel focus, Func<Panel, int> wanted, int logRows)
    {
        var cardsHeight = Math.Clamp(wanted(Panel.Cards) + 2, 5, body.Height * (focus == Panel.Cards ? 5 : 4) / 10);
        var (cards, rest) = Rows(body, cardsHeight);
        if (focus == Panel.Log) return [(Panel.Cards, cards), (Panel.Log, rest)];
        var (log, middle) = rest.SplitBottom(Math.Clamp(Math.Max(4, rest.Height / 3) + logRows, LeastLog, rest.Height - LeastLog));
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
