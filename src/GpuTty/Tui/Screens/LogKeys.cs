using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>Keys of the log, in its panel and on the full screen.</summary>
internal static class LogKeys
{
    public static KeyBinding Open { get; } = new(Key.Of('L'), "log", model => model.Push(new LogScreen()))
    {
        Help = "The log on the full screen.",
    };

    /// <summary>The log itself knows the key as one that moves.</summary>
    public static KeyBinding Follow(Model model) => new(
        Key.Of('f'), model.LogView.IsFollowing ? "hold" : "follow", m => m.Top.OnKey(Key.Of('f'), m) ?? m)
    {
        Help = "Follow the newest line, or hold the picture still.",
    };

    public static KeyBinding Level(
        Model model) => new(
            Key.Of('F'),
            $"level ({model.LogView.Least.ToString().ToLowerInvariant()})",
            m => m with { LogView = m.LogView.NextLevel() })
        { Help = "Show less and less: all, information, warnings, errors only." };

    public static KeyBinding Wrap(Model model) => new(Key.Of('W'), model.LogView.IsWrapped ? "cut" : "wrap",
        m => m with { LogView = m.LogView with { IsWrapped = !m.LogView.IsWrapped } })
    { Help = "Show long lines whole, over several rows, or cut at the edge." };
}
