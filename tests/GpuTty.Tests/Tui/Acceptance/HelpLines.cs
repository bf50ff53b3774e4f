using GpuTty.Terminal;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines H1 to H4 of the acceptance list.</summary>
public sealed class HelpLines
{
    [Fact]
    public void UxH1_help_is_a_key_away_everywhere_and_is_titled_with_its_screen()
    {
        foreach (var play in Demo.Everywhere())
        {
            if (play.Model.Top is HelpScreen) continue;
            Assert.Contains($"Help: {play.Model.Top.Title}", play.Press(Key.F(1)).Sized(100, 30).Text(), StringComparison.Ordinal);
            if (!play.Model.Top.IsTyping) Assert.Contains("Help: ", play.Type("?").Sized(100, 30).Text(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void UxH2_it_lists_the_keys_of_the_screen_with_what_is_against_them_then_moving_words_and_everywhere()
    {
        var text = Demo.On("desktop", 200, 120).Type("?").Text();
        Assert.Contains("Not now: 01:00 is on its host driver already", text, StringComparison.Ordinal);
        var places = ((string[])["Overview", "Moving around", "Words", "Everywhere"])
            .Select(title => text.IndexOf($" {title}", StringComparison.Ordinal))
            .ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void UxH3_it_is_searched_and_tells_the_whole_text_of_the_chosen_line()
    {
        var found = Demo.On("desktop", 60, 25).Type("?/desktop off");
        Assert.Contains("switch needs no logout.", found.Words, StringComparison.Ordinal);
        Assert.Contains("Search: desktop off", found.Text(), StringComparison.Ordinal);
        Assert.Contains("Help: Overview", found.Type("\e").Text(), StringComparison.Ordinal);
        Assert.IsType<OverviewScreen>(found.Type("\e\e").Model.Top);
    }

    [Fact]
    public void UxH4_the_words_of_the_program_are_explained()
    {
        var text = Demo.On("desktop", 120, 120).Type("?").Text();
        foreach (var word in (string[])["card", "host driver", "holder", "desktop restarts", "keeps running", "keep off", "isolated"])
            Assert.Matches($"  {word} +[a-zA-Z]", text);
        foreach (var old in (string[])["desktop restart ", "desktop stays", "home driver"])
            Assert.DoesNotContain(old, text, StringComparison.Ordinal);
    }
}
