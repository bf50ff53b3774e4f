using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>The roles colours have here. Each comes with a word or a mark: a colour never says something alone.</summary>
internal static class Theme
{
    public static Style Plain => Style.Default;
    public static Style Strong => Style.Default.Bold;
    public static Style Accent => Style.Of(Color.Cyan);
    public static Style Good => Style.Of(Color.Green);
    public static Style Warn => Style.Of(Color.Yellow);
    public static Style Bad => Style.Of(Color.Red).Bold;
    public static Style Focus => Style.Default.Reversed;
}
