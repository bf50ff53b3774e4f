using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>From one row with the words of the last filter to the next, with the filter and after it.</content>
internal sealed partial record OverviewScreen
{
    private Next? Match(Model model, int by)
    {
        if (Focus == Panel.Log) return Move(by > 0 ? Key.Down : Key.Up, model);
        if (MatchingId(model, by) is not { } id) return null;
        if (Focus == Panel.Groups)
        {
            var there = Groups.Reveal(GroupsPanel.Roots(model.Host!), id);
            return Replaced(model, this with { Groups = there with { List = there.List with { Filter = Filter(model) } } });
        }
        return Chosen(Replaced(model, this with { Lists = Lists.SetItem(Focus, List(Focus).Select(Rows(Focus, model), id)) }));
    }

    private string? WhyNoMatch(Model model, int by) =>
        model.Host is null ? "The machine has not been looked at yet."
        : TextFilter.IsEmpty(Words(model)) ? "Nothing has been looked for yet; / asks for words."
        : Focus == Panel.Log ? TextFilter.IsEmpty(Filter(model)) ? "The log has no filter; / asks for words." : null
        : MatchingId(model, by) is null ? $"No row here has \"{Words(model)}\"." : null;

    private string Words(Model model) => TextFilter.IsEmpty(Filter(model)) ? model.LastWords : Filter(model);

    /// <summary>Around the end, as in less.</summary>
    private string? MatchingId(Model model, int by)
    {
        ImmutableArray<ListRow> rows = Focus == Panel.Groups
            ? [.. GroupsPanel.Roots(model.Host!)
                .SelectMany(root => root.Children.Prepend(root))
                .Select(node => new ListRow(node.Id, node.Cells))]
            : [.. Rows(Focus, model).Where(row => !row.IsHeading)];
        var at = rows.ToList().FindIndex(row => row.Id == SelectedId(model));
        return Enumerable.Range(1, rows.Length).Select(step => rows[(((at + (by * step)) % rows.Length) + rows.Length) % rows.Length])
            .FirstOrDefault(row => row.Matches(Words(model)))?.Id;
    }
}
