using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>What happens to a file when a correction is rolled back.</summary>
public enum Restoration
{
    /// <summary>It is there again, or is again what it was.</summary>
    [JsonStringEnumMemberName("restored")] Restored,
    /// <summary>It was not there before.</summary>
    [JsonStringEnumMemberName("removed")] Removed,
    /// <summary>It is as it was before already.</summary>
    [JsonStringEnumMemberName("as-before")] AsBefore,
    /// <summary>Somebody else has changed it since, or has put something in its place.</summary>
    [JsonStringEnumMemberName("changed-since")] ChangedSince,
}

/// <summary>Changes that were made together, and of whose files copies are kept.</summary>
/// <param name="Folder">Where the copies are.</param>
/// <param name="Files">Each file, and what taking it back would do now.</param>
public sealed record KeptCorrection(string Folder, DateTimeOffset At, ImmutableArray<(string Path, Restoration Back)> Files);

/// <summary>Changes files of the machine's settings, all of those that belong together or none, and brings them back.</summary>
public interface ICorrections
{
    /// <summary>Why this file is left alone, in a clause that begins with it; null where it can be changed.</summary>
    string? Refusal(FileChange change);

    /// <summary>Keeps copies, makes all changes, and sees that they were made. Where one fails those before it are rolled back.</summary>
    /// <returns>Where the copies are.</returns>
    /// <exception cref="HostException">Nothing has been changed.</exception>
    /// <exception cref="CorrectionException">One has failed.</exception>
    string Make(IReadOnlyList<FileChange> changes, DateTimeOffset at);

    /// <summary>Those that would be rolled back next; null where there are none.</summary>
    KeptCorrection? Last();

    /// <summary>Brings every file back as it was, its content, owner and
    /// permissions; one that is so already stays. The copies go then.</summary>
    /// <returns>Null; where the copies could not be removed, why, with a next action.</returns>
    /// <exception cref="HostException">Nothing has been changed.</exception>
    /// <exception cref="CorrectionException">One has failed; those before it are back.</exception>
    (string Problem, string Remedy)? TakeBack(KeptCorrection correction);
}

/// <summary>A file could not be changed, after others had been.</summary>
/// <param name="isTakenBack">Everything is as it was.</param>
public sealed class CorrectionException(
    string message, string remedy, bool isTakenBack, Exception? cause = null) : HostException(message, remedy, cause)
{
    public bool IsTakenBack { get; } = isTakenBack;
}

/// <summary>Nowhere: a machine that is not real.</summary>
public sealed class NoCorrections : ICorrections
{
    public string? Refusal(FileChange change) => $"{change.Path} is not of this machine";
    public string Make(IReadOnlyList<FileChange> changes, DateTimeOffset at) =>
        throw new HostException("Nothing can be changed from here.", "Run: gputty doctor --fix");
    public KeptCorrection? Last() => null;
    public (string Problem, string Remedy)? TakeBack(KeptCorrection correction) =>
        throw new HostException("Nothing can be changed from here.", "Run: gputty doctor --fix --undo");
}
