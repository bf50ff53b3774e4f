namespace GpuTty.Planning.Checks;

/// <summary>One question about a switch, answered from the snapshot.</summary>
/// <param name="Question">What is asked: "Is the IOMMU on?"</param>
/// <param name="Holds">True: fine. False: refused, with an obstacle. Null: could not tell, or worth knowing; not refused.</param>
/// <param name="Finding">What was found, in one sentence.</param>
/// <param name="Obstacle">Set when <paramref name="Holds"/> is false.</param>
public sealed record Check(string Question, bool? Holds, string Finding, Obstacle? Obstacle = null)
{
    public static Check Fine(string question, string finding) => new(question, true, finding);
    public static Check Unsure(string question, string finding) => new(question, null, finding);
    public static Check Refused(string question, Obstacle obstacle) => new(question, false, obstacle.Problem, obstacle);
}
