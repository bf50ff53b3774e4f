using System.Diagnostics;

namespace GpuTty.Tests.Terminal;

/// <summary>The screen in a real terminal: keys arrive, sizes change, the shell can have it for a while.</summary>
public sealed class ScreenTests
{
    [TmuxFact]
    public void Keys_typed_in_a_terminal_arrive()
    {
        using var tmux = new Tmux();
        tmux.Start("screen");
        tmux.Type("v", "Up", "F5", "BTab", "C-l", "C-c", "M-x", "PPage", "Escape");
        var screen = tmux.WaitFor("│ Esc");
        foreach (var key in new[] { "v", "Up", "F5", "Shift+Tab", "Ctrl+L", "Ctrl+C", "Alt+x", "PgUp" })
            Assert.Contains($"│ {key} ", screen, StringComparison.Ordinal);
        Assert.StartsWith("┌──────", screen, StringComparison.Ordinal);
        Assert.Contains("size 80x24 console  ", screen, StringComparison.Ordinal);
    }

    [TmuxFact]
    public void The_screen_follows_the_size_of_its_window()
    {
        using var tmux = new Tmux();
        tmux.Start("screen");
        foreach (var (width, height) in new[] { (100, 30), (40, 10), (80, 25) })
        {
            tmux.Resize(width, height);
            Assert.EndsWith("┘", tmux.WaitFor($"size {width}x{height}").TrimEnd(), StringComparison.Ordinal);
        }
    }

    [TmuxFact]
    public void A_stopped_program_draws_its_screen_again_when_it_goes_on() => StopAndGoOn("screen");

    [TmuxFact]
    public void A_stopped_program_with_its_supervisor_goes_on_too() => StopAndGoOn("supervised");

    private static void StopAndGoOn(string program)
    {
        using var tmux = new Tmux();
        var process = tmux.Start(program);
        tmux.Type("v");
        tmux.WaitFor("│ v");
        // The whole job, as the shell would.
        var job = File.ReadAllText($"/proc/{process}/stat").Split(' ')[4];
        using (var stop = Process.Start("kill", ["-STOP", "--", $"-{job}"])) stop.WaitForExit();
        tmux.WaitFor("Stopped");
        tmux.Type("fg", "Enter");
        tmux.WaitFor("ScreenReturned");
        // A key, not the letter the line would show by itself.
        tmux.Type("Up");
        tmux.WaitFor("│ Up ");
        tmux.Type("q");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void Input_and_output_may_be_something_else()
    {
        using var tmux = new Tmux();
        tmux.Type($"true | {Tmux.Trial} screen | cat", "Enter");
        tmux.WaitFor("console");
        tmux.Type("q");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void Without_a_terminal_it_says_so()
    {
        using var tmux = new Tmux();
        tmux.Type($"setsid -w {Tmux.Trial} screen </dev/null 2>&1 | cat", "Enter");
        tmux.WaitFor("There is no terminal here");
        tmux.Type($"TERM=dumb {Tmux.Trial} screen", "Enter");
        tmux.WaitFor("cannot show a full screen");
    }
}
