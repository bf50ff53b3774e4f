using System.Text.Json.Serialization;

namespace GpuTty.Cli.Json;

/// <summary>The simulated machines; nothing of them can be unknown.</summary>
internal sealed record MachinesDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("machines")] IReadOnlyList<MachineFields> Machines,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static MachinesDocument Of(IEnumerable<NamedMachine> machines) =>
        new(JsonText.Schema, [.. machines.Select(machine => new MachineFields(machine.Name, machine.What))], []);
}

internal sealed record MachineFields(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description);
