using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// Functions outside the card that have no driver and would get one with a module that is loaded
/// for the card: a driver that registers takes every function without a driver that it matches
/// (drivers/base/dd.c, driver_attach). An override that names no driver keeps them as they are.
/// </summary>
/// <param name="Functions">Their overrides name no driver for the time of the switch.</param>
internal readonly record struct StaysDriverless(ImmutableArray<PciAddress> Functions)
{
    /// <param name="modules">What is loaded, on the way or on the way back.</param>
    public static StaysDriverless While(HostSnapshot host, Card card, IEnumerable<string> modules)
    {
        var loaded = modules.ToHashSet();
        return new([.. host.Devices
            .Where(device => device is { Driver: null, DriverOverride: null, IsBridge: false } && !card.Contains(device.Address)
                && device.CandidateModules.Concat(device.BarredModules.Select(rule => rule.Module)).Any(loaded.Contains))
            .Select(device => device.Address)]);
    }

    public IEnumerable<Step> Before => Functions.Select(function => new SetDriverOverride(function, null, PlaceholderDrivers.NoDriver));
    public IEnumerable<Step> After => Functions.Select(function => new SetDriverOverride(function, PlaceholderDrivers.NoDriver, null));
}
