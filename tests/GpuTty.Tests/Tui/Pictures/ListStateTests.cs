using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tests.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>The user always knows which row the next key is about.</summary>
public sealed class ListStateTests
{
    private static readonly ImmutableArray<ListRow> s_animals = Examples.Animals;

    [Fact]
    public void Nothing_is_selected_in_an_empty_list()
    {
        Assert.Null(new ListState("owl", 4).Selected([]));
        Assert.Null(new ListState().Selected([ListRow.Heading("only a heading")]));
        Assert.Equal(new ListState("owl"), new ListState("owl").On(Key.Down, []));
    }

    [Fact]
    public void Headings_are_stepped_over()
    {
        var list = new ListState();
        Assert.Equal("lion", list.Selected(s_animals)?.Id);
        Assert.Equal(["bat", "owl", "crow", "crow"], Pressed(list, Key.Down, Key.Of('j'), Key.Down, Key.Down));
        Assert.Equal(["crow", "owl", "bat", "lion", "lion"], Pressed(list, Key.End, Key.Up, Key.Up, Key.Of('k'), Key.Up));
        Assert.Equal(["crow", "lion"], Pressed(list, Key.Of('G'), Key.Of('g')));
        Assert.Equal(["crow", "lion"], Pressed(list, Key.PageDown, Key.PageUp));
    }

    /// <summary>A green word turned round would be a green block, and no selection.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void The_selected_row_has_one_look_whatever_its_cells_have(bool isConsole, bool hasColor)
    {
        foreach (var glyphs in new[] { Glyphs.Unicode, Glyphs.Ascii })
        {
            ImmutableArray<ListRow> rows = [
                new("a", new Label("a", Theme.Strong), new Label("isolated", Theme.Good)),
                new("b", "b", new Label("halfway", Theme.Bad)),
            ];
            var on = OnViews.Drawn(new ListState("b").Shown([Column.Whole, Column.Whole], rows, focused: true, 40, 3), 40, 3);
            var terminal = new MiniTerminal(40, 3, knowsPrivateModes: !isConsole);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            new Painter(new TerminalTraits(isConsole, hasColor, glyphs)).Paint(on, output);
            terminal.Write(output.WrittenSpan);
            Assert.Equal(new string('a', 40), Style(terminal, 1).Replace(Style(terminal, 1)[0], 'a'));
            Assert.Contains("reversed", terminal.Text.Split('\n')[^2], StringComparison.Ordinal);
        }

        static string Style(MiniTerminal terminal, int row) => terminal.Text.Split('\n')[3 + row];
    }

    [Fact]
    public void A_row_is_found_by_what_it_is_about_although_it_shows_only_a_part_of_it() =>
        Assert.True(new ListRow("0000:01:00.0", ".0", "VGA controller").Matches("01:00.0"));

    [Fact]
    public void The_selection_stays_on_its_animal_when_others_come_and_go()
    {
        var list = new ListState().Select(s_animals, "owl");
        Assert.Equal("owl", list.Selected(s_animals.RemoveAt(1))?.Id);
        Assert.Equal("owl", list.Selected(s_animals.Insert(0, new ListRow("ant", "00:00.0", "Ant")))?.Id);
    }

    [Fact]
    public void When_the_animal_is_gone_its_neighbour_is_selected()
    {
        var list = new ListState().Select(s_animals, "owl");
        Assert.Equal("crow", list.Selected(s_animals.RemoveAt(4))?.Id);
        Assert.Equal("bat", new ListState().Select(s_animals, "crow").Selected(s_animals[..4])?.Id);
    }

    [Fact]
    public void A_filter_keeps_rows_with_all_its_words_and_their_headings()
    {
        var list = new ListState("bat", Filter: "ASLEEP 00.0");
        Assert.Equal(
            ["Mammals", "lion", "Birds", "owl"],
            list.Matching(s_animals).Select(row => row.IsHeading ? row.Cells[0].Text : row.Id));
        Assert.Equal("lion", list.Selected(s_animals)?.Id);
    }

    [Fact]
    public void Other_keys_are_left_to_others()
    {
        foreach (var key in new[] { Key.Enter, Key.Escape, Key.Of('v'), Key.Ctrl('l'), Key.Tab, Key.Left })
            Assert.Null(new ListState().On(key, s_animals));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(44)]
    [InlineData(34)]
    [InlineData(20)]
    [InlineData(9)]
    public void Addresses_and_states_are_shown_whole_or_not_at_all(int width)
    {
        var text = Examples.Words(new ListState().Shown(Examples.Columns, s_animals, focused: true, width, 8), width, 8);
        foreach (var row in text.Split('\n').Where(row => row.Contains(":00.", StringComparison.Ordinal)))
        {
            var animal =
                s_animals.Single(animal => !animal.IsHeading && row[2..].StartsWith(animal.Cells[0].Text, StringComparison.Ordinal));
            var state = animal.Cells[2].Text;
            if (row.Contains(state[..3], StringComparison.Ordinal)) Assert.Contains(state, row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_list_without_names_cuts_nothing()
    {
        Column[] columns = [Column.Whole, Column.Whole, Column.Whole, Column.Number];
        for (var width = 9; width < 100; width++)
            Assert.DoesNotContain(
                "~",
                Examples.Words(new ListState().Shown(columns, s_animals, focused: true, width, 8), width, 8),
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_selected_row_is_in_sight_with_its_neighbours()
    {
        for (var height = 1; height < 20; height++)
            for (var count = 1; count < 60; count++)
                for (var selected = 0; selected < count; selected++)
                {
                    var first = Scroll.First(selected, count, height);
                    Assert.InRange(selected, first, first + height - 1);
                    Assert.InRange(first, 0, Math.Max(0, count - height));
                    if (selected > 0 && height >= 4) Assert.True(first < selected);
                    if (selected < count - 1 && height >= 4) Assert.True(first + height - 1 > selected);
                }
    }

    private static IEnumerable<string?> Pressed(ListState list, params Key[] keys)
    {
        foreach (var key in keys)
        {
            list = list.On(key, s_animals)!;
            yield return list.Selected(s_animals)?.Id;
        }
    }
}
