using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Cli.Json;

/// <summary>A machine in a report: what was seen of it, and its last switches. Configuration files are not in it.</summary>
/// <param name="Schema">Raised when an older program could no longer read it.</param>
/// <param name="Version">Of the program that wrote it.</param>
/// <param name="JournalProblem">Why the journal could not be read there; null where it could.</param>
internal sealed record ReportedMachine(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("machine")] HostSnapshot Machine,
    [property: JsonPropertyName("last_run")] ImmutableArray<RunEvent> LastRun,
    [property: JsonPropertyName("last_begun")] ImmutableArray<RunEvent> LastBegun,
    [property: JsonPropertyName("unfinished")] ImmutableArray<ImmutableArray<RunEvent>> Unfinished,
    [property: JsonPropertyName("journal_problem")] string? JournalProblem)
{
    /// <summary>What the doctor has found there: it reads files that are not in a report. Null in older reports.</summary>
    [JsonPropertyName("findings")] public ImmutableArray<FindingFields>? Findings { get; init; }

    public const string FileName = "machine.json";
    public const int Newest = 1;

    public static ReportedMachine Of(CommandContext world, HostSnapshot host)
    {
        try
        {
            var service = world.SwitchService();
            return new(
                Newest,
                CommandLine.Version,
                host,
                service.LastRun(),
                service.LastBegun(),
                service.Unfinished(),
                world.JournalProblem())
            {
                Findings = FindingsOf(host),
            };
        }
        catch (HostException unreadable)
        {
            return new(Newest, CommandLine.Version, host, [], [], [], unreadable.Message) { Findings = FindingsOf(host) };
        }
    }

    /// <summary>As the doctor said it there. They can be read, and nothing can be put right by them.</summary>
    public ImmutableArray<Finding> FindingsThere() =>
        Findings is { } kept ? [.. kept.Select(finding => finding.Finding())] : GpuTty.Diagnosis.Findings.Of(Machine);

    private static ImmutableArray<FindingFields> FindingsOf(HostSnapshot host) =>
        [.. GpuTty.Diagnosis.Findings.Of(host).Select(FindingFields.Of)];

    public string Text() => JsonSerializer.Serialize(this, ReportJson.Default.ReportedMachine);
}

/// <summary>What somebody has edited may be anything: it comes out as visible text or not at all.</summary>
internal sealed class InertStrings : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? Visible.Text(text) : null;
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Visible.Text(value));
}

/// <summary>Names stay: reports are read by other versions.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 64,
    Converters = [typeof(PciAddressConverter), typeof(InertStrings)])]
[JsonSerializable(typeof(ReportedMachine))]
internal sealed partial class ReportJson : JsonSerializerContext;
