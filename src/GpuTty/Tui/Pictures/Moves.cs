using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>The keys that move by rows, the same in lists, texts and the log: also those of less and vim.</summary>
internal static class Moves
{
    /// <summary>More rows than there are anywhere: to the last one.</summary>
    public const int ToEnd = int.MaxValue / 2;

    /// <summary>How many rows a key leads down; null if the key is none of these.</summary>
    /// <param name="page">How many rows a page is.</param>
    public static int? By(Key key, int page) =>
        key.Code == KeyCode.Up || key.Is('k') ? -1
        : key.Code == KeyCode.Down || key.Is('j') ? 1
        : key.Code == KeyCode.PageUp || key == Key.Ctrl('b') ? -page
        : key.Code == KeyCode.PageDown || key == Key.Ctrl('f') || key == Key.Space ? page
        : key == Key.Ctrl('u') ? -Math.Max(1, page / 2)
        : key == Key.Ctrl('d') ? Math.Max(1, page / 2)
        : key.Code == KeyCode.Home || key.Is('g') ? -ToEnd
        : key.Code == KeyCode.End || key.Is('G') ? ToEnd
        : null;
}
