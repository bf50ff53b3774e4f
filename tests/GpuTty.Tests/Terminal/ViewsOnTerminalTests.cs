using System.Diagnostics;
using System.Runtime.InteropServices;
using GpuTty.Tests.Figures;

namespace GpuTty.Tests.Terminal;

/// <summary>The program made of Terminal.Gui's views, on a real pseudo terminal.</summary>
public sealed class ViewsOnTerminalTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(400);

    /// <summary>Neither questions to the terminal nor titles nor modes: every
    /// byte is one of those that a console of any kernel knows.</summary>
    [Fact]
    public void A_console_gets_frames_and_nothing_else()
    {
        using var program = Started("linux");
        foreach (var keys in new[] { "2", "j", "j", "\t", "?", "/host", "\e", "\e", "/nv", "\r", "L", "\e", "v" })
        {
            program.Type(keys);
            // An Esc that waits beside the next key, as on a busy machine, would be Alt and that key.
            program.ReadAnswer(s_patience);
            program.ReadUntilQuiet(s_quiet);
        }
        var terminal = new MiniTerminal(80, 25);
        terminal.Write(CollectionsMarshal.AsSpan(program.Written.ToList()));
        Assert.Contains("Who loses what?", terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void At_rest_it_writes_nothing_and_does_not_wake()
    {
        using var program = Started("linux");
        // The machine is looked at every 15 s, and a busy one is long about its first seconds; ticks are of 10 ms.
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var (bytes, used) = (program.Written.Count, Used(program));
            program.ReadFor(TimeSpan.FromSeconds(5));
            if (program.Written.Count == bytes && Used(program) - used <= 5) return;
            Assert.True(
                watch.Elapsed < s_patience, $"It never rests: {program.Written.Count - bytes} bytes, {Used(program) - used} ticks.");
        }
    }

    [Fact]
    public void A_terminal_that_hangs_up_ends_it()
    {
        using var program = Started("xterm");
        program.HangUp();
        var watch = Stopwatch.StartNew();
        while (!program.HasEnded && watch.Elapsed < s_patience) Thread.Sleep(20);
        Assert.True(program.HasEnded);
    }

    [Fact]
    public void A_window_that_changes_its_size_is_filled_again()
    {
        using var program = Started("linux");
        var before = program.Written.Count;
        program.Resize(100, 30);
        program.ReadAnswer(s_patience);
        program.ReadUntilQuiet(TimeSpan.FromSeconds(1));
        var terminal = new MiniTerminal(100, 30);
        terminal.Write(CollectionsMarshal.AsSpan(program.Written.Skip(before).ToList()));
        Assert.Contains("2 IOMMU groups", terminal.Text, StringComparison.Ordinal);
    }

    private static TerminalProgram Started(string term)
    {
        var program = new TerminalProgram($"env TERM={term} {Tmux.Trial} views", 80, 25);
        program.ReadUntil("1 Cards", s_patience);
        program.ReadUntilQuiet(s_quiet);
        return program;
    }

    /// <summary>Processor time of the program, user and system, in ticks.</summary>
    private static long Used(TerminalProgram program)
    {
        var fields = File.ReadAllText($"/proc/{program.Family[^1]}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }
}
