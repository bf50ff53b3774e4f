using GpuTty.Switching;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>The first model: the overview, and over it a switch that is running.</summary>
internal static class Start
{
    public static Model With(ISwitchService service, TuiOptions options, int width, int height)
    {
        var isRunning = service.IsRunning();
        var last = isRunning ? service.LastRun() : service.LastBegun();
        var model = new Model
        {
            Width = width,
            Height = height,
            Demo = options.Demo,
            Chosen = options.Card,
            Can = options.Abilities,
            Zone = options.Clock.LocalTimeZone,
            Now = options.Clock.GetUtcNow(),
            HearsKernelSince = options.ListenToKernel is null ? null : options.Clock.GetUtcNow(),
            Journal = [.. last],
            BegunBefore = isRunning ? service.LastBegun() : [],
            Unfinished = service.Unfinished(),
            Run = RunState.Fold(last),
            IsRunning = isRunning,
            Screens = isRunning ? [new OverviewScreen(), new RunningScreen()] : [new OverviewScreen()],
        };
        if (isRunning || options.JournalProblem() is not { } problem) return model;
        var warning = $"{problem} {PlainMode.JournalNotActedOn}";
        model.Log.Append(new ShownLine($"{model.Local(model.Now):HH:mm:ss}", LogLevel.Warning, "gputty", warning) { At = model.Now });
        return model.Warn(warning);
    }
}
