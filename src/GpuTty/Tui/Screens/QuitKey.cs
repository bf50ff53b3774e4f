using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The way out of the program: at once, unless a switch is running, or a command that its end would cut short.</summary>
internal static class QuitKey
{
    public static KeyBinding Key { get; } = new(Terminal.Key.Of('q'), "quit", Ask)
    {
        Aliases = [Terminal.Key.F(10)],
        Help = "Quit. A switch keeps running without the screen.",
        IsPinned = true,
    };

    /// <summary>What has to come first where nothing can be asked; null where one can leave at once.</summary>
    public static string? Until(Model model) =>
        IsStarting(model) ? "the switch has begun" : model.Command is not null ? "the command has ended" : null;

    public static Next Ask(Model model) =>
        IsStarting(model) ? model.Warn($"The worker is just starting; q leaves as soon as {Until(model)}.")
        : model.IsRunning || model.Command is not null ? QuestionScreen.Ask(model, Question(model))
        : new Next(model, new Effect.Quit());

    /// <summary>Whether a worker that is being started would go on alone is not sure until it has the plan.</summary>
    private static bool IsStarting(Model model) => model is { Expected: not null, IsHandedOver: false };

    private static QuestionScreen Question(Model model) => new(
        new Question(
            model.IsRunning ? "A switch is running. Leave it running?" : "A command is running. Leave now?",
            [
                .. !model.IsRunning ? [] : model.Demo is null
                    ? (Label[])
                    [
                        "It keeps running without this screen, and rolls back by itself if a step fails.",
                        "Start gputty again at any time to see how it stands.",
                    ]
                    :
                    [
                        "This is the demo: the simulated switch ends with this screen.",
                        "A real one keeps running without it, and is shown at the next start of gputty.",
                    ],
                .. model.Command is { } words
                    ? (Label[])[new Label($"gputty {string.Join(' ', words)} has not ended: it would be cut off where it is.", Theme.Warn)]
                    : [],
            ],
            "Leave", "Stay", NoFirst: true),
        (_, m) => new Next(m, new Effect.Quit()))
    {
        IsAboutRun = model.IsRunning,
        WhyMoot = m => model.IsRunning || m.Command is not null ? null : "",
    };
}
