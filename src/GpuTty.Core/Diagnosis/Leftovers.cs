using System.Collections.Immutable;
using GpuTty.Host;

namespace GpuTty.Diagnosis;

/// <summary>What attempts before gputty have left on a machine, explained, each with what undoes it. Nothing is changed.</summary>
public static class Leftovers
{
    /// <summary>Needs <see cref="HostSnapshot.SystemSettings"/>; without it nothing is told.</summary>
    public static ImmutableArray<Finding> Of(HostSnapshot host)
    {
        if (host.SystemSettings is not { } configuration) return [];
        ImmutableArray<Finding> all =
        [
            .. DeviceLeftovers.Of(host, configuration),
            .. ModuleLeftovers.Of(host, configuration),
            .. ParameterLeftovers.Of(host, configuration),
            .. HookLeftovers.Of(configuration),
            .. UdevLeftovers.Of(configuration),
            .. UnitLeftovers.Of(host, configuration),
            .. DesktopLeftovers.Of(host, configuration),
            .. ToolLeftovers.Of(host, configuration),
            .. BootLeftovers.Of(host, configuration),
            .. CommandLineFindings.Of(host, configuration),
        ];
        ImmutableArray<Finding> found = [.. Undo.WithoutEmptyFiles(all), .. InitramfsFindings.Of(host, configuration, all)];
        var none = found.All(finding => finding.Group == FindingGroup.Ok)
            && !host.Unknowns.Any(unknown =>
                unknown.Code is UnknownFact.SystemSettings or UnknownFact.ModuleSettings or UnknownFact.OtherPrograms)
            ? [new Finding(
                DiagnosisCode.NoLeftovers,
                FindingGroup.Ok,
                SwitchEffect.Never,
                "No leftovers of other recipes were found.",
                "Nothing to do.",
                null,
                null)]
            : ImmutableArray<Finding>.Empty;
        return [.. found, .. none];
    }
}
