using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;

namespace GpuTty.Cli.Json;

internal sealed record DevicesDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("devices")] IReadOnlyList<DeviceFields> Devices,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static DevicesDocument Of(HostSnapshot host, IEnumerable<PciDevice> devices) =>
        new(JsonText.Schema, [.. devices.Select(device => DeviceFields.Of(host, device))], UnknownFields.Of(host));
}

internal sealed record DeviceFields(
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("class")] string Class,
    [property: JsonPropertyName("class_name")] string ClassName,
    [property: JsonPropertyName("driver")] string? Driver,
    [property: JsonPropertyName("driver_override")] string? DriverOverride,
    [property: JsonPropertyName("iommu_group")] int? IommuGroup,
    [property: JsonPropertyName("card")] string? Card,
    [property: JsonPropertyName("boot_vga")] bool? BootVga,
    [property: JsonPropertyName("draws_console")] bool DrawsConsole,
    [property: JsonPropertyName("is_bridge")] bool IsBridge,
    [property: JsonPropertyName("power_state")] string? PowerState,
    [property: JsonPropertyName("reset_methods")] IReadOnlyList<string> ResetMethods,
    [property: JsonPropertyName("marks")] IReadOnlyList<MarkFields> Marks)
{
    public static DeviceFields Of(HostSnapshot host, PciDevice device) => new(
        device.Address.ToString(),
        device.Id.ToString(),
        device.Name,
        device.Class.ToString(),
        device.Class.Name,
        device.Driver,
        device.DriverOverride,
        device.IommuGroup,
        Host.Pci.Card.FindAt(host, device.Address)?.Address.ToString(),
        device.IsBootVga,
        host.Console.Shown?.Device == device.Address,
        device.IsBridge,
        device.PowerState,
        device.ResetMethods,
        [.. DeviceMarks.Of(host, device).Select(mark => new MarkFields(mark.Code, mark.Text))]);
}

internal sealed record MarkFields(
    [property: JsonPropertyName("code")] DeviceMarkCode Code,
    [property: JsonPropertyName("text")] string Text);
