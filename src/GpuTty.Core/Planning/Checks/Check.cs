using GpuTty.Host;

namespace GpuTty.Planning.Checks;

/// <summary>One question about a switch, answered from the snapshot.</summary>
/// <param name="Question">What is asked: "Is the IOMMU on?"</param>
/// <param name="Holds">True: fine. False: refused, with an obstacle. Null: could not tell, or worth knowing; refused only with an obstacle.</param>
/// <param name="Finding">What was found, in one sentence.</param>
/// <param name="Obstacle">Why nothing is planned; always there when <paramref name="Holds"/> is false.</param>
public sealed record Check(string Question, bool? Holds, string Finding, Obstacle? Obstacle = null)
{
    public static Check Fine(string question, string finding) => new(question, true, finding);
    public static Check Unsure(string question, string finding) => new(question, null, finding);
    public static Check Refused(string question, Obstacle obstacle) => new(question, false, obstacle.Problem, obstacle);

    /// <summary>The answers to questions that rest on these parts; each is "could not tell" where one of the parts could not be told.</summary>
    /// <param name="stands">An answer that more knowledge cannot change.</param>
    public static IEnumerable<Check> RestingOn(HostSnapshot host, IEnumerable<SnapshotPart> parts, IEnumerable<Check> checks, Func<Check, bool>? stands = null) =>
        host.CannotTell(parts).FirstOrDefault() is not { } unknown ? checks
            : checks.Select(check => stands?.Invoke(check) == true ? check : check.Untold(unknown)).DistinctBy(check => (check.Question, check.Finding));

    private Check Untold(Unknown unknown)
    {
        var why = new Obstacle.CouldNotTell(unknown);
        return this with { Holds = null, Finding = why.Problem, Obstacle = why };
    }
}
