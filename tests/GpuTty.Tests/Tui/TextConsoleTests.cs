using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Desktop;
using GpuTty.Terminal;
using GpuTty.Tests.Planning;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Who sits inside the desktop that must end is offered a place that outlives it.</summary>
public sealed class TextConsoleTests
{
    private static readonly HostSnapshot s_inside = DesktopMachine.Idle with
    {
        Caller = new CallerLocation { Pid = 4000, IsRoot = true, Unit = "user@1000.service", IsInsideDesktop = true },
        Console = DesktopMachine.Idle.Console with { ActiveVt = 2 },
    };

    /// <summary>The question itself.</summary>
    internal static Play Asked { get; } = Play.At(s_inside, 120, 40).Type("vT");

    [Fact]
    public void The_wizard_offers_it_beside_the_refusal_and_asks_first()
    {
        var refused = Play.At(s_inside, 120, 40).Type("v");
        Assert.Contains("You are inside", refused.Text(), StringComparison.Ordinal);
        Assert.Contains("Or press T: GpuTty goes on at a text console, with this card.", refused.Words, StringComparison.Ordinal);
        Assert.Contains("T text console", refused.Text(), StringComparison.Ordinal);
        var asked = refused.Type("T");
        Assert.Equal([new Effect.ForgetTyped()], asked.Effects);
        Assert.IsAssignableFrom<WizardScreen>(asked.Press(Key.Enter).Model.Top);
        Assert.Empty(asked.Press(Key.Enter).Effects);
        Assert.Equal([new Effect.OpenConsole(DesktopMachine.Big)], asked.Type("y").Effects);
    }

    [Fact]
    public void At_a_console_that_itself_draws_with_the_card_it_is_offered_as_well()
    {
        var kmscon = UserspaceConsoleTests.Kmscon(DesktopMachine.Big);
        var idle = DesktopMachine.Idle;
        var host = idle with
        {
            Holders = [.. idle.Holders, kmscon],
            Caller = idle.Caller with { IsRoot = true, Ancestors = [.. idle.Caller.Ancestors, kmscon.Pid] },
            Console = idle.Console with { ActiveVt = 4 },
        };
        Assert.Contains("T text console", Play.At(host, 120, 40).Text(), StringComparison.Ordinal);
        var refused = Play.At(host, 120, 40).Type("vS");
        Assert.Contains("Or press T: GpuTty goes on at a text console, with this card.", refused.Words, StringComparison.Ordinal);
        Assert.Equal([new Effect.OpenConsole(DesktopMachine.Big)], refused.Type("Ty").Effects);
    }

    [Fact]
    public void Where_it_cannot_be_the_key_says_why()
    {
        Assert.Equal("You are not inside the desktop.", Play.At(DesktopMachine.Idle).Type("T").Notice);
        Assert.Equal(
            "Only root may open a text console: quit and start gputty with sudo.",
            Play.At(s_inside with { Caller = s_inside.Caller with { IsRoot = false } }).Type("vT").Notice);
        Assert.Equal("This machine has no text consoles.", ConsoleOffer.WhyNot(s_inside with { Console = new ConsoleState() }));
        Assert.StartsWith("Without systemd", ConsoleOffer.WhyNot(s_inside with { RunsSystemd = false }), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Or press T", Play.At(s_inside with { RunsSystemd = false }, 120, 40).Type("v").Words, StringComparison.Ordinal);
        Assert.DoesNotContain("T text console", Play.At(DesktopMachine.Idle, 120, 40).Type("v").Text(), StringComparison.Ordinal);
    }

    /// <summary>When it ends, the person is never left before an empty console, and never pulled away from where he has gone.</summary>
    [Fact]
    public void Afterwards_the_screen_is_where_somebody_lives()
    {
        var there = DesktopMachine.Idle with { Console = DesktopMachine.Idle.Console with { ActiveVt = 4 } };
        Assert.Equal(2, ConsoleOffer.Afterwards(there, own: 4, former: 2));
        Assert.Null(ConsoleOffer.Afterwards(there with { Console = there.Console with { ActiveVt = 2 } }, own: 4, former: 2));
        var ended = there with { Sessions = [there.Sessions[1]], DisplayManager = new DisplayManager(there.DisplayManager!.Unit, 7) };
        Assert.Equal(7, ConsoleOffer.Afterwards(ended, own: 4, former: 2));
        Assert.Equal(
            7,
            ConsoleOffer.Afterwards(
                ended with { Sessions = [there.Sessions[0] with { State = "closing", Vt = 2, Type = "tty" }] },
                own: 4,
                former: 2));
        Assert.Equal(1, ConsoleOffer.Afterwards(ended with { DisplayManager = null }, own: 4, former: 2));
    }

    [Fact]
    public void The_unit_has_the_console_to_itself_and_goes_back_however_it_ends()
    {
        var arguments =
            ConsoleUnit.Of(new OwnProgram(["/opt/my gputty/gputty"], ["A=b"]), vt: 4, former: 2, DesktopMachine.Big).Arguments();
        Assert.Contains("--property=StandardInput=tty-fail", arguments);
        Assert.Contains("--property=TTYPath=/dev/tty4", arguments);
        Assert.Contains("--property=TTYVTDisallocate=yes", arguments);
        Assert.Contains("--property=ExecStopPost=-\"/opt/my gputty/gputty\" leave-console 4 2", arguments);
        Assert.Equal(["--", "/opt/my gputty/gputty", "console", "4", "0000:01:00.0"], arguments[^5..]);
    }

    [Fact]
    public async Task On_the_simulated_machine_the_way_goes_on_from_the_console()
    {
        await using var person = new Person("window", pace: 1);
        await person.Sees("you are inside the desktop");
        await person.Types("v", "Or press T");
        await person.Types("T", "Go on at a text console?");
        await person.Types("y", "GpuTty goes on at tty4");
        await person.Types("q", "you are on tty4");
        await person.Types("vS\n", "What will be done");
    }
}
