using GpuTty.Switching;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>The first model: the overview, and over it a switch that is running.</summary>
internal static class Start
{
    public static Model With(ISwitchDesk desk, TuiOptions options, int width, int height)
    {
        var isRunning = desk.IsRunning();
        var last = desk.LastRun();
        return new Model
        {
            Width = width,
            Height = height,
            Demo = options.Demo,
            Chosen = options.Card,
            Can = options.Abilities,
            Zone = options.Clock.LocalTimeZone,
            Now = options.Clock.GetUtcNow(),
            Journal = [.. last],
            Run = RunState.Fold(last),
            IsRunning = isRunning,
            Screens = isRunning ? [new OverviewScreen(), new RunningScreen()] : [new OverviewScreen()],
        };
    }
}
