using GpuTty.Switching;

namespace GpuTty.Tui.Logs;

/// <summary>
/// The newest 100,000 lines in the order of their times, numbered from 0 for as long as the program runs. What comes late moves the
/// numbers of later lines, but no line's mark. Not for two threads at once: the loop that draws also appends.
/// </summary>
internal sealed class LogLines
{
    public const int Capacity = 100_000;

    /// <summary>Before how many lines a late one may still be put; one that is later still stands before those.</summary>
    public const int Reach = 1_000;

    private readonly (ShownLine Line, long Mark)[] _ring = new (ShownLine, long)[Capacity];
    private readonly long[] _numbers = new long[Capacity];
    private ChosenLines _chosen;
    private long _sealedEnd;

    public LogLines() => _chosen = new ChosenLines(this, "", LogLevel.Debug);

    /// <summary>The number of the oldest line that is still there.</summary>
    public long Oldest => Math.Max(0, End - Capacity);

    /// <summary>The number behind the last line.</summary>
    public long End { get; private set; }

    public ShownLine this[long number] => _ring[number % Capacity].Line;

    /// <summary>What tells the line with this number from all others for as long as it is there.</summary>
    public long MarkOf(long number) => _ring[number % Capacity].Mark;

    /// <summary>The number that the marked line has now; that of the oldest when it is gone.</summary>
    public long NumberOf(long mark)
    {
        var number = _numbers[mark % Capacity];
        return number >= Oldest && number < End && MarkOf(number) == mark ? number : Oldest;
    }

    public void Append(ShownLine line)
    {
        var mark = End++;
        var first = Math.Max(Math.Max(Oldest, _sealedEnd), mark - Reach);
        var at = mark;
        for (; at > first && this[at - 1].At > line.At; at--) Put(at, _ring[(at - 1) % Capacity]);
        Put(at, (line, mark));
        if (at < mark) _chosen.LookAgainFrom(at);
    }

    /// <summary>Nothing comes before the lines that are here now any more.</summary>
    public void Seal() => _sealedEnd = End;

    /// <summary>The lines with these words and of this importance. Asking again looks only at what came since.</summary>
    public ChosenLines Choose(string filter, LogLevel least)
    {
        if (!_chosen.IsFor(filter, least))
            _chosen = _chosen.LetsThroughAllOf(filter, least) ? _chosen.Narrowed(filter) : new ChosenLines(this, filter, least);
        _chosen.CatchUp();
        return _chosen;
    }

    private void Put(long number, (ShownLine Line, long Mark) entry)
    {
        _ring[number % Capacity] = entry;
        _numbers[entry.Mark % Capacity] = number;
    }
}
