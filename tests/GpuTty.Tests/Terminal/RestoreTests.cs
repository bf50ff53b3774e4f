using System.Diagnostics;

namespace GpuTty.Tests.Terminal;

/// <summary>However the program ends, the shell it came from is usable.</summary>
public sealed class RestoreTests
{
    [TmuxFact]
    public void After_quitting_the_old_screen_is_back()
    {
        using var tmux = new Tmux();
        tmux.Type("echo before", "Enter");
        tmux.Start("screen");
        Assert.StartsWith("alternate 1 cursor 0", tmux.Modes, StringComparison.Ordinal);
        tmux.Type("Up", "q");
        Assert.Contains("before", tmux.WaitFor("ready>"), StringComparison.Ordinal);
        tmux.Type("echo code $?", "Enter");
        tmux.WaitFor("code 7");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void A_signal_ends_the_program_and_not_the_terminal()
    {
        foreach (var (signal, code) in new[] { ("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131) })
        {
            using var tmux = new Tmux();
            Kill(signal, tmux.Start("screen"));
            tmux.WaitFor("ready>");
            tmux.Type("echo code $?", "Enter");
            tmux.WaitFor($"code {code}");
            tmux.AssertUsable();
        }
    }

    [TmuxFact]
    public void A_crash_shows_its_reason_on_a_usable_screen()
    {
        foreach (var (key, reason) in new[] { ("x", "trial exception"), ("t", "trial thread exception") })
        {
            using var tmux = new Tmux();
            tmux.Start("screen");
            tmux.Type(key);
            tmux.WaitFor(reason);
            tmux.AssertUsable();
        }
    }

    [TmuxFact]
    public void Leaving_from_the_middle_gives_the_terminal_back()
    {
        using var tmux = new Tmux();
        tmux.Start("screen");
        tmux.Type("e");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void The_supervisor_cleans_up_after_a_kill()
    {
        using var tmux = new Tmux();
        Kill("KILL", tmux.Start("supervised"));
        tmux.WaitFor("child: code 137 signal 9");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void The_supervisor_cleans_up_after_a_crash_of_the_runtime()
    {
        using var tmux = new Tmux();
        tmux.Start("supervised");
        tmux.Type("f");
        tmux.WaitFor("child: code 134 signal 6");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void The_supervisor_reports_what_its_child_did_and_passes_signals_on()
    {
        using var tmux = new Tmux();
        tmux.Start("supervised");
        tmux.Type("q");
        tmux.WaitFor("child: code 7 signal");
        var child = tmux.Start("supervised");
        Kill("TERM", Parent(child));
        tmux.WaitFor("child: code 143 signal 15");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void Without_its_supervisor_the_screen_ends_too()
    {
        using var tmux = new Tmux();
        Kill("KILL", Parent(tmux.Start("supervised")));
        tmux.AssertUsable();
    }

    private static int Parent(int process) => int.Parse(File.ReadAllText($"/proc/{process}/stat").Split(' ')[3]);

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
