namespace GpuTty.Tests.Cli;

/// <summary>Who is shown the start of the machine is invited to nothing that is refused, or that takes his screen.</summary>
public sealed class BootOutlookTests
{
    [Fact]
    public void A_spare_card_is_offered_to_the_virtual_machine() =>
        Assert.Contains("gputty boot vm --card 01:00", Shown("desktop", "01:00"), StringComparison.Ordinal);

    [Fact]
    public void The_card_that_draws_the_console_is_not() =>
        Assert.DoesNotContain("gputty boot vm", Shown("desktop", "10:00"), StringComparison.Ordinal);

    [Theory]
    [InlineData("ids-at-boot", "01:00")]
    [InlineData("ids-at-boot", "10:00")]
    [InlineData("single", "0a:00")]
    public void Where_it_would_be_refused_nobody_is_invited_to_it(string machine, string card)
    {
        var said = Shown(machine, card);
        Assert.DoesNotContain("gputty boot vm", said, StringComparison.Ordinal);
        Assert.DoesNotContain("is left to the host", said, StringComparison.Ordinal);
        Assert.Contains($"gputty does not give {card} away", said, StringComparison.Ordinal);
    }

    [Fact]
    public void No_option_is_named_that_the_choice_for_the_start_does_not_have()
    {
        Assert.DoesNotContain("--single-gpu", Shown("single", "0a:00"), StringComparison.Ordinal);
        Assert.DoesNotContain("--single-gpu", Gputty.On("single").Run("boot", "vm").Error, StringComparison.Ordinal);
    }

    private static string Shown(string machine, string card) => Gputty.On(machine).Run("boot", "show", "--card", card).Out;
}
