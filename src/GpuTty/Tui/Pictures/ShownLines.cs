using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>What a panel shows, line by line, as far as somebody looks: a list of thousands of rows is never made whole.</summary>
/// <param name="Count">How many lines there are.</param>
/// <param name="First">The first line in sight.</param>
/// <param name="Selected">The line that the user is on; null where there is none.</param>
/// <param name="Line">The pieces of a line.</param>
internal sealed record ShownLines(int Count, int First, int? Selected, Func<int, ImmutableArray<TextRun>> Line)
{
    /// <summary>False for a line that the keys step over; null where all can be selected.</summary>
    public Func<int, bool>? CanSelect { get; init; }

    /// <summary>The keys that move the selection to a line; none where that cannot be.</summary>
    public IEnumerable<Key> KeysTo(int line)
    {
        if (CanSelect is null || !CanSelect(line) || line == Selected) return [];
        // Where the user is on none, the first key leads to the first one.
        var from = Selected ?? -1;
        var (low, high) = line > from ? (from + 1, line) : (line, from - 1);
        return Enumerable.Repeat(line > from ? Key.Down : Key.Up, Enumerable.Range(low, high - low + 1).Count(CanSelect));
    }

    public static ShownLines None { get; } = new(0, 0, null, _ => []);

    /// <summary>Lines that are all there, from the first one on.</summary>
    public static ShownLines Of(ImmutableArray<ImmutableArray<TextRun>> lines) => new(lines.Length, 0, null, index => lines[index]);

    /// <summary>A text of its own.</summary>
    public static ShownLines Of(TextRun text) => Of([[text]]);
}
