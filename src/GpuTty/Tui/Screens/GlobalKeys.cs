using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>The keys that every screen has, whatever is typed there; the help lists and runs them too.</summary>
internal static class GlobalKeys
{
    public const string Title = "Everywhere";

    public static KeyBinding Repaint { get; } = new(Key.Ctrl('l'), "repaint", model => new Next(model, new Effect.Repaint()))
    {
        Help = "Paint the screen again.",
    };

    public static KeyBinding Cancel { get; } = new(Key.Ctrl('c'), "cancel", model => model.Top.Cancel(model))
    {
        Help = "Cancel, or quit; asks before it takes a switch back or leaves one running.",
    };

    public static ImmutableArray<KeyBinding> Keys { get; } = [Repaint, Cancel];
}
