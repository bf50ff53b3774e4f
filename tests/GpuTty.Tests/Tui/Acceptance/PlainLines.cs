using GpuTty.Simulation;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines P1 to P4 of the acceptance list: questions and answers, a line each.</summary>
public sealed class PlainLines
{
    [Fact]
    public async Task UxP1_lines_have_no_escape_byte_and_the_sentences_of_the_screen()
    {
        var text = await Talk("no-iommu", "v 01:00", "q");
        Assert.DoesNotContain('\e', text);
        Assert.Contains("Enable VT-d or AMD-Vi", text, StringComparison.Ordinal);
        Assert.Contains("DEMO no-iommu, nothing is real", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxP2_the_whole_word_yes_agrees_c_shows_commands_and_the_end_of_input_leaves()
    {
        var text = await Talk("kept-off", "v", "c", "y", "no");
        Assert.Contains("$ rmmod nvidia_drm", text, StringComparison.Ordinal);
        Assert.Contains("type the whole word yes, or no", text, StringComparison.Ordinal);
        Assert.Contains("Nothing has been changed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1 of ", text, StringComparison.Ordinal);
        Assert.Contains("ready for a virtual machine", await Talk("kept-off", "v", "yes", "q"), StringComparison.Ordinal);
        Assert.Contains("Type t once more", await Talk("desktop", "v 01:00", "yes", "yes", "t", "q"), StringComparison.Ordinal);
        Assert.Contains("h ADDRESS", await Talk("desktop", "?", "q"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxP3_steps_are_counted_with_their_limits_and_times()
    {
        var text = await Talk("desktop", "v 01:00", "yes", "yes", "q");
        Assert.Matches(@"1 of \d+: ", text);
        Assert.Matches(@"\d+ of \d+: .*, at most \d+ seconds", text);
        Assert.Matches(@"  done after \d+\.\d s", text);
    }

    [Fact]
    public async Task UxP4_an_address_stands_behind_the_letter_and_an_unknown_one_is_refused() =>
        Assert.Contains("Name one of the cards above", await Talk("desktop", "v 77:00", "q"), StringComparison.Ordinal);

    internal static async Task<string> Talk(string name, params string[] answers)
    {
        var clock = new FastClock(20);
        var machine = Machines.Find(name)!;
        var host = new SimulatedHost(machine.Machine, clock, machine.FaultPlan);
        var output = new StringWriter();
        var plain = new PlainMode(
            host,
            new SimulatedSwitchService(host, clock, machine.Journal),
            new StringReader(string.Join('\n', answers)),
            output,
            new TuiOptions { Demo = name });
        Assert.Equal(0, await plain.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));
        return output.ToString();
    }
}
