using System.Diagnostics;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>Whole switches of the program in a real terminal, and what becomes of the terminal.</summary>
public sealed class DemoRunTests
{
    private static readonly string s_demo = $"dotnet {typeof(TuiLoop).Assembly.Location} demo";

    [TmuxFact]
    public void The_card_goes_to_the_vm_and_comes_home_while_the_window_changes_its_size()
    {
        using var tmux = new Tmux();
        tmux.Type($"{s_demo} kept-off", "Enter");
        tmux.WaitFor("looked at the machine");
        Begin(tmux, "v");
        tmux.Resize(60, 16);
        tmux.WaitFor("Step ");
        tmux.Resize(39, 9);
        tmux.WaitFor("GpuTty needs 40x10");
        tmux.Resize(120, 40);
        tmux.WaitFor("As the machine shows it");
        Assert.Contains("ready for a virtual machine", tmux.Screen, StringComparison.Ordinal);
        tmux.Type("Enter");
        tmux.WaitFor("6 Log");
        Begin(tmux, "h");
        tmux.Resize(80, 25);
        Assert.Contains("is back on the host", tmux.WaitFor("As the machine shows it"), StringComparison.Ordinal);
        tmux.Type("q");
        tmux.AssertUsable();
    }

    [TmuxFact]
    public void Killed_in_the_middle_of_a_switch_it_leaves_a_usable_shell()
    {
        using var tmux = new Tmux();
        tmux.Type($"{s_demo} desktop", "Enter");
        tmux.WaitFor("looked at the machine");
        Begin(tmux, "v", closes: true);
        Assert.StartsWith("alternate 1 cursor 0", tmux.Modes, StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-KILL", $"{tmux.Innermost}"])) kill.WaitForExit();
        tmux.AssertUsable();
        tmux.Type("echo code $?", "Enter");
    }

    /// <summary>The wizard to the last yes, and until the first step is done.</summary>
    private static void Begin(Tmux tmux, string way, bool closes = false)
    {
        tmux.Type(way);
        if (closes)
        {
            tmux.WaitFor("Who loses what?");
            tmux.Type("S");
            tmux.WaitFor("[x]");
            tmux.Type("Enter");
        }
        tmux.WaitFor("What will be done");
        tmux.Type("Enter");
        tmux.WaitFor("Go ahead");
        tmux.TypeUntil("y", "keeps running without the screen");
    }
}
