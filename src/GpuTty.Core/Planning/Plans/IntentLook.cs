using GpuTty.Host;

namespace GpuTty.Planning.Plans;

/// <summary>Looks at what few plans are made from, and only for those.</summary>
public static class IntentLook
{
    /// <returns>The same look, with what a plan for the intent is made from besides <see cref="SnapshotSections.All"/>.</returns>
    public static async Task<HostSnapshot> WithNeedsOfAsync(
        this IHostReader reader, SwitchIntent intent, HostSnapshot host, CancellationToken cancel) =>
        intent.Needs == SnapshotSections.None || host.TunableSettings is not null ? host
        : host with { TunableSettings = (await reader.ReadAsync(intent.Needs, host, cancel)).TunableSettings };
}
