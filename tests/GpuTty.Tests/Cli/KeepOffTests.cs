using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

public sealed class KeepOffTests
{
    [Fact]
    public void Kept_off_the_card_goes_there_and_back_without_a_logout()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "on", "--yes", "--end-sessions").Code);
        var sessions = gputty.Host.Machine.Sessions;

        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);

        Assert.Equal(sessions.Select(session => session.Id), gputty.Host.Machine.Sessions.Select(session => session.Id));
    }

    [Fact]
    public void Without_the_rule_the_same_switch_needs_a_logout() =>
        Assert.Equal(ExitCodes.Refused, Gputty.On("desktop").Run("switch", "vm", "--yes").Code);

    [Fact]
    public void The_status_tells_the_rule_and_who_has_the_card_open_all_the_same()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "on", "--yes", "--permanent").Code);

        var card = JsonDocument.Parse(gputty.Run("keep-off", "status", "--json").Out).RootElement.GetProperty("cards")[0];

        Assert.True(card.GetProperty("hidden").GetBoolean());
        Assert.True(card.GetProperty("permanent").GetBoolean());
        Assert.True(card.GetProperty("held_by_desktop").GetBoolean());
        Assert.Contains("still has it open", gputty.Run("keep-off", "status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_again_nothing_of_it_is_left()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "off", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.HiddenFromSeat);
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "off", "--yes").Code);
    }

    [Fact]
    public void The_only_card_is_not_taken_from_the_desktop()
    {
        var refused = Gputty.On("single").Run("keep-off", "on", "--yes");
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("only graphics card", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_monitor_is_not_made_dark_by_a_switch_either()
    {
        var gputty = Gputty.On("twins");
        var refused = gputty.Run("switch", "vm", "--card", "0a:00", "--yes", "--end-sessions", "--keep-off");
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("only connected monitor", refused.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Machine.HiddenFromSeat);
    }

    [Fact]
    public void What_the_card_is_for_is_remembered_and_the_last_word_counts()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes", "--end-sessions", "--for", "monitors").Code);
        Assert.Equal(DesktopAccess.Allowed, UseOf(gputty));
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes", "--for", "compute").Code);
        Assert.Equal(DesktopAccess.HiddenFromSeat, UseOf(gputty));
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "off", "--yes").Code);
        Assert.Equal(DesktopAccess.Unchanged, UseOf(gputty));
    }

    [Fact]
    public void Both_at_once_cannot_be_meant() =>
        Assert.Equal(ExitCodes.Usage, Gputty.On("desktop").Run("switch", "host", "--yes", "--for", "monitors", "--keep-off").Code);

    [Fact]
    public void One_hard_switch_and_from_then_on_the_desktop_stays_without_the_card()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions", "--keep-off", "--permanent").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Assert.True(gputty.Host.Machine.HiddenFromSeat.Single().IsPermanent);
    }

    private static DesktopAccess UseOf(Gputty gputty)
    {
        var host = gputty.Host.Machine.Snapshot();
        return host.UseOf(host.Find(Machines.Card)!);
    }

    [Fact]
    public void Coming_home_for_compute_the_rule_comes_first_and_the_desktop_stays()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes", "--keep-off").Code);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
        Assert.True(gputty.Host.Machine.Snapshot().IsKeptOff(gputty.Host.Machine.Find(Machines.Card)!));
    }
}
