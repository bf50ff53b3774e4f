using GpuTty.Cli;

namespace GpuTty.Tests.Cli;

/// <summary>A card whose driver has told the kernel that it cannot go on.</summary>
public sealed class WedgedTests
{
    [Fact]
    public void Doctor_names_the_two_commands_that_bring_the_card_back()
    {
        var said = Gputty.On("wedged").Run("doctor").Out;
        Assert.Contains("gputty switch vm --card 01:00 --end-sessions", said, StringComparison.Ordinal);
        Assert.Contains("gputty switch host --card 01:00", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_commands_bring_it_back()
    {
        var gputty = Gputty.On("wedged");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--card", "01:00", "--end-sessions", "--yes").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--card", "01:00", "--end-sessions", "--yes").Code);
        Assert.DoesNotContain("driver-wedged", gputty.Run("doctor").Out, StringComparison.Ordinal);
    }
}
