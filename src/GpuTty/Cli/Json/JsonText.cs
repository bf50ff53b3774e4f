using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Text;

namespace GpuTty.Cli.Json;

/// <summary>The documents of --json. Every field and value has a name of
/// its own, which stays and is in gputty(1); fields may be added.</summary>
internal static class JsonText
{
    /// <summary>The number in every document: raised when a field changes its meaning or goes away.</summary>
    public const int Schema = 2;

    private static readonly JsonContext s_oneLine = new(new JsonSerializerOptions(JsonContext.Default.Options) { WriteIndented = false });

    public static void Print<T>(TextWriter writer, T document, Func<JsonContext, JsonTypeInfo<T>> type) =>
        writer.WriteLine(JsonSerializer.Serialize(document, type(JsonContext.Default)));

    /// <summary>One object a line, for what goes on for a while.</summary>
    public static void PrintLine<T>(TextWriter writer, T document, Func<JsonContext, JsonTypeInfo<T>> type)
    {
        writer.WriteLine(JsonSerializer.Serialize(document, type(s_oneLine)));
        writer.Flush();
    }
}

/// <summary>Names from the machine are made visible here too: `jq -r` prints them to a terminal.</summary>
internal sealed class VisibleStrings : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Visible.Text(value));
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    Converters = [typeof(VisibleStrings), typeof(DirectionWord), typeof(OwnerWord), typeof(DesktopImpactWord), typeof(RiskWord)])]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(DevicesDocument))]
[JsonSerializable(typeof(GroupsDocument))]
[JsonSerializable(typeof(HoldersDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(FixDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(RefusalDocument))]
[JsonSerializable(typeof(KeepOffDocument))]
[JsonSerializable(typeof(PinDocument))]
[JsonSerializable(typeof(MachinesDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(HookDocument))]
[JsonSerializable(typeof(HookCheckDocument))]
[JsonSerializable(typeof(GuestXmlDocument))]
[JsonSerializable(typeof(GuestQemuDocument))]
[JsonSerializable(typeof(RomDocument))]
[JsonSerializable(typeof(BootDocument))]
internal sealed partial class JsonContext : JsonSerializerContext;
