using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>Only a key that is pressed after a question can have been read answers it.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(40);
    private readonly SettableClock _clock = new();

    [Fact]
    public void A_key_that_is_held_answers_nothing_however_long_it_is_held()
    {
        var silence = new Silence(_clock);
        silence.Begin();
        for (var repeat = 0; repeat < 100; repeat++)
        {
            _clock.Pass(s_between);
            Assert.True(silence.Drops());
        }
        _clock.Pass(TimeSpan.FromMilliseconds(200));
        Assert.False(silence.Drops());
        _clock.Pass(s_between);
        Assert.False(silence.Drops());
    }

    [Fact]
    public void Where_nothing_was_asked_every_key_counts()
    {
        var silence = new Silence(_clock);
        for (var repeat = 0; repeat < 10; repeat++) Assert.False(silence.Drops());
        silence.Begin();
        _clock.Pass(TimeSpan.FromMilliseconds(149));
        Assert.True(silence.Drops());
    }
}
