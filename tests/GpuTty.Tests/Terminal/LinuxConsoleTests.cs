using System.Diagnostics;
using GpuTty.Interop;
using GpuTty.Linux.Vt;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>On a real Linux console: the kernel's keys, its fonts, its messages.</summary>
public sealed class LinuxConsoleTests
{
    // Far from the consoles that people and display managers use.
    private const int First = 40;

    [ConsoleFact]
    public void The_console_shows_the_frame_and_hears_its_keys()
    {
        using var console = new LinuxConsole(First);
        var program = console.Start("screen");
        Assert.Contains($"size 80x25 console {First}", console.WaitFor("console"), StringComparison.Ordinal);
        console.Type("\e[[A\e[17~\e[A\e\tv");
        var screen = console.WaitFor(" v ");
        foreach (var key in new[] { "F1", "F6", "Up", "Shift+Tab" }) Assert.Contains($" {key} ", screen, StringComparison.Ordinal);
        Assert.True(screen[0] is '┌' or '+');
        Assert.Equal((2, 7), console.Cursor);
        console.Type("q");
        Assert.True(program.WaitForExit(60_000));
        Assert.Equal("", console.Screen.Trim());
        Assert.DoesNotContain("-icanon", console.Lines, StringComparison.Ordinal);
    }

    [ConsoleFact]
    public void The_console_may_change_its_size_as_when_a_driver_lets_go_of_it()
    {
        using var console = new LinuxConsole(First + 1);
        var program = console.Start("screen");
        console.WaitFor("console");
        foreach (var (width, height) in new[] { (100, 30), (40, 10), (80, 25) })
        {
            console.Resize(width, height);
            Assert.EndsWith(
                console.WaitFor($"size {width}x{height}")[0] == '┌' ? "┘" : "+",
                console.Screen.TrimEnd(),
                StringComparison.Ordinal);
        }
        console.Type("q");
        Assert.True(program.WaitForExit(60_000));
    }

    [ConsoleFact]
    public void Kernel_messages_keep_off_the_screen_until_it_ends()
    {
        using var console = new LinuxConsole(First + 2);
        var before = KernelMessages.Level;
        var program = console.Start("supervised");
        var words = console.WaitFor("console").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1, KernelMessages.Level);
        using (var kill = Process.Start("kill", ["-KILL", words[Array.IndexOf(words, "trial") + 1]])) kill.WaitForExit();
        console.WaitFor("child: code 137 signal 9");
        Assert.True(program.WaitForExit(60_000));
        Assert.Equal(before, KernelMessages.Level);
        Assert.DoesNotContain("-icanon", console.Lines, StringComparison.Ordinal);
    }

    [ConsoleFact]
    public void Coming_back_to_the_console_draws_it_again()
    {
        using var console = new LinuxConsole(First + 3);
        var before = VirtualConsole.Active!.Value;
        var program = console.Start("screen");
        console.WaitFor("console");
        VirtualTerminal.Show(console.Number);
        console.WaitFor("ScreenReturned");
        VirtualTerminal.Show(before);
        console.Type("q");
        Assert.True(program.WaitForExit(60_000));
        Assert.Equal(before, VirtualConsole.Active);
    }

    [ConsoleFact("script")]
    public void What_is_recorded_at_a_console_is_as_good_as_there() =>
        IsAsGoodAsThere(First + 4, $"script -qec '{LinuxConsole.Trial} supervised' /dev/null");

    [ConsoleFact("sudo")]
    public void With_sudo_it_is_as_good_as_from_a_root_shell() => IsAsGoodAsThere(First + 5, $"sudo {LinuxConsole.Trial} supervised");

    [ConsoleFact("sudo")]
    public void With_sudo_in_a_root_shell_of_sudo_it_is_as_good_as_from_a_root_shell() =>
        IsAsGoodAsThere(First + 6, $"sudo sh -c 'sudo {LinuxConsole.Trial} supervised'");

    [ConsoleFact("tmux")]
    public void In_tmux_the_console_is_known_that_its_client_is_at() =>
        IsAsGoodAsThere(
            First + 8,
            $"env LANG=C.UTF-8 tmux -L gputty-console -f /dev/null new-session '{LinuxConsole.Trial} supervised'",
            "tmux -L gputty-console kill-server");

    [ConsoleFact("screen")]
    public void In_screen_the_console_is_known_that_it_is_attached_to() =>
        IsAsGoodAsThere(
            First + 9,
            $"env LANG=C.UTF-8 screen -U -S gputty-console {LinuxConsole.Trial} supervised",
            "screen -S gputty-console -X quit");

    /// <summary>The console's own font draws the lines, the kernel is quiet as
    /// long as it lasts, and who comes back to the console is noticed.</summary>
    /// <param name="command">What is typed at the console.</param>
    /// <param name="end">Ends a server that would stay after a failed test.</param>
    private static void IsAsGoodAsThere(int number, string command, string end = ":")
    {
        using var console = new LinuxConsole(number);
        using var server = new Ending(end);
        var (level, before) = (KernelMessages.Level, VirtualConsole.Active!.Value);
        var program = console.StartCommand(command);
        var screen = console.WaitFor("console");
        Assert.Contains($"console {number}", screen, StringComparison.Ordinal);
        Assert.Equal(console.Draws('┌'), screen[0]);
        Assert.Equal(1, KernelMessages.Level);
        VirtualTerminal.Show(number);
        console.WaitFor("ScreenReturned");
        VirtualTerminal.Show(before);
        console.Type("q");
        Assert.True(program.WaitForExit(60_000));
        Assert.Equal(level, KernelMessages.Level);
        Assert.DoesNotContain("-icanon", console.Lines, StringComparison.Ordinal);
    }

    private sealed record Ending(string Command) : IDisposable
    {
        public void Dispose() => LinuxConsole.Shell($"{Command} >/dev/null 2>&1");
    }

    [Theory]
    [InlineData(0x0403, 3)]
    [InlineData(0x043f, 63)]
    [InlineData(0x0400, null)]
    [InlineData(0x0440, null)]
    [InlineData(0x8803, null)]
    [InlineData(0x0501, null)]
    public void Serial_lines_and_terminal_windows_are_no_consoles(uint device, int? number) =>
        Assert.Equal(number, TerminalDevice.Unpacked(device)?.Vt);

    [Theory]
    [InlineData("tty3\n", 3)]
    [InlineData("tty63", 63)]
    [InlineData("ttyS0\n", null)]
    [InlineData("", null)]
    public void The_kernel_names_the_visible_console(string active, int? number) => Assert.Equal(number, VirtualConsole.Parse(active));
}
