using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GpuTty.Host;
using GpuTty.Tui;

namespace GpuTty.Tests;

/// <summary>Rules that the compiler does not know.</summary>
public sealed class HouseTests
{
    /// <summary>ToString of such a record calls itself until the stack is full, and a failing assertion takes the test run down with it.</summary>
    [Fact]
    public void No_record_has_a_property_of_its_own_type()
    {
        var recursive = new[] { typeof(HostSnapshot).Assembly, typeof(Model).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(IsPrintedWithItsProperties)
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.PropertyType == type))
            .Select(property => $"{property.DeclaringType}.{property.Name}");
        Assert.Empty(recursive);
    }

    /// <summary>The compiler keeps Core from the world; within each project nobody knows who comes after him.</summary>
    [Theory]
    [InlineData("GpuTty.Core/Host", "Steps", "Planning", "Switching")]
    [InlineData("GpuTty.Core/Steps", "Planning", "Switching")]
    [InlineData("GpuTty.Core/Planning", "Switching")]
    [InlineData("GpuTty/Tui", "Linux", "Simulation", "Cli")]
    [InlineData("GpuTty/Cli", "Linux", "Simulation", "Tui")]
    [InlineData("GpuTty/Linux", "Tui", "Cli", "Simulation")]
    [InlineData("GpuTty/Simulation", "Tui", "Cli", "Linux")]
    public void A_part_knows_only_those_before_it(string part, params string[] after)
    {
        var source = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "src", part);
        var files = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(from file in files
                     from line in File.ReadLines(file)
                     where after.Any(other => line.Contains($"using GpuTty.{other}", StringComparison.Ordinal) || line.Contains($"using static GpuTty.{other}", StringComparison.Ordinal))
                     select $"{Path.GetFileName(file)}: {line}");
    }

    /// <summary>The native program has no other; with it the tests would find a type that nothing was generated for, and the program would not.</summary>
    [Fact]
    public void Json_is_read_and_written_by_generated_code_only() => Assert.False(JsonSerializer.IsReflectionEnabledByDefault);

    private static string Here([CallerFilePath] string file = "") => file;

    private static bool IsPrintedWithItsProperties(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null
        && type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, []) is { } written
        && written.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;
}
