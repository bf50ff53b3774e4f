using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>What the kernel says is in the log whether or not a switch runs, and once.</summary>
public sealed class KernelLinesTests
{
    private static readonly DateTimeOffset s_start = DesktopMachine.Idle.TakenAt;
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);
    private static readonly Play s_listening = s_idle with { Model = s_idle.Model with { HearsKernelSince = s_start } };

    [Fact]
    public void A_line_of_the_kernel_is_in_the_log_of_the_overview_at_the_place_of_its_time()
    {
        var text = s_listening.Hear(Said("second", 2), Said("first", 1)).Text();
        Assert.Contains("14:03:03    kernel  second", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("first", StringComparison.Ordinal) < text.IndexOf("second", StringComparison.Ordinal));
        Assert.DoesNotContain("chatter", s_listening.Hear(Said("chatter", 1, LogLevel.Debug)).Text(), StringComparison.Ordinal);
        Assert.Equal([new Effect.Repaint()], s_listening.Hear(Said("BUG: bad page", 1, LogLevel.Error)).Effects);
    }

    [Fact]
    public void What_the_worker_hears_too_is_told_once_and_what_only_it_heard_is_not_lost()
    {
        Assert.DoesNotContain("of the run", s_listening.Hear(Logged("of the run", 5)).Text(), StringComparison.Ordinal);
        Assert.Contains("of the run", s_listening.Hear(Logged("of the run", -5)).Text(), StringComparison.Ordinal);
        Assert.Contains("of the run", s_listening.Hear(new Msg.KernelSilent(), Logged("of the run", 5)).Text(), StringComparison.Ordinal);
        Assert.Contains("of the run", s_idle.Hear(Logged("of the run", 5)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_running_program_shows_it_as_it_comes_and_rests_while_nothing_comes()
    {
        Action<LogLine>? kernel = null;
        await using var person = new Person(new SimulatedHost(Machines.Find("desktop")!.Machine, TimeProvider.System), (heard, cancel) =>
        {
            kernel = heard;
            return Task.Delay(Timeout.Infinite, cancel);
        });
        await person.Sees("looked at the machine");
        await Task.Delay(300);
        var frames = person.Frames;
        await Task.Delay(700);
        Assert.InRange(person.Frames - frames, 0, 1);
        kernel!(new LogLine(DateTimeOffset.UtcNow, LogLevel.Info, LogSource.Kernel, "usb 1-2: new high-speed USB device"));
        await person.Sees("usb 1-2: new high-speed USB device");
    }

    [Fact]
    public void A_clock_that_is_set_back_is_noticed_once_and_one_that_is_set_ahead_never()
    {
        var clock = new SettableClock();
        var watch = new ClockWatch(clock);
        Assert.False(watch.WasSetBack());
        clock.Pass(TimeSpan.FromMinutes(1), set: TimeSpan.Zero);
        Assert.False(watch.WasSetBack());
        clock.Pass(TimeSpan.FromSeconds(1), set: TimeSpan.FromHours(-1));
        Assert.True(watch.WasSetBack());
        Assert.False(watch.WasSetBack());
        clock.Pass(TimeSpan.FromSeconds(1), set: TimeSpan.FromHours(2));
        Assert.False(watch.WasSetBack());
    }

    private static Msg.KernelSaid Said(string text, int second, LogLevel level = LogLevel.Info) => new(Line(text, second, level));
    private static Msg.Logged Logged(string text, int second) => new(Line(text, second, LogLevel.Info));
    private static LogLine Line(string text, int second, LogLevel level) => new(s_start.AddSeconds(second), level, LogSource.Kernel, text);
}
