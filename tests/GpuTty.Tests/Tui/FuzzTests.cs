using GpuTty.Host;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Tui.Pictures;
using GpuTty.Tui;
using GpuTty.Tui.Screens;
using Xunit.Abstractions;

namespace GpuTty.Tests.Tui;

/// <summary>Whatever is pressed, whatever the machine does meanwhile, and however
/// small the screen is: no exception, and no effect without its yes.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly HostSnapshot[] s_hosts =
    [
        DesktopMachine.Idle,
        DesktopMachine.Free,
        DesktopMachine.Busy,
        DesktopMachine.WithVm,
        DesktopMachine.WithoutIommu,
        DesktopMachine.ConsoleAtStake,
        DesktopMachine.Halfway,
        new() { TakenAt = DesktopMachine.Idle.TakenAt },
        DesktopMachine.Idle with
        {
            Devices = [DesktopMachine.Idle.Devices[4]],
            Groups = [],
            Holders = [],
            DisplayManager = null,
            Sessions = [],
        },
    ];

    private static readonly Key[] s_keys =
    [
        .. "vhkKdrLw?q/asecytlgGjznoPW+-<>1234560: \b~".Select(Key.Of),
        Key.Enter,
        Key.Enter,
        Key.Enter,
        Key.Escape,
        Key.Escape,
        Key.Tab,
        Key.BackTab,
        Key.Up,
        Key.Down,
        Key.Left,
        Key.Right,
        Key.Home,
        Key.End,
        Key.PageUp,
        Key.PageDown,
        Key.Backspace,
        Key.Delete,
        Key.F(1),
        Key.F(5),
        Key.F(10),
        Key.Ctrl('c'),
        Key.Ctrl('l'),
        Key.Ctrl('u'),
        Key.Alt('x'),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_throws(int seed)
    {
        var random = new Random(seed);
        var play = Play.At(DesktopMachine.Idle);
        for (var i = 0; i < 25_000; i++)
        {
            var before = play;
            var msg = Any(random, play.Model);
            try
            {
                play = play.Hear(msg);
                if (i % 5 == 0) Examples.Say(play.Model);
                if (i % 50 == 0) OnViews.With(screen => screen.Draw(play.Model));
            }
            catch (Exception problem)
            {
                Assert.Fail(
                    $"seed {seed}, message {i}: {msg.GetType().Name} on {before.Model.Top.Title} at "
                        + $"{before.Model.Width}x{before.Model.Height}\n{problem}");
            }
            Assert.True(
                play.Effects.OfType<Effect.BeginRun>().All(_ => before.Model.Top is WizardScreen { Step: WizardStep.Confirm }),
                $"begun by {msg.GetType().Name} on {before.Model.Top.Title}");
            Assert.True(play.Model.Screens.Length is > 0 and < 8, $"{play.Model.Screens.Length} screens after {msg}");
        }
    }

    [Fact]
    public void Every_screen_is_drawn_at_every_size()
    {
        foreach (var play in Screens())
        {
            for (var width = 1; width <= 30; width++)
                for (var height = 1; height <= 10; height++) Examples.Say(play.Sized(width, height).Model);
            for (var width = 40; width <= 130; width += 6)
                for (var height = 10; height <= 40; height += 3) Examples.Say(play.Sized(width, height).Model);
            foreach (var (width, height) in ((int, int)[])[
                (1, 1),
                (39, 9),
                (40, 10),
                (45, 12),
                (60, 16),
                (80, 25),
                (130, 40),
                (191, 36),
                (300, 100),
            ])
                OnViews.AssertWhole(play.Sized(width, height).Model);
        }
    }

    [Fact]
    public void Every_screen_is_drawn_at_any_size()
    {
        const int count = 100_000;
        var random = new Random(7);
        var plays = Screens();
        for (var i = 0; i < count; i++)
        {
            var play = plays[random.Next(plays.Length)];
            // As many small ones as large ones: what breaks, breaks where there is no room.
            var (width, height) = (1 + (int)(260 * Skewed(random)), 1 + (int)(80 * Skewed(random)));
            try
            {
                var model = play.Model with { Width = width, Height = height };
                Examples.Say(model);
                if (i % 50 == 0) OnViews.With(screen => screen.Draw(model));
            }
            catch (Exception problem)
            {
                Assert.Fail($"{play.Model.Top.Title} at {width}x{height}\n{problem}");
            }
        }
        Counts.Add(output, "screens drawn at random sizes up to 260x80", count);
    }

    private static double Skewed(Random random) => Math.Pow(random.NextDouble(), 2);

    /// <summary>Every kind of screen, with and without a question over it.</summary>
    private static Play[] Screens()
    {
        string[] ways = [
            "", "2", "3", "4", "5", "6", "a", "/x", "\n", "5\n", "5j\n", "L", "LW", "z", "a>>", ":", ":x", "L/x", "?", "v",
            "v\e\e", "v\n", "vS\n", "vS\nc", "vS\n\n", "vS\n\nc", "vS\n\ny", "K\n",
        ];
        Play begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
        return
        [
            .. ways.Select(keys => Play.At(DesktopMachine.Busy).Type(keys)),
            .. ways.Select(keys => Play.At(DesktopMachine.Idle).Type(keys)),
            Play.Blank(),
            Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>())),
            Consenting.Asked,
            TextConsoleTests.Asked,
            Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n01:0"),
            begun.Report(Runs.Until(9)).Type("c"),
            begun.Report(Runs.Until(9)).Type("q"),
            begun.Report(Runs.Until(9)).Type("t"),
            .. new[] { Runs.Until(9), Runs.TakenBack, Runs.LeftHalfway, Runs.Switched }.Select(run => begun.Report(run)),
        ];
    }

    /// <summary>A hostile name must not reach the screen as a control character, nor break a frame.</summary>
    [Fact]
    public void Hostile_names_stay_inside_their_frames()
    {
        const string evil = "\e[2J\a中é\u202e[x]";
        var host = DesktopMachine.Busy with
        {
            HostName = evil,
            Devices = [.. DesktopMachine.Busy.Devices.Select(device => device with { Name = evil })],
            Holders = [.. DesktopMachine.Busy.Holders.Select(holder => holder with { Name = evil, User = evil, Container = evil })],
        };
        foreach (var keys in (string[])["", "\n", "4\n", "v", "L"])
        {
            var text = Play.At(host).Type(keys).Text();
            Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100));
        }
    }

    private static Msg Any(Random random, Model model) => random.Next(40) switch
    {
        0 => new Msg.Resized(random.Next(1, 31), random.Next(1, 11)),
        1 or 2 => new Msg.Resized(random.Next(38, 130), random.Next(9, 45)),
        3 => new Msg.HostRead(s_hosts[random.Next(s_hosts.Length)]),
        4 => new Msg.Pasted("01:00\nq"),
        5 when model.IsRunning => new Msg.RunReported(Runs.LeftHalfway[random.Next(Runs.LeftHalfway.Length)]),
        6 when model.IsRunning =>
            random.Next(3) switch { 0 => new Msg.RunLeft(), 1 => new Msg.RunRefused("no", "yes"), _ => new Msg.RunReported(Runs.Opened) },
        7 => new Msg.Tick(DesktopMachine.Idle.TakenAt.AddSeconds(random.Next(-100, 10_000))),
        8 => new Msg.Logged(new LogLine(DesktopMachine.Idle.TakenAt, (LogLevel)random.Next(4), (LogSource)random.Next(5), "a line")),
        9 => new Msg.HostUnreadable("no"),
        _ => new Msg.KeyPressed(s_keys[random.Next(s_keys.Length)]),
    };
}
