using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>A person at the keyboard, and what the program made of it.</summary>
internal sealed record Play(Model Model, IReadOnlyList<Effect> Effects)
{
    public static Play At(HostSnapshot host, int width = 100, int height = 30) =>
        new Play(
            new Model { Screens = [new OverviewScreen()], Width = width, Height = height, Now = host.TakenAt },
            []).Hear(new Msg.HostRead(host));

    public static Play Blank() => new(new Model { Screens = [new OverviewScreen()], Width = 100, Height = 30 }, []);

    /// <summary>Started again after a worker was killed.</summary>
    public static Play AfterCrash(HostSnapshot host, IEnumerable<RunEvent> journal) =>
        new Play(Blank().Model with { Journal = [.. journal], Run = RunState.Fold(journal) }, []).Hear(new Msg.HostRead(host));

    public string Notice => Model.Notice?.Text ?? "";

    /// <summary>The words on the screen, wherever a line was broken.</summary>
    public string Words => string.Join(' ', Text().Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries));

    public string Text(Glyphs? glyphs = null) => OnViews.Text(Model, glyphs);

    /// <summary>Letters press their keys; <c>\n</c> is Enter, <c>\e</c> is Esc, <c>\t</c> is Tab.</summary>
    public Play Type(string keys) => keys.Aggregate(this, (play, key) => play.Press(key switch
    {
        '\n' => Key.Enter,
        '\e' => Key.Escape,
        '\t' => Key.Tab,
        _ => Key.Of(key),
    }));

    public Play Press(params Key[] keys) => keys.Aggregate(this, (play, key) => play.Hear(new Msg.KeyPressed(key)));

    /// <summary>Presses, or presses twice, where these words stand on the screen.</summary>
    public Play Point(string words, MouseAct act = MouseAct.Press, bool twice = false)
    {
        var rows = Text().Split('\n');
        var y = Array.FindIndex(rows, row => row.Contains(words, StringComparison.Ordinal));
        Assert.True(y >= 0, $"'{words}' is not on:\n{Text()}");
        var at = new Msg.Pointed(rows[y].IndexOf(words, StringComparison.Ordinal), y, act);
        return twice ? Hear(at, at with { IsDouble = true }) : Hear(at);
    }

    /// <summary>Effects are those of the last message only.</summary>
    public Play Hear(params Msg[] news) => news.Aggregate(this, (play, msg) =>
    {
        var next = Update.Step(play.Model, msg);
        return new Play(next.Model, next.Effects.IsDefault ? [] : next.Effects);
    });

    public Play Sized(int width, int height) => Hear(new Msg.Resized(width, height));

    /// <summary>The worker tells.</summary>
    public Play Report(params RunEvent[] events) => Hear([.. events.Select(entry => new Msg.RunReported(entry))]);
}
