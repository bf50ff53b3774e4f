using System.Reflection;
using System.Text.RegularExpressions;

namespace GpuTty.Tests;

/// <summary>Holds <see cref="Matrix"/> to its word.</summary>
public sealed partial class MatrixTests
{
    private static readonly string[] s_ids =
    [
        .. Enumerable.Range(1, 36).Select(n => $"M{n}"), .. Enumerable.Range(1, 10).Select(n => $"L{n}"), .. Enumerable.Range(1, 8).Select(n => $"H{n}"),
        .. Enumerable.Range(1, 4).Select(n => $"O{n}"), "K1", .. Enumerable.Range(1, 5).Select(n => $"D{n}"),
    ];

    [Fact]
    public void Every_failure_is_listed_once_and_in_order() => Assert.Equal(s_ids, Matrix.Cases.Select(each => each.Id));

    [Fact]
    public void Every_failure_has_a_test_or_a_reason_and_not_both()
    {
        var all = Here().Concat(LabTests().Select(test => $"lab {test}")).ToList();
        foreach (var each in Matrix.Cases)
        {
            var numbered = all.Count(test => Numbers(test).Contains(each.Id));
            Assert.True((numbered + each.Tests.Length > 0) != (each.WhyNot is { Length: > 20 }), $"{each.Id}, {each.What}: {numbered + each.Tests.Length} tests, {each.WhyNot ?? "no reason"}");
        }
    }

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var all = Here().Concat(LabTests().Select(test => $"lab {test}")).ToHashSet();
        Assert.All(Matrix.Cases.SelectMany(each => each.Tests), test => Assert.Contains(test, all));
    }

    [Fact]
    public void Every_number_in_the_name_of_a_test_is_one_of_the_matrix() =>
        Assert.Empty(Here().Concat(LabTests()).SelectMany(Numbers).Except(s_ids));

    private static IEnumerable<string> Here() =>
        from type in typeof(MatrixTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        where method.GetCustomAttribute<FactAttribute>() is not null
        select $"{type.Name}.{method.Name}";

    /// <summary>M1, M2 and M36 of <c>KillDrill.M1_M2_M36_killed_...</c>.</summary>
    private static IEnumerable<string> Numbers(string test) =>
        test[(test.LastIndexOf('.') + 1)..].Split('_').TakeWhile(word => Number().IsMatch(word));

    /// <summary>The names of the lab's tests, from its source; empty where that is not beside us.</summary>
    private static HashSet<string> LabTests()
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../lab/Scenarios"));
        return !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder, "*.cs").SelectMany(file => LabTest().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}"))];
    }

    [GeneratedRegex("^[MLHOKD][0-9]+$")]
    private static partial Regex Number();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex LabTest();
}
