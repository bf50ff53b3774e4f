using System.Runtime.CompilerServices;
using System.Text.Json;
using GpuTty.Cli.Json;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Tests.Formats;

/// <summary>The closed lists of the documents, told by the serializer itself and by the cases that there are.</summary>
internal static class ManualValues
{
    public static string[] Values(Type type) =>
        [.. type.GetEnumValues()
            .Cast<object>()
            .Select(value => JsonSerializer.SerializeToElement(value, JsonContext.Default.GetTypeInfo(type)!).GetString()!)];

    /// <summary>An obstacle cannot be without a code; what a code is does not depend on its case's facts.</summary>
    public static string[] Obstacles { get; } = [.. Cases(typeof(Obstacle)).Select(type =>
        ((Obstacle)RuntimeHelpers.GetUninitializedObject(type)).Code)];

    public static string[] Steps { get; } = [.. Cases(typeof(Step)).Select(type =>
        ((Step)RuntimeHelpers.GetUninitializedObject(type)).Code())];

    private static IEnumerable<Type> Cases(Type family) =>
        family.Assembly.GetTypes().Where(type => type.IsSubclassOf(family) && !type.IsAbstract);
}
