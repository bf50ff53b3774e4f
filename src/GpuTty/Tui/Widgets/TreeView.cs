using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A list whose rows open and close. All branches are open until
/// the user closes them; a filter looks into closed ones too.</summary>
/// <param name="List">The selection among the rows in sight.</param>
/// <param name="Closed">The ids of the closed branches.</param>
internal sealed record TreeView(ListView List, ImmutableHashSet<string> Closed)
{
    private const int IndentPerLevel = 2;

    private static readonly SnapshotCache<TreeNode[], ImmutableHashSet<string>, ImmutableArray<ListRow>> s_laid = new();

    public static TreeView Start { get; } = new(new ListView(), []);

    public TreeNode? Selected(IReadOnlyList<TreeNode> roots) =>
        List.Selected(Rows(roots)) is { } row ? Walk(roots, 0).First(found => found.Node.Id == row.Id).Node : null;

    /// <summary>The id of the row the user is on; null if there is none.</summary>
    public string? SelectedId(IReadOnlyList<TreeNode> roots) => List.Selected(Rows(roots))?.Id;

    /// <summary>The tree after a key; null if the key is none of a tree's.</summary>
    public TreeView? On(Key key, IReadOnlyList<TreeNode> roots, int page = 10)
    {
        if (key.Is(' ')) return Turn(roots, closed => !closed);
        return key.Code switch
        {
            KeyCode.Left => CloseOrLeave(roots),
            KeyCode.Right => Turn(roots, _ => false),
            _ => List.On(key, Rows(roots), page) is { } moved ? this with { List = moved } : null,
        };
    }

    /// <summary>The tree with this row selected and in sight; unchanged where there is none of that id.</summary>
    public TreeView Reveal(IReadOnlyList<TreeNode> roots, string id)
    {
        if (Walk(roots, 0).All(found => found.Node.Id != id)) return this;
        var open = this with
        {
            Closed = Closed.Except(roots.Where(root => root.Children.Any(child => child.Id == id)).Select(root => root.Id)),
            List = List with { Filter = "" },
        };
        return open with { List = open.List.Select(open.Rows(roots), id) };
    }

    public ShownLines Shown(IReadOnlyList<Column> columns, IReadOnlyList<TreeNode> roots, bool focused, int width, int height) =>
        List.Shown(columns, Rows(roots), focused, width, height);

    private TreeView Turn(IReadOnlyList<TreeNode> roots, Func<bool, bool> change) =>
        Selected(roots) is not { Children.IsEmpty: false } node ? this
        : this with { Closed = change(Closed.Contains(node.Id)) ? Closed.Add(node.Id) : Closed.Remove(node.Id) };

    private TreeView CloseOrLeave(IReadOnlyList<TreeNode> roots)
    {
        if (Selected(roots) is not { } node) return this;
        if (!node.Children.IsEmpty && !Closed.Contains(node.Id)) return this with { Closed = Closed.Add(node.Id) };
        var parent = Walk(roots, 0).FirstOrDefault(found => found.Node.Children.Contains(node)).Node;
        return parent is null ? this : this with { List = List.Select(Rows(roots), parent.Id) };
    }

    private ImmutableArray<ListRow> Rows(IReadOnlyList<TreeNode> roots)
    {
        var open = TextFilter.IsEmpty(List.Filter) ? Closed : [];
        return roots is ImmutableArray<TreeNode> { IsEmpty: false } array
            ? s_laid.Get(ImmutableCollectionsMarshal.AsArray(array)!, open, () => Rows(array, open))
            : Rows(roots, open);
    }

    private static ImmutableArray<ListRow> Rows(IReadOnlyList<TreeNode> roots, ImmutableHashSet<string> open)
    {
        return [.. Walk(roots, 0, open).Select(found => Row(found.Node, found.Level, open))];
    }

    private static ListRow Row(TreeNode node, int level, ImmutableHashSet<string> closed)
    {
        var mark = node.Children.IsEmpty ? "  " : closed.Contains(node.Id) ? "+ " : "- ";
        var first = node.Cells.IsEmpty ? default : node.Cells[0];
        return new ListRow(node.Id, [new Label(mark + first.Text, first.Style), .. node.Cells.Skip(1)]) { Depth = level * IndentPerLevel };
    }

    private static IEnumerable<(TreeNode Node, int Level)> Walk(
        IEnumerable<TreeNode> nodes, int level, ImmutableHashSet<string>? closed = null) =>
        nodes.SelectMany(node => closed?.Contains(node.Id) == true
            ? [(node, level)]
            : Walk(node.Children, level + 1, closed).Prepend((node, level)));
}
