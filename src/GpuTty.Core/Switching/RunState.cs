using System.Collections.Immutable;
using GpuTty.Steps;

namespace GpuTty.Switching;

public enum StepStatus { Waiting, Running, Done, Failed, TakenBack, NotTakenBack }

/// <summary>One step of a run as far as the journal tells.</summary>
public sealed record StepProgress(Step Step, StepStatus Status)
{
    public DateTimeOffset? BegunAt { get; init; }
    public TimeSpan Limit { get; init; }
    public TimeSpan? Took { get; init; }

    /// <summary>What it waits for, or why it failed.</summary>
    public string? Note { get; init; }
    public string? Remedy { get; init; }

    /// <summary>Begins what is said of a step back that was left alone.</summary>
    public const string NotTried = "Not tried:";

    /// <summary>Its way back was left alone, because nothing may be written any more.</summary>
    public bool IsUntried => Status == StepStatus.NotTakenBack && Note?.StartsWith(NotTried, StringComparison.Ordinal) == true;
}

/// <summary>A run, folded from its journal: the same for the screen that follows it, the next start and the recovery.</summary>
public sealed record RunState(RunEvent.Opened Opening, ImmutableArray<StepProgress> Steps)
{
    public Outcome? Outcome { get; init; }
    public string? Summary { get; init; }
    public bool IsTakingBack { get; init; }
    public string? WhyTakingBack { get; init; }
    public bool DesktopRestored { get; init; }

    /// <summary>Somebody has asked for it; no step has failed.</summary>
    public bool IsWishedBack() => WhyTakingBack == RunEvent.Failed.Requested;
    public bool IsClosed => Outcome is not null;

    /// <summary>When it was closed, by the wall clock; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From its begin to its end, as people count it; null while it is open, and where the clock was set back meanwhile.</summary>
    public TimeSpan? Took => EndedAt is { } end && end >= Opening.At ? end - Opening.At : null;

    /// <summary>The user has said that it is to be left as it is.</summary>
    public bool IsDismissed { get; init; }

    /// <summary>It began a step, and did not end whole: a recovery may be about it.</summary>
    public bool IsUnfinished =>
        !IsDismissed && Outcome is (null or Switching.Outcome.LeftHalfway) && Steps.Any(step => step.Status != StepStatus.Waiting);

    /// <summary>Index of the step that runs now; -1 when none does.</summary>
    public int Current => Steps.IndexOf(Steps.FirstOrDefault(step => step.Status == StepStatus.Running)!);

    /// <summary>Index of the step that waits for a person's word; null when none does.</summary>
    public int? AwaitedConsent =>
        this is { IsClosed: false, IsTakingBack: false, Current: >= 0 } && Steps[Current].Step is AwaitConsent ? Current : null;

    /// <summary>Begins what the summary says of steps that could not be undone; their names follow.</summary>
    public const string NotRolledBack = "This could not be rolled back:";

    /// <summary>The summary for whom the steps that could not be undone are listed besides.</summary>
    public string? SummaryWithoutSteps =>
        Summary?.Replace($"{NotRolledBack} {string.Join("; ", Steps.Reverse().Where(step => step.Status == StepStatus.NotTakenBack)
            .Select(step => step.Step.Undo()?.Describe()))}.", "Not everything could be rolled back.", StringComparison.Ordinal);

    /// <summary>Null when the journal is empty or does not begin with its header.</summary>
    public static RunState? Fold(IEnumerable<RunEvent> journal)
    {
        RunState? state = null;
        foreach (var entry in journal)
            state = entry is RunEvent.Opened opened ? Begin(opened) : state?.After(entry);
        return state;
    }

    public static RunState Begin(RunEvent.Opened opened) =>
        new(opened, [.. opened.Steps.Select(step => new StepProgress(step, StepStatus.Waiting))]);

    public RunState After(RunEvent entry) => entry switch
    {
        RunEvent.Begun begun =>
            With(begun.Step, s => s with { Status = StepStatus.Running, BegunAt = begun.At, Limit = begun.Limit, Note = null }),
        RunEvent.Waiting waiting => With(waiting.Step, s => s with { Note = waiting.For }),
        RunEvent.Extended extended => With(extended.Step, s => s with { Limit = extended.Limit }),
        RunEvent.Inserted { Step: >= 0 } inserted when inserted.Step <= Steps.Length =>
            this with { Steps = Steps.Insert(inserted.Step, new StepProgress(inserted.What, StepStatus.Waiting)) },
        RunEvent.Done done => With(done.Step, s => s with { Status = StepStatus.Done, Took = done.Took, Note = null }),
        RunEvent.Failed failed =>
            With(failed.Step, s => s with { Status = StepStatus.Failed, Note = failed.Problem, Remedy = failed.Remedy }),
        RunEvent.TakingBack back => this with { IsTakingBack = true, WhyTakingBack = back.Why },
        RunEvent.TakenBack taken => With(taken.Step, s => s with { Status = StepStatus.TakenBack }),
        RunEvent.NotTakenBack stuck =>
            With(stuck.Step, s => s with { Status = StepStatus.NotTakenBack, Note = stuck.Problem, Remedy = stuck.Remedy }),
        RunEvent.DesktopRestored restored => this with { DesktopRestored = true, Summary = restored.Summary },
        RunEvent.Closed closed => this with { Outcome = closed.Outcome, Summary = closed.Summary, EndedAt = closed.At },
        RunEvent.Dismissed => this with { IsDismissed = true },
        _ => this,
    };

    private RunState With(int step, Func<StepProgress, StepProgress> change) =>
        step >= 0 && step < Steps.Length ? this with { Steps = Steps.SetItem(step, change(Steps[step])) } : this;
}
