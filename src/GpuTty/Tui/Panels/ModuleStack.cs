using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning;

namespace GpuTty.Tui.Panels;

/// <summary>The modules that a card's display driver stands on, in the order in which they could be unloaded.</summary>
internal static class ModuleStack
{
    public static ImmutableArray<KernelModule> Of(HostSnapshot host, Card card) =>
    [
        .. card.Functions.Select(function => DriverRelease.Of(host, card, function)).OfType<DriverRelease.Unload>()
            .SelectMany(release => release.Stack).Distinct().Select(host.FindModule).OfType<KernelModule>(),
    ];

    public static HolderPlan Holders(HostSnapshot host, Card card) =>
        HolderPlan.For(host, card, [.. Of(host, card).Select(module => module.Name)]);
}
