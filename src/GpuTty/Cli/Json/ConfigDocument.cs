using System.Text.Json.Serialization;
using GpuTty.Host.Settings;

namespace GpuTty.Cli.Json;

internal sealed record ConfigDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("values")] IReadOnlyList<ConfiguredFields> Values,
    [property: JsonPropertyName("problems")] IReadOnlyList<ConfigurationProblemFields> Problems,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    /// <param name="problems">Those of the files, and those that the machine shows.</param>
    public static ConfigDocument Of(Configuration configured, IEnumerable<ConfigurationProblem> problems) =>
        new(JsonText.Schema, [.. configured.Values.Select(ConfiguredFields.Of)], [.. problems.Select(ConfigurationProblemFields.Of)], []);
}

internal sealed record ConfiguredFields(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("source")] ConfigurationSource Source,
    [property: JsonPropertyName("file")] string? File,
    [property: JsonPropertyName("line")] int? Line,
    [property: JsonPropertyName("written")] string? Written)
{
    public static ConfiguredFields Of(ConfiguredValue value) =>
        new(value.Key.Name, value.Value, value.Source, value.Path, value.Line, value.Written);
}

internal sealed record ConfigurationProblemFields(
    [property: JsonPropertyName("where")] string Where,
    [property: JsonPropertyName("is_error")] bool IsError,
    [property: JsonPropertyName("problem")] string Problem,
    [property: JsonPropertyName("remedy")] string Remedy)
{
    public static ConfigurationProblemFields Of(ConfigurationProblem problem) =>
        new(problem.Where, problem.IsError, problem.Problem, problem.Remedy);
}
