using System.Text;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>Keys arrive as the person pressed them, however the line cuts the bytes up.</summary>
public sealed class KeyParserTests
{
    public static TheoryData<string, string> KnownKeys => new()
    {
        // What the Linux console sends.
        { "\e[[A", "F1" },
        { "\e[[B", "F2" },
        { "\e[[C", "F3" },
        { "\e[[D", "F4" },
        { "\e[[E", "F5" },
        { "\e[17~", "F6" },
        { "\e[18~", "F7" },
        { "\e[19~", "F8" },
        { "\e[20~", "F9" },
        { "\e[21~", "F10" },
        { "\e[23~", "F11" },
        { "\e[24~", "F12" },
        { "\e[1~", "Home" },
        { "\e[4~", "End" },
        { "\e[2~", "Ins" },
        { "\e[3~", "Del" },
        { "\e[5~", "PgUp" },
        { "\e[6~", "PgDn" },
        { "\e[A", "Up" },
        { "\e[B", "Down" },
        { "\e[C", "Right" },
        { "\e[D", "Left" },
        { "\eOA", "Up" },
        { "\eOB", "Down" },
        { "\eOC", "Right" },
        { "\eOD", "Left" },
        { "\e[1;5A", "Ctrl+Up" },
        { "\e[1;5~", "Ctrl+Home" },
        { "\e[1;2D", "Left" },
        { "\e\t", "Shift+Tab" },
        { "\t", "Tab" },
        { "\x7f", "Backspace" },
        { "\b", "Backspace" },
        { "\r", "Enter" },
        { "\ex", "Alt+x" },
        { "\e\r", "Alt+Enter" },
        { "\ef\eb", "Alt+f Alt+b" },
        { "\x1c", "Ctrl+\\" },
        { "\x0c", "Ctrl+L" },
        { "\x03", "Ctrl+C" },
        { "\x1a", "Ctrl+Z" },
        { "\0", "Ctrl+Space" },
        { "\n", "Ctrl+J" },
        // What terminal windows and tmux send.
        { "\e[Z", "Shift+Tab" },
        { "\e[H", "Home" },
        { "\e[F", "End" },
        { "\eOH", "Home" },
        { "\eOF", "End" },
        { "\e[7~", "Home" },
        { "\e[8~", "End" },
        { "\eOP", "F1" },
        { "\eOQ", "F2" },
        { "\eOR", "F3" },
        { "\eOS", "F4" },
        { "\e[15~", "F5" },
        { "\e[11~", "F1" },
        { "\e[1;5P", "Ctrl+F1" },
        { "\e[1;3C", "Alt+Right" },
        { "\e[1;7C", "Ctrl+Alt+Right" },
        { "\e[3;5~", "Ctrl+Del" },
        { "\eOM", "Enter" },
        { "\eO1;5P", "Ctrl+F1" },
        { "\e\e[A", "Esc Up" },
        // Text.
        { "v", "v" },
        { "G", "G" },
        { " ", "Space" },
        { "ab", "a b" },
        { "é", "é" },
        { "€", "€" },
        { "😀", "😀" },
        { "\eé", "Alt+é" },
        // Answers, reports and sequences that are no keys: nothing.
        { "\e[12;5R", "" },
        { "\e[1;5R", "" },
        { "\e[I", "" },
        { "\e[O", "" },
        { "\e[?6c", "" },
        { "\e[0n", "" },
        { "\e[97;5u", "" },
        { "\e[27;5;97~", "" },
        { "\e[<2;10;20M", "" },
        { "\e[<0;10;20m", "" },
        { "\e[<0;10M", "" },
        { "\e[<0;1;2;3M", "" },
        { "\e[M abx", "x" },
        { "\e[?2026;2$y", "" },
        { "\e[25~", "" },
        { "\e[34~", "" },
        { "\e[201~", "" },
        { "\e[[Z", "" },
        { "\eOj", "" },
        { "\e[9999999999999999999999999999999999~", "" },
        { "\e[1:2A", "" },
        { "\e[99999999999~x", "x" },
        { "\e]11;rgb:0000/0000/0000\a", "" },
        { "\e]52;c;quit\e\\", "" },
        { "\ePq#0;2;0;0;0quit\e\\q", "q" },
        { "\e_Gi=1;OK\e\\", "" },
        { "\e^abc\e\\", "" },
        { "\eXabc\x18v", "v" },
        { "\e[1;\x1aq", "q" },
        { "\e[1;5\e[A", "Up" },
        { "\e]0;title\e[A", "Up" },
        // The mouse.
        { "\e[<0;10;20M\e[<0;10;20m", "Press(9,19)" },
        { "\e[<64;1;1M\e[<65;240;67M", "WheelUp(0,0) WheelDown(239,66)" },
        { "\e[<4;2;3M", "Press(1,2)" },
        // Pastes.
        { "\e[200~yes\e[201~", "paste(yes)" },
        { "\e[200~a\e[20b\e\e[201~q", "paste(a\e[20b\e) q" },
        { "\e[200~é€\e[201~", "paste(é€)" },
        { "\e[200~\e[201~", "paste()" },
    };

    [Theory, MemberData(nameof(KnownKeys))]
    public void A_key_is_what_was_pressed(string typed, string keys) => Assert.Equal(keys, Keys([Encoding.UTF8.GetBytes(typed)]));

    [Theory, MemberData(nameof(KnownKeys))]
    public void A_slow_line_may_cut_a_key_anywhere(string typed, string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(typed);
        for (var cut = 1; cut < bytes.Length; cut++) Assert.Equal(keys, Keys([bytes[..cut], bytes[cut..]]));
        Assert.Equal(keys, Keys(bytes.Select(value => new[] { value })));
    }

    [Theory, MemberData(nameof(KnownKeys))]
    public void A_pause_inside_a_sequence_lets_no_letter_out(string typed, string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(typed);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            // After ESC alone a pause means the key Esc; that is the one place where it matters.
            if (bytes[cut - 1] == 0x1b) continue;
            Assert.Equal(keys, Keys([bytes[..cut], bytes[cut..]], silences: 2));
        }
    }

    [Fact]
    public void Esc_is_a_key_once_nothing_follows_it()
    {
        var seen = new List<TerminalInput>();
        var parser = new KeyParser(seen.Add);
        parser.Read("\e"u8);
        Assert.Empty(seen);
        Assert.True(parser.AwaitsSilence);
        parser.Silence();
        Assert.Equal([new TerminalInput.KeyPressed(Key.Escape)], seen);
        Assert.False(parser.AwaitsSilence);
    }

    [Theory]
    [InlineData("\eP")]
    [InlineData("\e]0;a title that never ends")]
    [InlineData("\e[M")]
    [InlineData("\e]0;title\e")]
    public void The_keyboard_works_again_a_second_after_a_sequence_without_end(string typed) =>
        Assert.Equal("q", Keys([Encoding.UTF8.GetBytes(typed), "q"u8.ToArray()], silences: 20));

    [Fact]
    public void Broken_characters_disappear_and_what_follows_is_read()
    {
        Assert.Equal("q", Keys([[0xff, (byte)'q']]));
        Assert.Equal("q", Keys([[0xe2, 0x82, (byte)'q']]));
        Assert.Equal("é", Keys([[0xe2, 0xc3, 0xa9]]));
        Assert.Equal("Up", Keys([[0xe2, 0x1b, (byte)'[', (byte)'A']]));
    }

    [Fact]
    public void A_paste_without_limit_does_not_fill_the_memory()
    {
        var seen = new List<TerminalInput>();
        var parser = new KeyParser(seen.Add);
        parser.Read("\e[200~"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = new byte[1024];
        Array.Fill(block, (byte)'x');
        for (var i = 0; i < 10_000; i++) parser.Read(block);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
        parser.Read("\e[201~"u8);
        Assert.Equal([new TerminalInput.Pasted(new string('x', 4096))], seen);
    }

    [Fact]
    public void No_bytes_whatever_break_the_parser()
    {
        var random = new Random(20260);
        var seen = new List<TerminalInput>();
        var parser = new KeyParser(seen.Add);
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = new byte[random.Next(1, 24)];
            random.NextBytes(bytes);
            // Half of them from the bytes sequences are made of.
            if (i % 2 == 0) for (var j = 0; j < bytes.Length; j++) bytes[j] = "\e[]OP~;019AZMm\a\\?<R "u8[bytes[j] % 20];
            parser.Read(bytes);
            if (i % 3 == 0) parser.Silence();
            seen.Clear();
        }
        for (var i = 0; i < 20; i++) parser.Silence();
        parser.Read("\e[201~\x18\x18q"u8);
        Assert.Equal(new TerminalInput.KeyPressed(Key.Of('q')), seen[^1]);
    }

    [Fact]
    public void No_sequence_whatever_lets_a_letter_out()
    {
        var random = new Random(20261);
        for (var i = 0; i < 100_000; i++)
        {
            var parameters = Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(0x20, 0x40));
            var sequence = "\e[" + string.Concat(parameters) + (char)random.Next(0x40, 0x7f);
            // These two announce more bytes: the console's function keys and a mouse report; and a paste is no sequence.
            if (sequence is "\e[[" or "\e[M" || sequence.StartsWith("\e[200", StringComparison.Ordinal)) continue;
            var seen = new List<TerminalInput>();
            new KeyParser(seen.Add).Read(Encoding.ASCII.GetBytes(sequence));
            Assert.DoesNotContain(
                seen, input => input is not (TerminalInput.KeyPressed { Key.Code: not KeyCode.Rune } or TerminalInput.Pointed));
        }
    }

    private static string Keys(IEnumerable<byte[]> reads, int silences = 0)
    {
        var seen = new List<TerminalInput>();
        var parser = new KeyParser(seen.Add);
        foreach (var read in reads)
        {
            parser.Read(read);
            for (var i = 0; i < silences; i++) parser.Silence();
        }
        return string.Join(' ', seen.Select(input => input switch
        {
            TerminalInput.KeyPressed pressed => pressed.Key.ToString(),
            TerminalInput.Pasted pasted => $"paste({pasted.Text})",
            TerminalInput.Pointed pointed => $"{pointed.Act}({pointed.X},{pointed.Y})",
            _ => input.ToString(),
        }));
    }
}
