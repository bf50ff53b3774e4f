using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Holders;

namespace GpuTty.Tests.Tui;

/// <summary>Who ends a session wants to know what is open in it.</summary>
public sealed class SessionProgramsTests
{
    private static readonly LoginSession s_gnome = DesktopMachine.Idle.Sessions[0];

    [Fact]
    public void Programs_that_hold_the_card_come_first_and_each_is_told_once()
    {
        var host = DesktopMachine.Idle with
        {
            Programs = [
                new("Terminal", 1000, null, [3010]),
                new("shell", 1000, null, [2143]),
                new("Terminal", 1000, null, [3020]),
                new("vim", 1001, null, [4000]),
                new("mc", 0, "5", [4100]),
            ],
        };
        Assert.Equal(["Xwayland", "shell", "Terminal (2)"], SessionProgram.Of(host, s_gnome).Select(program => program.ToString()));
        Assert.Equal([true, true, false], SessionProgram.Of(host, s_gnome).Select(program => program.HoldsCard));
    }

    [Fact]
    public void The_panel_the_page_of_the_session_and_the_page_before_the_plan_name_them()
    {
        var idle = Play.At(DesktopMachine.Idle);
        Assert.Contains("also started: firefox, Terminal (2)", idle.Text(), StringComparison.Ordinal);
        Assert.Contains("what was started from this desktop", idle.Type("5j\n").Text(), StringComparison.Ordinal);
        Assert.Contains(
            "programs in it: gnome-shell, Xwayland, firefox, Terminal (2), LibreOffice",
            idle.Sized(130, 40).Type("v").Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_and_the_last_question_name_what_may_not_be_saved()
    {
        const string named = "fernando · GNOME on tty2 with firefox, Terminal (2), LibreOffice.";
        var plan = Play.At(DesktopMachine.Idle, 200, 50).Type("vS\n");
        Assert.Single(Regex.Matches(plan.Text(), Regex.Escape(named)));
        Assert.Equal(2, Regex.Count(plan.Type("\n").Text(), Regex.Escape(named)));
    }

    /// <summary>Thousands of processes are only looked through for somebody who looks at the result.</summary>
    [Fact]
    public void They_are_looked_for_where_they_are_shown_and_nowhere_else()
    {
        var narrow = Play.At(DesktopMachine.Idle, 80, 25);
        Assert.Equal(SnapshotSections.All, narrow.Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Type("5").Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Sized(120, 40).Model.Needs);
        Assert.Equal(SnapshotSections.All, narrow.Sized(120, 40).Type("v\e").Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Type("v").Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Type("vS\n").Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Type("vS\n\n").Model.Needs);
        Assert.Equal(SnapshotSections.All | SnapshotSections.Programs, narrow.Type("5j\n").Model.Needs);
        Assert.Equal(SnapshotSections.All, narrow.Type("L").Model.Needs);
    }

    [Fact]
    public async Task The_running_program_finds_them_for_the_panel()
    {
        await using var person = new Person("desktop", pace: 1);
        await person.Sees("looked at the machine", "also started: libreoffice-writer");
    }
}
