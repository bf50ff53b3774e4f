using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>A text to read: wrapped to the width, scrolled by lines.</summary>
/// <param name="Top">How many lines are scrolled away.</param>
internal sealed record Page(int Top = 0)
{
    /// <summary>The page after a key; null if the key is none of a page's.</summary>
    /// <param name="lines">What is read, to know where it ends.</param>
    /// <param name="room">Where it is read.</param>
    public Page? On(Key key, IEnumerable<Label> lines, Rect room) => Moves.By(key, room.Height - 1) is not { } by ? null
        : new(Math.Clamp(Top + by, 0, Math.Max(0, WordWrap.Labels(lines, Math.Max(1, room.Width)).Length - room.Height)));

    public ShownLines Shown(IEnumerable<Label> lines, int width, int height)
    {
        var all = WordWrap.Labels(lines, Math.Max(1, width));
        var first = Math.Clamp(Top, 0, Math.Max(0, all.Length - height));
        return new ShownLines(all.Length, first, null, index => [new TextRun(0, all[index].Text, all[index].Style)]);
    }
}
