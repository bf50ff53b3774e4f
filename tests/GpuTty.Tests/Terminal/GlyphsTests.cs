using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>A console shows what its font has, and says the rest in ASCII.</summary>
public sealed class GlyphsTests
{
    [Theory]
    [InlineData("xterm-256color", "", true)]
    [InlineData("linux", "", true)]
    [InlineData("linux", "1", false)]
    [InlineData("dumb", "", false)]
    [InlineData("", "", false)]
    [InlineData("vt100", "", false)]
    [InlineData("vt220", "", false)]
    public void Commands_write_colours_where_the_screen_would(string term, string without, bool uses)
    {
        var options = new TerminalOptions(name => name switch { "TERM" => term, "NO_COLOR" => without, _ => "" });
        Assert.Equal(uses, TerminalTraits.UsesColor(isConsole: false, options));
        Assert.Equal(uses, TerminalTraits.Of(isConsole: false, null, options)?.HasColor ?? false);
    }

    private const string Lines = "─│┌┐└┘├┤┬┴┼";

    [Fact]
    public void What_the_font_lacks_is_said_in_ascii()
    {
        var glyphs = Glyphs.OfFont(Lines + "█→");
        Assert.Equal("┼█→~#v?", string.Concat("┼█→…■✓é".Select(glyphs.Show)));
    }

    [Fact]
    public void Frames_are_all_lines_or_all_ascii()
    {
        var glyphs = Glyphs.OfFont(Lines.Replace("┼", "", StringComparison.Ordinal));
        Assert.Equal("-|+++++++++", string.Concat(Lines.Select(glyphs.Show)));
    }

    [Fact]
    public void Ascii_stays_ascii()
    {
        for (var glyph = ' '; glyph < 0x7f; glyph++) Assert.Equal(glyph, Glyphs.Ascii.Show(glyph));
        foreach (var glyph in Lines + "═║█░▒■•·×←↑→↓≤≥…±°中") Assert.InRange(Glyphs.Ascii.Show(glyph), ' ', '~');
    }

    [Theory]
    [InlineData("C.UTF-8", null, "│")]
    [InlineData("de_DE.utf8", null, "│")]
    [InlineData("C", null, "|")]
    [InlineData("", null, "|")]
    [InlineData("C.UTF-8", "1", "|")]
    [InlineData("C.UTF-8", "0", "│")]
    public void Language_and_wish_decide_where_there_is_no_font_to_ask(string lang, string? ascii, string line)
    {
        var options =
            new TerminalOptions(name => name switch { "LANG" => lang, "GPUTTY_ASCII" => ascii, "TERM" => "xterm-256color", _ => null });
        Assert.Equal(line, TerminalTraits.Of(isConsole: false, font: null, options)!.Glyphs.Show('│').ToString());
    }

    [Theory]
    [InlineData("dumb")]
    [InlineData("")]
    public void A_terminal_that_cannot_move_its_cursor_gets_no_full_screen(string term) =>
        Assert.Null(TerminalTraits.Of(isConsole: false, font: null, new TerminalOptions(name => name == "TERM" ? term : null)));

    [Fact]
    public void A_console_that_goes_dark_by_itself_does_so_again_afterwards_and_others_are_left_alone()
    {
        var traits = TerminalTraits.Of(isConsole: true, font: [], new TerminalOptions(_ => null))! with { DarkAfterMinutes = 10 };
        Assert.Equal(("\e[9;0]\e[13]", "\e[9;10]"), (traits.StaysLit, traits.MayGoDark));
        Assert.EndsWith("\e[9;10]", traits.LeaveScreen, StringComparison.Ordinal);
        var window = TerminalTraits.Of(isConsole: false, font: null, new TerminalOptions(name => name == "TERM" ? "xterm" : null))!;
        Assert.Equal("", window.StaysLit + window.MayGoDark);
    }

    [Fact]
    public void Colours_are_off_where_the_user_says_so()
    {
        Assert.False(TerminalTraits.Of(isConsole: true, font: [], new TerminalOptions(name => name == "NO_COLOR" ? "1" : null))!.HasColor);
        Assert.True(TerminalTraits.Of(isConsole: true, font: [], new TerminalOptions(name => name == "NO_COLOR" ? "" : null))!.HasColor);
    }
}
