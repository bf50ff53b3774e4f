using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>What became of a job (org.freedesktop.systemd1(5), JobRemoved).</summary>
/// <param name="Word">done, canceled, timeout, failed, dependency, skipped, and others of newer versions.</param>
internal readonly record struct JobResult(string Word)
{
    public bool IsDone => Word == "done";

    /// <summary>A clause: why the unit is not as it was asked for.</summary>
    public string Why => Word switch
    {
        "done" => "it was done",
        "canceled" => "another program has asked for the opposite, so the job was cancelled",
        "timeout" => "it took longer than systemd allows",
        "failed" => "the unit failed",
        "dependency" => "another unit that it needs could not be started",
        "skipped" => "a condition of the unit does not hold, so systemd skipped it",
        "assert" => "an assertion of the unit does not hold",
        "invalid" => "the job makes no sense for this unit",
        "unsupported" => "this system has no units of its type",
        "collected" => "the unit was removed before the job began",
        "once" => "the unit has run and may run only once",
        _ => $"systemd ended the job as '{Visible.Text(Word, 40)}'",
    };
}
