using GpuTty.Switching;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Logs;

/// <summary>The numbers of the log lines that a filter lets through, oldest first; a ring like the log itself.</summary>
internal sealed class ChosenLines(LogLines lines, string filter, LogLevel least)
{
    private long[] _ring = new long[256];
    private long _begin;
    private long _end;
    private long _seen = lines.Oldest;

    /// <summary>How many lines were looked at so far: what this costs, whatever the machine is busy with.</summary>
    public long Examined { get; private set; }

    public int Count => (int)(_end - _begin);

    /// <summary>The same with a word made longer, or one word more: only what was let through before can be let through now.</summary>
    public ChosenLines Narrowed(string longer)
    {
        CatchUp();
        var narrow = new ChosenLines(lines, longer, least) { _seen = _seen };
        for (var index = 0; index < Count; index++) narrow.Examine(NumberAt(index));
        return narrow;
    }

    /// <summary>Every word of the filter is still in the other one, in its place.</summary>
    public bool LetsThroughAllOf(string other, LogLevel otherLeast) =>
        least == otherLeast && other.StartsWith(filter, StringComparison.Ordinal);

    public ShownLine this[int index] => lines[NumberAt(index)];

    public long NumberAt(int index) => Slot(_begin + Math.Clamp(index, 0, Count - 1));

    public bool IsFor(string otherFilter, LogLevel otherLeast) => filter == otherFilter && least == otherLeast;

    /// <summary>The index of the first line with this number or a later one.</summary>
    public int IndexOf(long number)
    {
        var (low, high) = (_begin, _end);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Slot(middle) < number) low = middle + 1;
            else high = middle;
        }
        return (int)(low - _begin);
    }

    public void CatchUp()
    {
        while (_begin < _end && Slot(_begin) < lines.Oldest) _begin++;
        for (_seen = Math.Max(_seen, lines.Oldest); _seen < lines.End; _seen++) Examine(_seen);
    }

    /// <summary>A late line has come in here, and those behind it have other numbers now.</summary>
    public void LookAgainFrom(long number)
    {
        while (_end > _begin && Slot(_end - 1) >= number) _end--;
        _seen = Math.Min(_seen, number);
    }

    private void Examine(long number)
    {
        var line = lines[number];
        Examined++;
        if (line.Level >= least && (TextFilter.IsEmpty(filter) || line.Matches(filter))) Add(number);
    }

    private void Add(long number)
    {
        if (Count == _ring.Length) Grow();
        Slot(_end++) = number;
    }

    private void Grow()
    {
        var larger = new long[_ring.Length * 2];
        for (var i = _begin; i < _end; i++) larger[i % larger.Length] = Slot(i);
        _ring = larger;
    }

    private ref long Slot(long position) => ref _ring[position % _ring.Length];
}
