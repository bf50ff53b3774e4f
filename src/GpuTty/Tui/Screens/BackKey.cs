using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>The key that leaves a screen for the one below it.</summary>
internal static class BackKey
{
    /// <param name="others">Keys that leave this screen besides those that leave every one.</param>
    public static KeyBinding With(params Key[] others) => new(Key.Escape, "back", model => model.Pop())
    {
        Aliases = [Key.Of('q'), .. others, Key.F(10)],
        IsPinned = true,
    };
}
