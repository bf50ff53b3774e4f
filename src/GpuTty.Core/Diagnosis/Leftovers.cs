using System.Collections.Immutable;
using GpuTty.Host;

namespace GpuTty.Diagnosis;

/// <summary>What attempts before gputty have left on a machine, explained, each with what undoes it. Nothing is changed.</summary>
public static class Leftovers
{
    /// <summary>Needs <see cref="HostSnapshot.SettingsFiles"/>; without it nothing is told.</summary>
    public static ImmutableArray<Finding> Of(HostSnapshot host)
    {
        if (host.SettingsFiles is not { } settings) return [];
        ImmutableArray<Finding> all =
        [
            .. DeviceLeftovers.Of(host, settings),
            .. ModuleLeftovers.Of(host, settings),
            .. ParameterLeftovers.Of(host, settings),
            .. HookLeftovers.Of(host, settings),
            .. UdevLeftovers.Of(host, settings),
            .. UnitLeftovers.Of(host, settings),
            .. DesktopLeftovers.Of(host, settings),
            .. ToolLeftovers.Of(host, settings),
            .. BootLeftovers.Of(host, settings),
            .. CommandLineFindings.Of(host, settings),
        ];
        ImmutableArray<Finding> found = [.. LeftoverRemoval.WithoutEmptyFiles(all), .. InitramfsFindings.Of(host, settings, all)];
        if (NixSettings.AreOf(settings)) found = [.. found.Select(NixSettings.Told)];
        var none = found.All(finding => finding.Group == FindingGroup.Ok)
            && !host.Unknowns.Any(unknown =>
                unknown.Code is UnknownFact.SettingsFiles or UnknownFact.ModuleSettings or UnknownFact.OtherPrograms)
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
