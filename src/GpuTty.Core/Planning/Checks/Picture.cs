using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>Which cards people see something on. Cards for computing and
/// virtual functions draw nothing, so nothing is lost with them.</summary>
public static class Picture
{
    /// <summary>A monitor can be plugged into it.</summary>
    public static bool CanBeOn(Card card) =>
        !card.IsVirtual && card.Functions.Any(function => function.IsGraphics && (function.Class.IsVga || function.Connectors.Length > 0));

    /// <summary>Something may be seen on it now: it is the primary card, draws
    /// the consoles, or a host driver has it and it has sockets.</summary>
    public static bool IsOn(HostSnapshot host, Card card) => !card.IsVirtual
        && (card.Functions.Any(function => function.IsBootVga == true || (function.Class.IsVga && function.IsBootVga is null))
            || host.Console.Framebuffers.Any(buffer => buffer.Device is { } device && card.Contains(device))
            || (CanBeOn(card) && card.Display is { Driver: not null, IsOnVfio: false }));

    /// <summary>Nothing else could show the desktop and the consoles while it is away.</summary>
    public static bool IsOnlyOn(HostSnapshot host, Card card) => IsOn(host, card) && SwitchChecks.Others(host, card).IsEmpty;
}
