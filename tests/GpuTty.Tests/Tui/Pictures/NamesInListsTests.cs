using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>A name is cut only where its own row has no room for it, and nothing is ever pushed out of its column.</summary>
public sealed class NamesInListsTests
{
    private static readonly Column[] s_columns = [Column.Whole, Column.Cut, Column.Whole, Column.Whole];

    [Theory]
    [InlineData("GeForce RTX 4090", "", "grp 2", "  01:00  GeForce RTX 4090                grp 2")]
    [InlineData("GeForce RTX 4090", "on the host", "grp 2", "  01:00  GeForce RTX 40~  on the host    grp 2")]
    [InlineData("GeForce RTX 4090", "snd_hda_intel", "grp 2", "  01:00  GeForce RTX 40~  snd_hda_intel  grp 2")]
    [InlineData("NVIDIA Corporation AD102 [GeForce RTX 4090]", "", "", "  01:00  NVIDIA Corporation AD102 [GeForce RTX~")]
    [InlineData("UHD 630", "on the host", "grp 2", "  01:00  UHD 630          on the host    grp 2")]
    public void It_runs_on_over_empty_cells_and_no_further(string name, string owner, string group, string line)
    {
        var row = new ListRow("a", "01:00", name, owner, group);
        ListRow[] rows = [row, new ListRow("b", "01:01", "VGA controller ..", "snd_hda_intel", "grp 2")];
        var shown = new ListState("b").Shown(s_columns, [.. rows], focused: false, 46, 5);
        Assert.Equal(line, Text(shown.Line(0)).TrimEnd());
    }

    [Fact]
    public void Nothing_is_pushed_aside_or_over_the_edge()
    {
        var random = new Random(7);
        string Word(int most) => new('x', random.Next(most));
        for (var time = 0; time < 5000; time++)
        {
            var rows = Enumerable.Range(0, 4)
                .Select(id => new ListRow($"{id}", Word(8), Word(40), Word(14), Word(7)) { Depth = random.Next(3) }).ToArray();
            var width = random.Next(20, 60);
            var shown = new ListState().Shown(s_columns, [.. rows], focused: true, width, 9);
            var cells = Enumerable.Range(0, rows.Length)
                .Select(row => shown.Line(row).Where(run => run.X >= ListState.MarkWidth).ToList()).ToList();
            Assert.All(
                Enumerable.Range(1, cells[0].Count - 1), column => Assert.Single(cells.Select(row => row[column].X).Distinct()));
            foreach (var row in Enumerable.Range(0, rows.Length))
            {
                var runs = shown.Line(row).Where(run => run.Text.Length > 0 && run.X >= ListState.MarkWidth).OrderBy(run => run.X).ToList();
                Assert.All(runs, run => Assert.True(run.End <= width, $"{run} is not within {width}"));
                Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.X, $"{pair}"));
            }
        }
    }

    private static string Text(IEnumerable<TextRun> runs)
    {
        var line = new string(' ', 60).ToCharArray();
        foreach (var run in runs) run.Text.CopyTo(0, line, run.X, run.Text.Length);
        return new string(line);
    }
}
