using GpuTty.Cli;
using GpuTty.Host.Pci;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

public sealed class ConfirmTests
{
    private static readonly string[] s_switch = ["switch", "vm", "--end-sessions", "--yes", "--confirm-within", "30"];

    [Fact]
    public void A_switch_that_waits_is_kept_from_another_console()
    {
        var gputty = Gputty.On("desktop");
        gputty.Meanwhile(async () =>
        {
            var run = gputty.RunAsync(s_switch);
            while (RunState.Fold(gputty.SwitchService.LastRun())?.AwaitedConsent is null)
                await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(0.1), default);
            var said = await gputty.RunAsync("confirm");
            Assert.Equal((ExitCodes.Done, "Confirmed: the switch goes on.\n"), (said.Code, said.Out));
            Assert.Equal(ExitCodes.Done, (await run).Code);
        });
        Assert.Equal(Owner.Vfio, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    /// <summary>Its disk stalls: neither yes nor no has been seen.</summary>
    [Fact]
    public void A_worker_that_does_not_answer_in_time_has_not_rolled_back_for_all_that_is_known()
    {
        var gputty = Gputty.On("desktop");
        gputty.Meanwhile(async () =>
        {
            var run = gputty.RunAsync(s_switch);
            while (RunState.Fold(gputty.SwitchService.LastRun())?.AwaitedConsent is null)
                await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(0.1), default);
            gputty.SwitchService.HearsNothing = true;
            var said = await gputty.RunAsync("confirm", "--json");
            Assert.Equal((ExitCodes.Refused, "unknown"), (said.Code, said.Json.GetProperty("outcome").GetString()));
            Assert.Contains("unknown whether the confirmation was in time", said.Error, StringComparison.Ordinal);
            gputty.SwitchService.HearsNothing = false;
            Assert.Equal(ExitCodes.Done, (await run).Code);
        });
    }

    [Theory]
    [InlineData("n\n", ExitCodes.TakenBack)]
    [InlineData("no\nn\n", ExitCodes.TakenBack)]
    [InlineData("\n", ExitCodes.Done)]
    [InlineData("what?\ny\n", ExitCodes.Done)]
    public void Can_you_read_this_is_answered_by_Enter_or_yes_and_by_nothing_else(string types, int code) =>
        Assert.Equal(code, Gputty.On("desktop").With(isTerminal: true, types: types).Run(s_switch).Code);

    [Fact]
    public void Without_an_answer_it_is_taken_back_and_says_so()
    {
        var gputty = Gputty.On("desktop");
        var said = gputty.Run(s_switch);
        Assert.Equal(ExitCodes.TakenBack, said.Code);
        Assert.Contains("Not confirmed within 30 seconds", said.Error, StringComparison.Ordinal);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    [Fact]
    public void Where_nothing_waits_there_is_nothing_to_confirm()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Refused, gputty.Run("confirm").Code);
        gputty.Meanwhile(async () =>
        {
            var run = gputty.RunAsync("switch", "vm", "--end-sessions", "--yes");
            Assert.Equal(ExitCodes.Refused, (await gputty.RunAsync("confirm")).Code);
            await run;
        });
    }

    [Fact]
    public void Only_root_may_answer() => Assert.Equal(ExitCodes.NeedsRoot, Gputty.On("desktop").With(isRoot: false).Run("confirm").Code);

    [Theory]
    [InlineData("1")]
    [InlineData("99999")]
    [InlineData("soon")]
    public void The_time_to_answer_has_to_make_sense(string seconds) =>
        Assert.Equal(ExitCodes.Usage, Gputty.On("desktop").Run("plan", "vm", "--confirm-within", seconds).Code);

    [Fact]
    public void The_plan_shows_the_question() =>
        Assert.Contains(
            new AwaitConsent(TimeSpan.FromSeconds(30)).Describe(),
            Gputty.On("desktop").Run("plan", "vm", "--end-sessions", "--confirm-within", "30").Out,
            StringComparison.Ordinal);
}
