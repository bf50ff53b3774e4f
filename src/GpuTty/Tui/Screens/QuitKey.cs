using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The way out of the program: at once, unless a switch is running.</summary>
internal static class QuitKey
{
    public static KeyBinding Key { get; } = new(Terminal.Key.Of('q'), "quit", Ask)
    {
        Aliases = [Terminal.Key.F(10)],
        Help = "Quit. A switch keeps running without the screen.",
        IsPinned = true,
    };

    /// <summary>Whether a worker that is being started would go on alone is not sure until it has the plan.</summary>
    public static Next Ask(Model model) => model is { Expected: not null, IsHandedOver: false }
        ? model.Warn("The worker is just starting; q leaves as soon as the switch has begun.")
        : model.IsRunning
        ? new Next(model.Push(Question(model)), new Effect.ForgetTyped())
        : new Next(model, new Effect.Quit());

    private static QuestionScreen Question(Model model) => new(
        new Question("A switch is running. Leave it running?",
            model.Demo is null
                ?
                [
                    "It keeps running without this screen, and rolls back by itself if a step fails.",
                    "Start gputty again at any time to see how it stands.",
                ]
                :
                [
                    "This is the demo: the simulated switch ends with this screen.",
                    "A real one keeps running without it, and is shown at the next start of gputty.",
                ],
            new QuestionButton("Stay", 'n', IsSafe: true), new QuestionButton("Leave", 'y')),
        (_, model) => new Next(model, new Effect.Quit()))
    { IsAboutRun = true };
}
