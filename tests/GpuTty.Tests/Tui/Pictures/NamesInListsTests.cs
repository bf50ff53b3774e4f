using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>What a card is called is cut only where its own row has no room for it; nothing else leaves its column.</summary>
public sealed class NamesInListsTests
{
    private static readonly Column[] s_names = [Column.Whole, Column.Name, Column.Whole, Column.Whole];
    private static readonly Column[] s_others = [Column.Whole, Column.Cut, Column.Whole, Column.Whole];

    [Theory]
    [InlineData("GeForce RTX 4090", "on the host", "grp 2", "  01:00  GeForce RTX 4090  on the host   grp 2")]
    [InlineData("GeForce RTX 4090", "snd_hda_intel", "grp 2", "  01:00  GeForce RTX 40~  snd_hda_intel  grp 2")]
    [InlineData("UHD 630", "on the host", "grp 2", "  01:00  UHD 630          on the host    grp 2")]
    public void It_pushes_what_follows_into_blanks_and_no_further(string name, string owner, string group, string line) =>
        Assert.Equal(line, Line(s_names, name, owner, group));

    [Theory]
    [InlineData("GeForce RTX 4090", "on the host", "grp 2", "  01:00  GeForce RTX 40~  on the host    grp 2")]
    [InlineData("GeForce RTX 4090", "", "grp 2", "  01:00  GeForce RTX 4090                grp 2")]
    [InlineData("NVIDIA Corporation AD102 [GeForce RTX 4090]", "", "", "  01:00  NVIDIA Corporation AD102 [GeForce RT~")]
    public void What_is_no_name_runs_on_over_empty_cells_alone(string name, string owner, string group, string line) =>
        Assert.Equal(line, Line(s_others, name, owner, group));

    [Fact]
    public void Nothing_is_pushed_over_the_edge_and_without_names_nothing_aside()
    {
        var random = new Random(7);
        string Word(int most) => new('x', random.Next(most));
        for (var time = 0; time < 5000; time++)
        {
            var rows = Enumerable.Range(0, 4)
                .Select(id => new ListRow($"{id}", Word(8), Word(40), Word(14), Word(7)) { Depth = random.Next(3) }).ToArray();
            var (width, columns) = (random.Next(20, 60), time % 2 == 0 ? s_names : s_others);
            var shown = new ListState().Shown(columns, [.. rows], focused: true, width, 9);
            var cells = Enumerable.Range(0, rows.Length)
                .Select(row => shown.Line(row).Where(run => run.X >= ListState.MarkWidth).ToList()).ToList();
            foreach (var row in cells)
            {
                var runs = row.Where(run => run.Text.Length > 0).OrderBy(run => run.X).ToList();
                Assert.All(runs, run => Assert.True(run.End <= width, $"{run} is not within {width}"));
                Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.X, $"{pair}"));
            }
            if (columns == s_others)
                Assert.All(
                    Enumerable.Range(1, cells[0].Count - 1), column => Assert.Single(cells.Select(row => row[column].X).Distinct()));
        }
    }

    private static string Line(Column[] columns, string name, string owner, string group)
    {
        var row = new ListRow("a", "01:00", name, owner, group);
        ListRow[] rows = [row, new ListRow("b", "01:01", "VGA controller ..", "snd_hda_intel", "grp 2")];
        return Text(new ListState("b").Shown(columns, [.. rows], focused: false, 46, 5).Line(0)).TrimEnd();
    }

    private static string Text(IEnumerable<TextRun> runs)
    {
        var line = new string(' ', 60).ToCharArray();
        foreach (var run in runs) run.Text.CopyTo(0, line, run.X, run.Text.Length);
        return new string(line);
    }
}
