using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tests.Tui.Widgets;

/// <summary>Branches open and close, and the selection never hides in a closed one.</summary>
public sealed class TreeViewTests
{
    [Fact]
    public void Arrows_open_close_and_climb()
    {
        var tree = Press(TreeView.Start, Key.Down, Key.Down, Key.Down);
        Assert.Equal("lynx", tree.Selected(Examples.Tree)?.Id);
        tree = Press(tree, Key.Left);
        Assert.Equal("cats", tree.Selected(Examples.Tree)?.Id);
        tree = Press(tree, Key.Left, Key.Down);
        Assert.Equal("lake", tree.Selected(Examples.Tree)?.Id);
        tree = Press(tree, Key.Up, Key.Space, Key.Down);
        Assert.Equal("lynx", tree.Selected(Examples.Tree)?.Id);
        tree = Press(tree, Key.Home, Key.Left, Key.Right, Key.Down);
        Assert.Equal("lion", tree.Selected(Examples.Tree)?.Id);
    }

    [Fact]
    public void A_filter_looks_into_closed_branches()
    {
        var tree = TreeView.Start with { Closed = ["house"], List = new ListView(Filter: "lynx") };
        Assert.Equal("lynx", tree.Selected(Examples.Tree)?.Id);
    }

    [Fact]
    public void An_empty_tree_takes_keys_too()
    {
        foreach (var key in new[] { Key.Left, Key.Right, Key.Space, Key.Down }) Assert.Null(TreeView.Start.On(key, [])!.Selected([]));
        Assert.Null(TreeView.Start.On(Key.Enter, Examples.Tree));
    }

    private static TreeView Press(TreeView tree, params Key[] keys) => keys.Aggregate(tree, (now, key) => now.On(key, Examples.Tree)!);
}
