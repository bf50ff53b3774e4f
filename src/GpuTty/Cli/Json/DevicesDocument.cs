using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Json;

internal sealed record DevicesDocument(int Schema, IReadOnlyList<DeviceFields> Devices, IReadOnlyList<UnknownFields> Unknowns)
{
    public static DevicesDocument Of(HostSnapshot host, IEnumerable<PciDevice> devices) =>
        new(JsonText.Schema, [.. devices.Select(device => DeviceFields.Of(host, device))], UnknownFields.Of(host));
}

internal sealed record DeviceFields(
    string Address, string Id, string Name, string Class, string ClassName, string? Driver, string? DriverOverride, int? IommuGroup,
    string? Card, bool? BootVga, bool DrawsConsole, bool IsBridge, string? PowerState, IReadOnlyList<string> ResetMethods, IReadOnlyList<string> Marks)
{
    public static DeviceFields Of(HostSnapshot host, PciDevice device) => new(
        device.Address.ToString(), device.Id.ToString(), device.Name, device.Class.ToString(), device.Class.Name,
        device.Driver, device.DriverOverride, device.IommuGroup,
        Host.Pci.Card.FindAt(host, device.Address)?.Address.ToString(), device.IsBootVga, host.Console.Shown?.Device == device.Address,
        device.IsBridge, device.PowerState, device.ResetMethods, [.. DeviceMarks.Of(host, device)]);
}

/// <summary>What could not be told; in every document, so that an empty list is never taken for a fact.</summary>
internal sealed record UnknownFields(string Fact, string Reason)
{
    public static IReadOnlyList<UnknownFields> Of(HostSnapshot host) => [.. host.Unknowns.Select(unknown => new UnknownFields(unknown.Fact, unknown.Reason))];
}
