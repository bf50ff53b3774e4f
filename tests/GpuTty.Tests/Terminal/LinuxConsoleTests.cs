using System.Diagnostics;
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
            Assert.EndsWith(console.WaitFor($"size {width}x{height}")[0] == '┌' ? "┘" : "+", console.Screen.TrimEnd(), StringComparison.Ordinal);
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

    [Theory]
    [InlineData(0x0403, 3)]
    [InlineData(0x043f, 63)]
    [InlineData(0x0400, null)]
    [InlineData(0x0440, null)]
    [InlineData(0x8803, null)]
    [InlineData(0x0501, null)]
    public void Serial_lines_and_terminal_windows_are_no_consoles(uint device, int? number) => Assert.Equal(number, VirtualConsole.NumberOf(device));

    [Theory]
    [InlineData("tty3\n", 3)]
    [InlineData("tty63", 63)]
    [InlineData("ttyS0\n", null)]
    [InlineData("", null)]
    public void The_kernel_names_the_visible_console(string active, int? number) => Assert.Equal(number, VirtualConsole.Parse(active));
}
