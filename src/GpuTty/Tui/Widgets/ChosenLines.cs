namespace GpuTty.Tui.Widgets;

/// <summary>The numbers of the log lines that a filter lets through, oldest first; a ring like the log itself.</summary>
internal sealed class ChosenLines(LogLines lines, string filter, ShownLevel least)
{
    private long[] ring = new long[256];
    private long begin;
    private long end;
    private long seen = lines.Oldest;

    /// <summary>How many lines were looked at so far: what this costs, whatever the machine is busy with.</summary>
    public long Examined { get; private set; }

    public int Count => (int)(end - begin);

    /// <summary>The same with a word made longer, or one word more: only what was let through before can be let through now.</summary>
    public ChosenLines Narrowed(string longer)
    {
        CatchUp();
        var narrow = new ChosenLines(lines, longer, least) { seen = seen };
        for (var index = 0; index < Count; index++) narrow.Examine(NumberAt(index));
        return narrow;
    }

    /// <summary>Every word of the filter is still in the other one, in its place.</summary>
    public bool LetsThroughAllOf(string other, ShownLevel otherLeast) => least == otherLeast && other.StartsWith(filter, StringComparison.Ordinal);

    public ShownLine this[int index] => lines[NumberAt(index)];

    public long NumberAt(int index) => Slot(begin + Math.Clamp(index, 0, Count - 1));

    public bool IsFor(string otherFilter, ShownLevel otherLeast) => filter == otherFilter && least == otherLeast;

    /// <summary>The index of the first line with this number or a later one.</summary>
    public int IndexOf(long number)
    {
        var (low, high) = (begin, end);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Slot(middle) < number) low = middle + 1;
            else high = middle;
        }
        return (int)(low - begin);
    }

    public void CatchUp()
    {
        while (begin < end && Slot(begin) < lines.Oldest) begin++;
        for (seen = Math.Max(seen, lines.Oldest); seen < lines.End; seen++) Examine(seen);
    }

    /// <summary>A late line has come in here, and those behind it have other numbers now.</summary>
    public void LookAgainFrom(long number)
    {
        while (end > begin && Slot(end - 1) >= number) end--;
        seen = Math.Min(seen, number);
    }

    private void Examine(long number)
    {
        var line = lines[number];
        Examined++;
        if (line.Level >= least && (TextFilter.IsEmpty(filter) || line.Matches(filter))) Add(number);
    }

    private void Add(long number)
    {
        if (Count == ring.Length) Grow();
        Slot(end++) = number;
    }

    private void Grow()
    {
        var larger = new long[ring.Length * 2];
        for (var i = begin; i < end; i++) larger[i % larger.Length] = Slot(i);
        ring = larger;
    }

    private ref long Slot(long position) => ref ring[position % ring.Length];
}
