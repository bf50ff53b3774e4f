using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>The way out of the program: at once, unless a switch is running.</summary>
internal static class QuitKey
{
    public static KeyBinding Key { get; } = new(Terminal.Key.Of('q'), "quit", Ask)
    {
        Aliases = [Terminal.Key.F(10)],
        Help = "Quit. A running switch goes on without the screen.",
        IsPinned = true,
    };

    public static Next Ask(Model model) => model.IsRunning
        ? new Next(model.Push(Question()), new Effect.ForgetTyped())
        : new Next(model, new Effect.Quit());

    private static QuestionScreen Question() => new(
        new Dialog("A switch is running",
            [
                "It goes on without this screen, and takes itself back if a step fails.",
                "Start gputty again at any time to see how it stands.",
            ],
            new DialogButton("Stay", 's', IsSafe: true), new DialogButton("Leave it running", 'l')),
        (_, model) => new Next(model, new Effect.Quit()))
    { IsAboutRun = true };
}
