using System.Collections.Immutable;
using GpuTty.Host;

namespace GpuTty.Diagnosis;

/// <summary>Everything that is found about a machine besides the checks of a switch.</summary>
public static class Findings
{
    /// <summary>Problems first, what is as it should be last; among these in the order in which they meet a switch.</summary>
    public static ImmutableArray<Finding> Of(HostSnapshot host) =>
        [.. Leftovers.Of(host)
            .Concat(WedgedFindings.Of(host))
            .Concat(MachineFindings.Of(host))
            .OrderByDescending(finding => finding.Group == FindingGroup.Problem)
            .ThenBy(finding => finding.Group == FindingGroup.Ok)
            .ThenBy(finding => finding.Effect)];
}
