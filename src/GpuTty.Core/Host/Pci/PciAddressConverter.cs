using System.Text.Json;

namespace GpuTty.Host.Pci;

/// <summary>Addresses as people know them: <c>"0000:01:00.0"</c>.</summary>
public sealed class PciAddressConverter : JsonConverter<PciAddress>
{
    public override PciAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PciAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("not a PCI address");

    public override void Write(Utf8JsonWriter writer, PciAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
