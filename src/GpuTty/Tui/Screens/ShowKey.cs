namespace GpuTty.Tui.Screens;

/// <summary>The key that leads to the switch that runs, was interrupted, or ran last.</summary>
internal static class ShowKey
{
    public static Terminal.Key Key { get; } = Terminal.Key.Of('s');

    public static KeyBinding Of(Model model) => new(
        Key,
        model.IsRunning ? "show the running switch" : model.Recovery is not null ? "the interrupted switch" : "the last switch",
        m => m.IsRunning ? Running(m) : m.OverOverview(m.Recovery is not null ? new RecoveryScreen() : new ResultScreen()),
        m => m.IsRunning || m.Recovery is not null || m.Run is { IsClosed: true } ? null : "No switch has run yet.")
    {
        Help = "Show the switch that is running, the ways out of one that was interrupted, or how the last one ended.",
        Words = model.IsRunning ? "roll back undo" : model.Recovery is not null ? "roll back undo resume dismiss" : "result",
    };

    /// <summary>The running switch over the overview, as it was looked at last.</summary>
    public static Model Running(Model model) =>
        model.OverOverview(model.Screens.OfType<RunningScreen>().FirstOrDefault() ?? new RunningScreen());

    /// <summary>How a text goes on that tells of a running switch; empty where the key does nothing, or it is in sight.</summary>
    public static string Hint(Model model) => model.Top.Keys(model).Any(key => key.Answers(Key)) ? "; s shows it" : "";
}
