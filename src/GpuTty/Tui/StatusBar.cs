using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>The bottom line: what the keys do here. Where there is not room for all, the pinned ones stay. The library's bar lays out
/// three views for each key at each change, and cuts where the room ends.</summary>
/// <param name="Keys">In brackets those that would only say why they do nothing.</param>
internal sealed record StatusBar(params ImmutableArray<(KeyBinding Key, bool IsEnabled)> Keys)
{
    private const int Gap = 3;

    /// <summary>What can be pressed stands first: on a narrow screen it is all that is seen.</summary>
    public static StatusBar Of(Model model) => new(
    [
        .. model.Top.Keys(model).Where(key => key.InBar).Select(key => (key, key.Reason(model) is null)).OrderBy(key => !key.Item2),
    ]);

    public IEnumerable<TextRun> Line(int width) => Places(width).SelectMany(place => (TextRun[])
    [
        new TextRun(place.X, place.Text),
        new TextRun(place.X + (place.IsEnabled ? 0 : 1), place.Key.Key.ToString(), place.IsEnabled ? Theme.Strong : Theme.Plain),
    ]);

    /// <summary>What stands in this column; null where nothing does.</summary>
    public KeyBinding? At(int x, int width) =>
        Places(width).FirstOrDefault(place => x >= place.X && x < place.X + Printable.Width(place.Text)).Key;

    private IEnumerable<(int X, string Text, KeyBinding Key, bool IsEnabled)> Places(int width)
    {
        var all = Keys.Select(key => (Text: Text(key), key.Key, key.IsEnabled)).ToList();
        // What comes first stays first, pinned or not; the other pinned ones are the way out, which is looked for at the end.
        var first = all.TakeWhile(key => key.Key.IsPinned).ToList();
        var last = all.Skip(first.Count).Where(key => key.Key.IsPinned).ToList();
        // Never half an entry: what does not fit goes, the help first, which every key that does nothing names.
        while (last.Count > 0 && first.Concat(last).Sum(key => Room(key.Text)) > width + Gap - 1)
            last.RemoveAt(last.FindIndex(key => key.Key.Label == "help") is var help and >= 0 ? help : last.Count - 1);
        var (x, used, room) = (1, 1 + first.Sum(key => Room(key.Text)), width - last.Sum(key => Room(key.Text)));
        var fitting = all.Where(key => !key.Key.IsPinned).TakeWhile(key => (used += Room(key.Text)) <= room + Gap).ToList();
        foreach (var (text, key, isEnabled) in first.Concat(fitting).Concat(last))
        {
            yield return (x, text, key, isEnabled);
            x += Room(text);
        }
    }

    public static string Text((KeyBinding Key, bool IsEnabled) key) =>
        key.IsEnabled ? $"{key.Key.Key} {key.Key.Label}" : $"({key.Key.Key} {key.Key.Label})";

    private static int Room(string text) => Printable.Width(text) + Gap;
}
