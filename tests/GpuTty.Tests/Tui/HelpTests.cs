using GpuTty.Terminal;

namespace GpuTty.Tests.Tui;

/// <summary>The help leads to what was meant, explains it, and never does it.</summary>
public sealed class HelpTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle, 110, 40);

    [Theory]
    [InlineData("log", "L")]
    [InlineData("L", "L")]
    [InlineData("keep", "K")]
    [InlineData("details", "Enter")]
    [InlineData("to the VM", "v")]
    [InlineData("full screen", "L")]
    [InlineData("w", "w")]
    public void The_nearest_line_comes_first(string words, string key) =>
        Assert.StartsWith(key, Chosen(s_idle.Type($"?/{words}")), StringComparison.Ordinal);

    [Fact]
    public void More_letters_begin_at_the_nearest_line_again() =>
        Assert.StartsWith("L", Chosen(s_idle.Type("?/").Press(Key.Down, Key.Down, Key.Down).Type("log")), StringComparison.Ordinal);

    [Fact]
    public void The_keys_of_every_screen_are_listed_as_well()
    {
        Assert.Contains("Ctrl+L", s_idle.Sized(110, 90).Type("?").Text(), StringComparison.Ordinal);
        Assert.Contains("Ctrl+C", s_idle.Sized(110, 90).Type("v?").Text(), StringComparison.Ordinal);
    }

    /// <summary>The row with the cursor, without its mark.</summary>
    private static string Chosen(Play help) =>
        help.Text()
            .Split('\n')
            .First(line => line.Contains("│ >", StringComparison.Ordinal) || line.Contains("│>", StringComparison.Ordinal))
            .Trim('│', ' ', '>');
}
