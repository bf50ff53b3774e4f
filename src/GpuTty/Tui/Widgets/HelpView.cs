using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The help: a list that narrows while the user types.</summary>
internal sealed record HelpView(TextField Search, ListView List)
{
    private static readonly ImmutableArray<Column> Columns = [Column.Whole(), Column.Cut()];

    public static HelpView Start { get; } = new(new TextField { TakesPaste = true }, new ListView());

    /// <summary>The help after a key; null if the key is none of the help's. Letters are searched for, so only arrows move.</summary>
    public HelpView? On(Key key, IReadOnlyList<HelpEntry> entries)
    {
        if (Search.On(key) is { } search) return this with { Search = search, List = List with { Filter = search.Text } };
        return key.Character is null && List.On(key, Rows(entries)) is { } list ? this with { List = list } : null;
    }

    public HelpEntry? Selected(IReadOnlyList<HelpEntry> entries) =>
        List.Selected(Rows(entries)) is { } row ? entries.First(entry => Id(entry) == row.Id) : null;

    public void Draw(Surface on, IReadOnlyList<HelpEntry> entries)
    {
        var (head, body) = on.Bounds.SplitTop(2);
        List.Draw(on.Clip(body), Columns, Rows(entries), focused: true);
        var x = on.Text(0, 0, "Search: ");
        Search.Draw(on.Clip(head), x, 0, on.Width - x, focused: true);
    }

    private static List<ListRow> Rows(IReadOnlyList<HelpEntry> entries)
    {
        var rows = new List<ListRow>();
        foreach (var section in entries.GroupBy(entry => entry.Section))
        {
            rows.Add(ListRow.Heading(section.Key));
            rows.AddRange(section.Select(entry => new ListRow(Id(entry), new Label(entry.Keys, Look.Strong), entry.Text)));
        }
        return rows;
    }

    private static string Id(HelpEntry entry) => $"{entry.Section}\n{entry.Keys}\n{entry.Text}";
}
