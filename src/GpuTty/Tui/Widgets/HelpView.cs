using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>The help: a list that narrows while the user types, the nearest first.</summary>
internal sealed record HelpView(TextField Search, ListView List)
{
    private static readonly ImmutableArray<Column> s_columns = [Column.Whole(), Column.Cut()];

    /// <summary>Letters go into the field; otherwise they move.</summary>
    public bool IsSearching { get; init; }

    public static HelpView Start { get; } = new(new TextField { TakesPaste = true }, new ListView());

    /// <summary>The help after a key; null if the key is none of the help's.</summary>
    public HelpView? On(Key key, IReadOnlyList<HelpEntry> entries)
    {
        if (IsSearching && Search.On(key) is { } search) return Searching(search);
        return (!IsSearching || key.Character is null) && List.On(key, Rows(entries)) is { } list ? this with { List = list } : null;
    }

    /// <summary>Other words begin at what is nearest to them.</summary>
    public HelpView Searching(TextField search) =>
        this with { Search = search, List = search.Text == Search.Text ? List : new ListView(Filter: search.Text) };

    public HelpEntry? Selected(IReadOnlyList<HelpEntry> entries) =>
        List.Selected(Rows(entries)) is { } row ? entries.First(entry => Id(entry) == row.Id) : null;

    /// <summary>The field that is typed in, in the first row.</summary>
    public TypedField Typed(Rect inside) => TypedField.Search(Search, inside);

    public ShownLines Shown(IReadOnlyList<HelpEntry> entries, int width, int height) =>
        List.Shown(s_columns, Rows(entries), focused: true, width, height);

    private List<ListRow> Rows(IReadOnlyList<HelpEntry> entries)
    {
        var rows = new List<ListRow>();
        var typed = Search.Text.Trim();
        foreach (var section in entries.OrderBy(entry => typed.Length == 0 ? 0 : entry.Distance(typed)).GroupBy(entry => entry.Section))
        {
            rows.Add(ListRow.Heading(section.Key));
            rows.AddRange(section.Select(entry => new ListRow(Id(entry), new Label(entry.Keys, Look.Strong), entry.Text)));
        }
        return rows;
    }

    private static string Id(HelpEntry entry) => $"{entry.Section}\n{entry.Keys}\n{entry.Label}\n{entry.Text}";
}
