using GpuTty.Cli;

namespace GpuTty.Tests.Cli;

/// <summary>The commands on a simulated machine: who has no such hardware sees what they say.</summary>
public sealed class DemoCommandsTests
{
    [Theory]
    [InlineData("demo twins status", "RTX 3090")]
    [InlineData("demo no-iommu doctor", "IOMMU")]
    [InlineData("demo kept-off plan vm", "Unload module nvidia")]
    [InlineData("demo desktop holders --card 01:00", "gnome-shell")]
    [InlineData("demo laptop groups", "RTX 2070")]
    public void A_command_behind_the_machine_s_name_runs_there(string line, string has)
    {
        var said = Gputty.On("amd").Run(line.Split(' '));
        Assert.Contains(has, said.Out, StringComparison.Ordinal);
        Assert.StartsWith("The simulated machine", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_stay_documents()
    {
        var said = Gputty.On("amd").Run("demo", "twins", "status", "--json");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal(
            GpuTty.Cli.Json.JsonText.Schema,
            System.Text.Json.JsonDocument.Parse(said.Out).RootElement.GetProperty("schema").GetInt32());
    }

    [Fact]
    public void Its_refusals_and_exit_codes_are_those_of_the_real_ones() =>
        Assert.Equal(ExitCodes.Refused, Gputty.On("amd").Run("demo", "single", "switch", "vm", "--yes").Code);

    [Theory]
    [InlineData("demo nowhere status")]
    [InlineData("demo desktop worker x")]
    [InlineData("demo desktop bogus")]
    public void What_is_no_machine_or_no_command_for_people_is_usage(string line)
    {
        var gputty = Gputty.On("amd");
        Assert.Equal(ExitCodes.Usage, gputty.Run(line.Split(' ')).Code);
        Assert.Empty(gputty.Entered);
    }
}
