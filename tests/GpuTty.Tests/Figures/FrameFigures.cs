using System.Buffers;
using System.Diagnostics;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Tui;
using GpuTty.Tui;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Views;

namespace GpuTty.Tests.Figures;

/// <summary>What a frame costs: bytes to the terminal, and microseconds from the model to those bytes.</summary>
internal static class FrameFigures
{
    private const int Rounds = 500, WarmUp = 200;

    public static void Print(TextWriter to)
    {
        using var views = GuiScreen.Make(80, 25);
        Print(to, views.Draw);
    }

    private static void Print(TextWriter to, Func<Model, Surface> draw)
    {
        foreach (var (width, height) in new[] { (80, 25), (240, 67) })
        {
            var idle = Play.At(DesktopMachine.Idle, width, height);
            Print(to, $"{width}x{height}, first frame", Measure(draw, idle, (play, _) => play, whole: true));
            Print(
                to,
                $"{width}x{height}, moving selection",
                Measure(draw, idle.Type("2"), (play, round) => play.Type(round % 8 < 4 ? "j" : "k")));
            Print(to, $"{width}x{height}, next panel", Measure(draw, idle, (play, _) => play.Type("\t")));
            Print(
                to,
                $"{width}x{height}, a question and back",
                Measure(draw, idle, (play, round) => play.Type(round % 2 == 0 ? "?" : "\e")));
            Print(
                to,
                $"{width}x{height}, something told and gone",
                Measure(draw, idle, (play, round) => play.Type(round % 2 == 0 ? "~" : "1")));
            var log = idle.Type("L");
            Print(to, $"{width}x{height}, busy log", Measure(draw, log, (play, round) => Logged(play, round)));
        }
    }

    private static Play Logged(Play play, int round)
    {
        play.Model.Log.Append(new ShownLine(
            "14:03:01",
            round % 5 == 0 ? LogLevel.Warning : LogLevel.Info,
            round % 3 == 0 ? "kernel" : "command",
            $"vfio-pci 0000:01:00.0: line {round} of a log that does not stop"));
        return play;
    }

    private static Figure Measure(Func<Model, Surface> draw, Play play, Func<Play, int, Play> change, bool whole = false)
    {
        var painter = new Painter(new TerminalTraits(IsConsole: true, HasColor: true, Glyphs.Unicode));
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var times = new double[Rounds];
        var (bytes, allocated) = (0L, 0L);
        for (var round = -WarmUp; round < Rounds; round++)
        {
            if (whole) painter.Forget();
            play = change(play, round + WarmUp);
            output.ResetWrittenCount();
            var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            painter.Paint(draw(play.Model), output);
            if (round < 0) continue;
            times[round] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            bytes += output.WrittenCount;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Array.Sort(times);
        return new Figure((double)bytes / Rounds, times[Rounds / 2], times[^1], (double)allocated / Rounds);
    }

    private static void Print(TextWriter to, string what, Figure seen) =>
        to.WriteLine(
            $"{what,-44} {seen.Bytes,8:0} bytes  {seen.Median,7:0} us median  {seen.Worst,7:0} us worst  {seen.Allocated / 1000,7:0} "
                + "kB allocated");

    /// <param name="Bytes">To the terminal, a frame.</param>
    /// <param name="Median">Microseconds.</param>
    /// <param name="Worst">Microseconds.</param>
    /// <param name="Allocated">Bytes of memory, a frame.</param>
    private sealed record Figure(double Bytes, double Median, double Worst, double Allocated);
}
