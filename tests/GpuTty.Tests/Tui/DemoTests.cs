using GpuTty.Tests.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>The program itself in a real terminal, on a pretend machine.</summary>
public sealed class DemoTests
{
    /// <summary>As on a real machine.</summary>
    [TmuxFact]
    public void In_lines_a_yes_that_was_typed_ahead_answers_no_question_of_the_demo()
    {
        using var tmux = new Tmux();
        tmux.Type($"dotnet {typeof(TuiLoop).Assembly.Location} demo desktop --plain", "Enter");
        tmux.WaitFor("or q:");
        tmux.Type("v 01:00", "Enter", "yes", "Enter", "yes", "Enter", "yes", "Enter");
        tmux.WaitFor("yes or no:");
        Thread.Sleep(1000);
        Assert.DoesNotContain("1 of ", tmux.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("Type yes to do it", tmux.Screen, StringComparison.Ordinal);
    }

    [TmuxFact]
    public void The_demo_starts_leads_through_the_wizard_fits_its_window_and_leaves_the_shell_as_it_was()
    {
        using var tmux = new Tmux();
        tmux.Type($"dotnet {typeof(TuiLoop).Assembly.Location} demo desktop", "Enter");
        tmux.WaitFor("looked at the machine");
        tmux.Type("v");
        tmux.Resize(60, 16);
        tmux.WaitFor("Step 3/7");
        tmux.Resize(39, 9);
        tmux.WaitFor("GpuTty needs 40x10");
        tmux.Resize(120, 40);
        tmux.WaitFor("These end with the desktop:");
        tmux.Type("?");
        tmux.WaitFor("/ searches");
        tmux.Type("Escape");
        tmux.WaitFor("Who loses what?");
        tmux.Type("q");
        tmux.WaitFor("6 Log");
        tmux.Type("q");
        tmux.AssertUsable();
    }
}
