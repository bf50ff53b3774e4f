using GpuTty.Host;

namespace GpuTty.Switching;

/// <content>
/// A journal that can no longer be written in the middle of a run: nobody could recover what is done from then
/// on. The run stops writing it, takes back from memory what it has done, and says so in the log.
/// </content>
public sealed partial class SwitchRunner
{
    private bool _isJournalLost;
    private StepFailure? _loss;

    private void Record(RunEvent entry)
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

    /// <summary>Why the run must not go on, once; on the only card's way home it goes on anyway.</summary>
    /// <param name="handleRequest">Null for a step inside the wait of another one, which fails with it.</param>
    private StepFailure? JournalLoss(Func<StepLimit, Task<bool>>? handleRequest)
    {
        if (handleRequest is null) return null;
        var loss = _loss;
        _loss = null;
        return loss;
    }
}
