using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Cli.Json;
using GpuTty.Linux.State;

namespace GpuTty.Tests.Formats;

/// <summary>Everything that is written outside, as the generated serializers know it.</summary>
internal static class WrittenTypes
{
    /// <summary>Files of the program, and the documents of --json.</summary>
    public static JsonSerializerContext[] Contexts { get; } = [StateJson.Default, JsonContext.Default, ReportJson.Default];

    public static IEnumerable<JsonTypeInfo> Of(JsonSerializerContext context) =>
        context.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
            .Select(property => (JsonTypeInfo)property.GetValue(context)!);

    /// <summary>Properties that are written; what only the code reads is not.</summary>
    public static IEnumerable<JsonPropertyInfo> Properties(JsonTypeInfo type) => type.Kind != JsonTypeInfoKind.Object ? []
        : type.Properties.Where(property =>
            property.Get is not null
            && !(type.Options.IgnoreReadOnlyProperties && property.AttributeProvider is PropertyInfo { SetMethod: null })
            && property.AttributeProvider?.GetCustomAttributes(
                typeof(JsonIgnoreAttribute), true) is not [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }, ..]);

    /// <summary>The enum behind a value that is written, also where it may be null; null for all others.</summary>
    public static Type? EnumOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } found ? found : null;
}
