using System.Runtime.CompilerServices;

namespace GpuTty.Tui.Pictures;

/// <summary>
/// The last answer about something immutable, kept for as long as that lives: the same thousands of rows are asked for by every
/// key and every frame, and only change with the machine.
/// </summary>
internal sealed class SnapshotCache<TAbout, TQuestion, TAnswer>
    where TAbout : class
{
    private readonly ConditionalWeakTable<TAbout, Entry> _table = [];

    public TAnswer Get(TAbout about, TQuestion question, Func<TAnswer> answer)
    {
        if (_table.TryGetValue(about, out var known) && EqualityComparer<TQuestion>.Default.Equals(known.Question, question))
            return known.Answer;
        var fresh = new Entry(question, answer());
        _table.AddOrUpdate(about, fresh);
        return fresh.Answer;
    }

    private sealed record Entry(TQuestion Question, TAnswer Answer);
}
