using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>A key does what is said of it, and what it does is said.</summary>
public sealed class KeysAsSaidTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);

    [Fact]
    public void The_log_is_left_by_the_same_keys_with_a_filter_and_without()
    {
        foreach (var key in (Key[])[Key.Of('q'), Key.Of('L'), Key.F(10)])
            foreach (var keys in (string[])["L", "L/nvi\n"])
            {
                var left = s_idle.Type(keys).Press(key);
                Assert.IsType<OverviewScreen>(left.Model.Top);
                Assert.Equal("", left.Model.LogView.Filter);
            }
        Assert.IsType<LogScreen>(s_idle.Type("L/nvi\n\e").Model.Top);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("H")]
    [InlineData("X")]
    [InlineData("v")]
    [InlineData("?")]
    public void F10_leaves_where_q_does(string keys)
    {
        Assert.IsType<OverviewScreen>(s_idle.Type(keys).Type("q").Model.Top);
        Assert.IsType<OverviewScreen>(s_idle.Type(keys).Press(Key.F(10)).Model.Top);
    }

    [Theory]
    [InlineData('+', '-')]
    [InlineData('-', '+')]
    public void The_log_goes_back_at_the_first_key_however_often_it_was_made_larger_or_smaller(char there, char back)
    {
        foreach (var (width, height) in ((int, int)[])[(100, 30), (80, 25), (200, 50), (140, 40)])
        {
            var most = s_idle.Sized(width, height).Type(new string(there, 70));
            Assert.StartsWith("There is no room", most.Notice, StringComparison.Ordinal);
            Assert.NotEqual(most.Type("1").Text(), most.Type($"{back}").Text());
        }
    }

    [Fact]
    public void Where_the_log_is_not_in_sight_its_size_cannot_be_changed() =>
        Assert.Equal("The log is not in sight.", s_idle.Sized(50, 14).Type("+").Notice);

    [Fact]
    public void A_narrow_page_of_the_wizard_counts_itself_once()
    {
        var page = s_idle.Sized(60, 16).Type("vS\n").Text().Split('\n')[1];
        Assert.Contains("Step 4/7 [> ] Plan", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_short_of_room_is_left_out_whole()
    {
        var back = s_idle.Type("vS\n\ny").Report(Runs.TakenBack[..^3]);
        for (var width = 60; width < 120; width++)
            Assert.DoesNotContain("since~", back.Sized(width, 25).Text().Replace(" the", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_desktop_is_named_as_the_next_step_only_to_whom_the_key_leads_there()
    {
        var begun = s_idle.Type("vS\n\ny").Report(
            (RunEvent.Opened)Runs.Opened with { Intent = Runs.Plan.Intent with { Direction = Direction.ToHost } },
            Runs.Switched[^1]);
        foreach (var isRoot in (bool[])[true, false])
        {
            var caller = DesktopMachine.Idle.Caller with { IsRoot = isRoot, Vt = 3 };
            var ended = begun.Hear(new Msg.HostRead(DesktopMachine.Idle with { Caller = caller })).Sized(120, 50);
            ended = ended with { Model = ended.Model with { Can = Abilities.All } };
            Assert.Equal(isRoot, CommonKeys.Desktop.Reason(ended.Model) is null);
            Assert.Equal(isRoot, ended.Words.Contains("d goes to the desktop", StringComparison.Ordinal));
            Assert.Contains("v moves the card to the VM again", ended.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void To_cancel_a_plan_is_not_said_to_lead_elsewhere_than_it_does()
    {
        var plan = s_idle.Type("\nv");
        Assert.IsType<DetailScreen>(plan.Type("q").Model.Top);
        var help = plan.Type("?").Sized(110, 90).Words;
        Assert.DoesNotContain("Back to the overview", help, StringComparison.Ordinal);
        Assert.Contains("Back to where you came from. Nothing has been changed.", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_does_not_send_to_itself() =>
        Assert.Equal("x does nothing here; Esc leads back.", s_idle.Type("?x").Notice);

    [Fact]
    public void That_f_holds_the_log_still_is_said_in_its_panel_too()
    {
        var log = s_idle.Sized(200, 50).Type("6");
        Assert.Contains("f hold", log.Bar(), StringComparison.Ordinal);
        Assert.Contains("f follow", log.Type("f").Bar(), StringComparison.Ordinal);
        Assert.Contains("hold the picture still", log.Type("?").Sized(200, 90).Text(), StringComparison.Ordinal);
        Assert.True(s_idle.Type("f").Model.LogView.IsFollowing);
    }
}
