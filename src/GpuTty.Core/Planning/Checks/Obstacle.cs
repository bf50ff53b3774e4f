using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <summary>
/// Why a switch is refused: one sentence and one next action. The words live with the case; the cases stand in a file for
/// each thing that they are about.
/// </summary>
/// <param name="Problem">One sentence in the user's words.</param>
/// <param name="Remedy">One next action.</param>
public abstract partial record Obstacle(string Problem, string Remedy)
{
    /// <summary>A stable word for scripts: <c>no-iommu</c>.</summary>
    public abstract string Code { get; }

    public sealed record CouldNotTell(Unknown Unknown) : Obstacle(Visible.Text(Unknown.Sentence, 400), Visible.Text(Unknown.Remedy, 400))
    { public override string Code => "could-not-tell"; }
}
