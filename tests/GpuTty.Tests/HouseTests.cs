using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using GpuTty.Host;
using GpuTty.Tui;

namespace GpuTty.Tests;

/// <summary>Rules that the compiler does not know.</summary>
public sealed class HouseTests
{
    private static readonly Architecture s_program = new ArchLoader()
        .LoadAssemblies(typeof(HostSnapshot).Assembly, typeof(Model).Assembly)
        .Build();

    /// <summary>ToString of such a record calls itself until the stack is full,
    /// and a failing assertion takes the test run down with it.</summary>
    [Fact]
    public void No_record_has_a_property_of_its_own_type()
    {
        var recursive = new[] { typeof(HostSnapshot).Assembly, typeof(Model).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(IsPrintedWithItsProperties)
            .SelectMany(type =>
                type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property =>
                property.PropertyType == type))
            .Select(property => $"{property.DeclaringType}.{property.Name}");
        Assert.Empty(recursive);
    }

    /// <summary>Every layer and what it may know besides itself. The types as compiled
    /// are looked at, so a qualified name counts like a using line.</summary>
    [Theory]
    [InlineData("Text")]
    [InlineData("Host", "Text")]
    [InlineData("Steps", "Text", "Host")]
    [InlineData("Planning", "Text", "Host", "Steps")]
    [InlineData("Switching", "Text", "Host", "Steps", "Planning")]
    [InlineData("Diagnosis", "Text", "Host", "Planning")]
    [InlineData("Interop", "Text")]
    [InlineData("Linux", "Text", "Host", "Steps", "Planning", "Switching", "Interop")]
    [InlineData("Simulation", "Text", "Host", "Steps", "Planning", "Switching")]
    [InlineData("Terminal", "Text", "Interop")]
    [InlineData("Tui.Pictures", "Text", "Terminal")]
    [InlineData("Tui.Panels", "Text", "Host", "Steps", "Planning", "Switching", "Terminal", "Tui.Pictures")]
    [InlineData("Tui", "Text", "Host", "Steps", "Planning", "Switching", "Terminal", "Diagnosis")]
    [InlineData("Cli", "Text", "Host", "Steps", "Planning", "Switching", "Diagnosis")]
    public void A_layer_knows_only_those_below_it(string layer, params string[] below)
    {
        var types = s_program.Types.Where(type => IsIn(type, layer)).ToList();
        Assert.NotEmpty(types);
        Assert.Empty(from type in types
                     from known in type.GetTypeDependencies()
                     where known.FullName.StartsWith("GpuTty.", StringComparison.Ordinal)
                         && !IsIn(known, layer)
                         && !below.Any(other => IsIn(known, other))
                     select $"{type.FullName} knows {known.FullName}");
    }

    /// <summary>The native program has no other; with it the tests would find a
    /// type that nothing was generated for, and the program would not.</summary>
    [Fact]
    public void Json_is_read_and_written_by_generated_code_only() => Assert.False(JsonSerializer.IsReflectionEnabledByDefault);

    /// <summary>Nothing is in no layer but where everything is put together.</summary>
    [Fact]
    public void Every_type_is_in_a_layer()
    {
        string[] layers = [.. typeof(HouseTests).GetMethod(nameof(A_layer_knows_only_those_below_it))!
            .GetCustomAttributes<InlineDataAttribute>()
            .Select(row => (string)row.GetData(null!).Single()[0])];
        Assert.Equal(
            ["GpuTty.CallerEnvironment", "GpuTty.DemoParts", "GpuTty.Program", "GpuTty.RealMachine", "GpuTty.ScreenProgram"],
            from type in s_program.Types
            where type.FullName.StartsWith("GpuTty.", StringComparison.Ordinal)
                && !type.FullName.Contains('+', StringComparison.Ordinal)
                && !layers.Any(layer => IsIn(type, layer))
            orderby type.FullName
            select type.FullName);
    }

    [Fact]
    public void Each_name_is_one_type() =>
        Assert.Empty(from type in s_program.Types
                     where type.FullName.StartsWith("GpuTty.", StringComparison.Ordinal)
                         && !type.FullName.Contains('+', StringComparison.Ordinal)
                     group type.FullName by type.Name into same
                     where same.Count() > 1
                     select string.Join(", ", same));

    private static bool IsIn(IType type, string layer) =>
        $"{type.Namespace.FullName}.".StartsWith($"GpuTty.{layer}.", StringComparison.Ordinal);

    private static bool IsPrintedWithItsProperties(System.Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null
        && type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, []) is { } written
        && written.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;
}
