using System.Buffers;
using System.Text;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>What was drawn is what is seen, on every terminal, in few bytes.</summary>
public sealed class PainterTests
{
    private static readonly TerminalTraits s_console = new(IsConsole: true, HasColor: true, Glyphs.Unicode);
    private static readonly TerminalTraits s_window = new(IsConsole: false, HasColor: true, Glyphs.Unicode);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_is_drawn_is_seen(bool isConsole)
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var (width, height) = (random.Next(1, 90), random.Next(1, 30));
            var terminal = new MiniTerminal(width, height, knowsPrivateModes: !isConsole);
            var painter = new Painter(isConsole ? s_console : s_window);
            var frame = new Surface(width, height);
            for (var step = 0; step < 12; step++)
            {
                if (step % 5 == 4) painter.Forget();
                Scribble(frame, random, isConsole);
                terminal.Write(Painted(painter, frame));
                Assert.Equal(frame.ToText() + frame.ToStyleText(), terminal.Text);
                Assert.Equal(
                    (frame.Cursor.X, frame.Cursor.Y, frame.Cursor.Visible),
                    (terminal.Cursor.X, terminal.Cursor.Y, terminal.CursorIsVisible));
            }
        }
    }

    [Fact]
    public void A_repaint_covers_what_others_wrote()
    {
        var terminal = new MiniTerminal(20, 3);
        var painter = new Painter(s_console);
        var frame = new Surface(20, 3);
        frame.Text(2, 1, "hello", Style.Of(Color.Red));
        terminal.Write(Painted(painter, frame));
        terminal.Write("\e[1;1H\e[0;32mkernel: oops"u8);
        painter.Forget();
        terminal.Write(Painted(painter, frame));
        Assert.Equal(frame.ToText() + frame.ToStyleText(), terminal.Text);
    }

    [Fact]
    public void A_frame_of_another_size_is_drawn_from_scratch()
    {
        var painter = new Painter(s_console);
        foreach (var (width, height) in new[] { (20, 3), (20, 5), (30, 5), (15, 10), (0, 0), (20, 3) })
        {
            var frame = new Surface(width, height);
            frame.Box(frame.Bounds());
            var terminal = new MiniTerminal(width, height);
            terminal.Write(Painted(painter, frame));
            Assert.Equal(frame.ToText() + frame.ToStyleText(), terminal.Text);
        }
    }

    [Fact]
    public void A_frame_like_the_last_costs_nothing()
    {
        var painter = new Painter(s_window);
        var frame = new Surface(80, 25);
        frame.Text(0, 0, "GpuTty");
        Assert.NotEmpty(Painted(painter, frame));
        Assert.Empty(Painted(painter, frame));
    }

    [Fact]
    public void One_changed_letter_costs_few_bytes()
    {
        var painter = new Painter(s_console);
        var frame = new Surface(80, 25);
        Painted(painter, frame);
        frame.Text(40, 12, "x");
        Assert.Equal("^[13;41H^[0mx^[1;1H", Encoding.UTF8.GetString(Painted(painter, frame)).Replace('\e', '^'));
    }

    [Fact]
    public void A_terminal_window_gets_the_frame_in_one_piece()
    {
        var painter = new Painter(s_window);
        var bytes = Encoding.UTF8.GetString(Painted(painter, new Surface(3, 1)));
        Assert.StartsWith("\e[?2026h", bytes, StringComparison.Ordinal);
        Assert.EndsWith("\e[?2026l", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_colour_bold_and_reverse_remain()
    {
        var frame = new Surface(2, 1);
        frame.Text(0, 0, "a", Style.Of(Color.Red, Color.Blue).Bold);
        frame.Text(1, 0, "b", Style.Of(Color.Green).Reversed);
        var painted = Encoding.UTF8.GetString(Painted(new Painter(s_console with { HasColor = false }), frame));
        Assert.Contains("\e[0;1ma\e[0;7mb", painted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_console_with_a_poor_font_gets_ascii()
    {
        var frame = new Surface(6, 3);
        frame.Box(frame.Bounds());
        frame.Text(1, 1, "5 °é→");
        var terminal = new MiniTerminal(6, 3);
        terminal.Write(Painted(new Painter(s_console with { Glyphs = Glyphs.Ascii }), frame));
        Assert.StartsWith("+----+\n|5 o?>\n+----+\n", terminal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Entering_and_leaving_use_only_what_the_terminal_knows(bool isConsole)
    {
        var traits = isConsole ? s_console : s_window;
        var terminal = new MiniTerminal(10, 3, knowsPrivateModes: !isConsole);
        terminal.Write(Encoding.ASCII.GetBytes(traits.EnterScreen));
        Assert.False(terminal.CursorIsVisible);
        terminal.Write(Encoding.ASCII.GetBytes(traits.LeaveScreen));
        Assert.True(terminal.CursorIsVisible);
        // What is switched on is switched off again: the other screen, the mouse, pastes in brackets.
        foreach (var mode in (string[])["1049", "1000", "1006", "2004"])
        {
            Assert.Equal(!isConsole, traits.EnterScreen.Contains($"?{mode}h", StringComparison.Ordinal));
            Assert.Equal(!isConsole, traits.LeaveScreen.Contains($"?{mode}l", StringComparison.Ordinal));
        }
    }

    private static byte[] Painted(Painter painter, Surface frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        painter.Paint(frame, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Scribble(Surface frame, Random random, bool isConsole)
    {
        for (var i = 0; i < random.Next(6); i++)
        {
            var style = Style.Of((Color)random.Next(9), (Color)random.Next(9));
            if (random.Next(2) == 0) style = style.Reversed;
            // The console shows bold and reverse together as grey on grey, so the painter keeps one of them.
            if (random.Next(2) == 0 && !(isConsole && style.IsReversed)) style = style.Bold;
            frame.Text(random.Next(-5, frame.Width), random.Next(frame.Height), "GPU 01:00.0 é│█ nvidia".AsSpan(0, random.Next(22)), style);
            frame.Box(new Rect(random.Next(-3, frame.Width), random.Next(-3, frame.Height), random.Next(20), random.Next(10)), style);
        }
        frame.PlaceCursor(random.Next(frame.Width), random.Next(frame.Height), visible: random.Next(2) == 0);
    }
}
