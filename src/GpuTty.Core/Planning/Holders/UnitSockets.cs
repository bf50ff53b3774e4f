using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Steps;

namespace GpuTty.Planning.Holders;

/// <summary>
/// Sockets that start a service again as soon as somebody connects (systemd.socket(5)): they are stopped before it, and started again
/// before it, as PipeWire's, which every program with sound connects to.
/// </summary>
internal static class UnitSockets
{
    /// <summary>Those that listen now.</summary>
    public static ImmutableArray<UnitName> Of(HostSnapshot host, UnitName unit) =>
    [
        .. (host.FindUnit(unit)?.Traits?.Sockets ?? [])
            .Select(socket => new UnitName(socket, unit.Uid))
            .Where(socket => host.FindUnit(socket)?.IsActive == true),
    ];

    /// <param name="within">How long the service may take; null for as long as most.</param>
    public static IEnumerable<Step> Stop(IEnumerable<UnitName> sockets, UnitName unit, string why, TimeSpan? within) =>
        sockets.Select(socket => new StopUnit(socket, $"it would start {unit.Name} again"))
            .Append(new StopUnit(unit, why) { Within = within });

    public static IEnumerable<Step> Start(IEnumerable<UnitName> sockets, UnitName unit) =>
        sockets.Append(unit).Select(one => new StartUnit(one, "it was running"));
}
