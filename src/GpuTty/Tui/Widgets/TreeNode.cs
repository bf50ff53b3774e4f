using System.Collections.Immutable;

namespace GpuTty.Tui.Widgets;

/// <summary>A row of a tree and what is under it.</summary>
/// <param name="Id">Unique in the whole tree.</param>
internal sealed record TreeNode(string Id, ImmutableArray<Label> Cells, params ImmutableArray<TreeNode> Children);
