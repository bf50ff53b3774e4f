using System.Reflection;
using System.Runtime.CompilerServices;
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

    private static bool IsPrintedWithItsProperties(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null
        && type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, []) is { } written
        && written.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;
}
