using System.Collections.Immutable;
using GpuTty.Host;

namespace GpuTty.Diagnosis;

/// <summary>The doctor for a screen: the same content as the command's. All of it may take long, and is done beside the drawing.</summary>
public interface IDoctor
{
    /// <summary>What a look has to find out for it.</summary>
    SnapshotSections Needs { get; }

    DiagnosisPage Examine(HostSnapshot host);

    /// <summary>What would be changed, with what is left to others. Nothing is changed by it.</summary>
    /// <param name="code">Of these findings alone; null for all that nobody needs.</param>
    FixOffer Offer(HostSnapshot host, string? code);

    /// <summary>Changes the files as offered, keeps copies, and looks again.</summary>
    /// <returns>What became of it, in a sentence or two.</returns>
    /// <exception cref="HostException">Nothing was changed, or what was is said.</exception>
    Task<string> FixAsync(FixOffer offer, CancellationToken cancel);
}

/// <param name="Plan">Without changes where there is nothing that gputty would do.</param>
/// <param name="Lines">As they are shown before anybody agrees.</param>
public sealed record FixOffer(CorrectionPlan Plan, ImmutableArray<string> Lines);
