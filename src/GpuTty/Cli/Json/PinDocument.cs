using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Json;

internal sealed record PinDocument(int Schema, IReadOnlyList<PinFields> Pins, IReadOnlyList<BehindSeatFields> BehindTheSeat)
{
    public static PinDocument Of(HostSnapshot host) => new(JsonText.Schema, [.. host.Pinned.Select(PinFields.Of)],
        [.. Card.FindAll(host).SelectMany(card => Planning.Desktop.BehindTheSeat.Of(host, card).Select(holder => new BehindSeatFields(card.Address.ToString(), holder.Pid, holder.Name)))]);
}

/// <param name="Unit">Null for everything that users' managers start.</param>
internal sealed record PinFields(string Path, string? Unit, bool Permanent, IReadOnlyList<string> Egl, IReadOnlyList<string> Vulkan)
{
    public static PinFields Of(DesktopPin pin) =>
        new($"/{pin.Path}", pin.Unit, pin.IsPermanent, pin.Egl.Split(':', StringSplitOptions.RemoveEmptyEntries), pin.Vulkan.Split(':', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A compositor that has the card's driver open although it draws on another card.</summary>
internal sealed record BehindSeatFields(string Card, int Pid, string Name);
