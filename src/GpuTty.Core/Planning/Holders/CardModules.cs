using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning.Holders;

/// <summary>The modules that a card's drivers stand on.</summary>
public static class CardModules
{
    /// <summary>What is unloaded for the card, dependents first.</summary>
    public static ImmutableArray<KernelModule> Of(HostSnapshot host, Card card) =>
    [
        .. card.Functions.Select(function => DriverRelease.Of(host, card, function)).OfType<DriverRelease.Unload>()
            .SelectMany(release => release.Stack).Distinct().Select(host.FindModule).OfType<KernelModule>(),
    ];

    /// <summary>What stays loaded, because another device needs it or because nothing is won by unloading it.</summary>
    public static ImmutableArray<KernelModule> Staying(HostSnapshot host, Card card) =>
    [
        .. card.Functions.Select(function => DriverRelease.Of(host, card, function)).OfType<DriverRelease.Unbind>()
            .Select(release => release.Module is { } module ? host.FindModule(module) : null).OfType<KernelModule>().Distinct(),
    ];

    /// <summary>One account for each module that has to let go of the card, in unload order.</summary>
    public static ImmutableArray<ModuleRefcountBreakdown> Accounts(HostSnapshot host, Card card) =>
        [.. Of(host, card).Concat(Staying(host, card)).Distinct().Select(module => ModuleRefcountBreakdown.Of(host, module))];
}
