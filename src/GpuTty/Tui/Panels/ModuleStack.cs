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

    /// <summary>Modules that stay loaded, because another device needs them or because nothing is won by unloading them.</summary>
    public static ImmutableArray<KernelModule> Staying(HostSnapshot host, Card card, Func<PciDevice, bool> of) =>
    [
        .. card.Functions.Where(of).Select(function => DriverRelease.Of(host, card, function)).OfType<DriverRelease.Unbind>()
            .Select(release => release.Module is { } module ? host.FindModule(module) : null).OfType<KernelModule>().Distinct(),
    ];

    public static HolderPlan Holders(HostSnapshot host, Card card) =>
        HolderPlan.For(host, card, [.. Of(host, card).Select(module => module.Name)]);
}
