using GpuTty.Simulation;
using GpuTty.Tests.Simulation;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

public sealed class StartTests
{
    private const string Problem = "The journal of the last switch was written by another version of gputty (format 9).";

    [Fact]
    public void M35_a_journal_that_cannot_be_read_is_told_on_the_first_screen_and_in_the_log()
    {
        var lab = Lab.On("desktop");
        var model = Start.With(new SimulatedSwitchService(lab.Host, lab.Clock), new TuiOptions { JournalProblem = () => Problem }, 100, 30);
        var screen = OnViews.Text(model);
        Assert.Contains("written by another version", screen, StringComparison.Ordinal);
        Assert.Contains("It is not acted on", OnViews.Text(model with { Width = 200 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_by_line_it_is_told_first()
    {
        var lab = Lab.On("desktop");
        var output = new StringWriter();
        await new PlainMode(
            lab.Host,
            new SimulatedSwitchService(lab.Host, lab.Clock),
            new StringReader("q\n"),
            output,
            new TuiOptions { JournalProblem = () => Problem }).RunAsync(default);
        Assert.StartsWith(Problem, output.ToString(), StringComparison.Ordinal);
    }
}
