using GpuTty.Host;

namespace GpuTty.Switching;

/// <summary>
/// The journal and the log of one run. A journal that can no longer be written in the middle of it means that nobody could recover what
/// is done from then on: no more is written to it, the run rolls back from memory what it has done, and the log says so.
/// </summary>
internal sealed class RunRecord(IJournal journal, TimeProvider clock, Action<LogLine> log)
{
    private bool _isJournalLost;
    private StepFailure? _loss;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="goesOnWithout">True for the only card on its way home: nobody could see why it stays away.</param>
    /// <exception cref="HostException">The run cannot be recorded, so it must not begin.</exception>
    public void Open(RunEvent.Opened opening, bool goesOnWithout)
    {
        if (!goesOnWithout) journal.Append(opening);
        else Add(opening);
        _loss = null;
    }

    public void Add(RunEvent entry)
    {
        if (_isJournalLost) return;
        try
        {
            journal.Append(entry);
        }
        catch (Exception lost) when (lost is HostException or IOException or UnauthorizedAccessException)
        {
            _isJournalLost = true;
            _loss = new StepFailure(FailureCode.JournalLost, $"The journal could no longer be written: {lost.Message}",
                (lost as HostException)?.Remedy ?? "Make room on the file system of /var/lib, then try again.", IsRefusal: true);
            Log(LogLevel.Error, $"{_loss.Problem} {_loss.Remedy}");
        }
    }

    /// <summary>Why the run must not go on, once; when the only card is returned it goes on anyway.</summary>
    public StepFailure? TakeLoss()
    {
        var loss = _loss;
        _loss = null;
        return loss;
    }

    /// <summary>Writes down what a step waits for; only what is new goes into the journal.</summary>
    /// <param name="run">Tells its index, which moves when others are put before it.</param>
    public Action<string> Waiting(RunSteps run)
    {
        string? last = null;
        return text =>
        {
            if (text == last) return;
            last = text;
            Add(new RunEvent.Waiting(run.At, text) { At = Now });
        };
    }

    public Outcome Close(Outcome outcome, string summary)
    {
        Add(new RunEvent.Closed(outcome, summary) { At = Now });
        Log(outcome == Outcome.Switched ? LogLevel.Info : LogLevel.Warning, summary);
        return outcome;
    }

    public void Log(LogLevel level, string text) => log(new LogLine(Now, level, LogSource.Step, text));
}
