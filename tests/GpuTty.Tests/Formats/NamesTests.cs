using System.Reflection;
using System.Text.Json.Serialization;
using GpuTty.Cli.Json;
using GpuTty.Linux.State;

namespace GpuTty.Tests.Formats;

/// <summary>No name of the code is a name in a file or a document: a rename
/// would break an undo across an upgrade, or somebody's script.</summary>
public sealed class NamesTests
{
    [Fact]
    public void Every_property_that_is_written_has_a_name_of_its_own()
    {
        var written = WrittenTypes.Contexts.SelectMany(WrittenTypes.Of)
            .SelectMany(type => WrittenTypes.Properties(type).Select(property => (Type: type.Type, Property: property))).ToList();
        Assert.True(written.Count > 150, $"Only {written.Count} properties were found.");
        Assert.Empty(written
            .Where(one =>
                one.Property.AttributeProvider?.GetCustomAttributes(
                    typeof(JsonPropertyNameAttribute), true) is not [JsonPropertyNameAttribute, ..])
            .Select(one => $"{one.Type.Name}.{one.Property.Name}"));
    }

    [Fact]
    public void Every_value_that_is_written_has_a_name_of_its_own()
    {
        var enums = WrittenTypes.Contexts
            .SelectMany(WrittenTypes.Of)
            .Select(type => WrittenTypes.EnumOf(type.Type))
            .OfType<Type>()
            .Distinct()
            .ToList();
        Assert.True(enums.Count > 20, $"Only {enums.Count} enums were found.");
        Assert.Empty(enums.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(member => member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>() is null)
            .Select(member => $"{member.DeclaringType!.Name}.{member.Name}"));
    }

    [Fact]
    public void Every_case_of_a_family_has_a_name_of_its_own()
    {
        var families = WrittenTypes.Contexts
            .SelectMany(WrittenTypes.Of)
            .Where(type => type.Type.IsAbstract && type.Kind == System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
            .ToList();
        Assert.Equal(["RunEvent", "RunRequest", "Step"], families.Select(type => type.Type.Name).Distinct().Order());
        foreach (var family in families)
        {
            var cases = family.PolymorphismOptions!.DerivedTypes;
            Assert.All(cases, one => Assert.Matches("^[a-z]+(-[a-z]+)*$", Assert.IsType<string>(one.TypeDiscriminator)));
            Assert.Equal(
                family.Type.Assembly
                    .GetTypes()
                    .Where(type => type.IsSubclassOf(family.Type) && !type.IsAbstract)
                    .Select(type => type.Name)
                    .Order(),
                cases.Select(one => one.DerivedType.Name).Order());
        }
    }

    /// <summary>A name that follows from a rule would follow the code.</summary>
    [Fact]
    public void No_rule_makes_names() =>
        Assert.All(WrittenTypes.Contexts, context => Assert.Null(context.Options.PropertyNamingPolicy));

    [Fact]
    public void Words_for_scripts_are_lower_case_with_dashes_and_fields_with_underscores()
    {
        foreach (var type in WrittenTypes.Of(JsonContext.Default))
        {
            Assert.All(WrittenTypes.Properties(type), property => Assert.Matches("^[a-z]+(_[a-z]+)*$", property.Name));
            if (type.Type.IsEnum) Assert.All(ManualValues.Values(type.Type), value => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", value));
        }
        Assert.NotEmpty(WrittenTypes.Of(StateJson.Default));
    }
}
