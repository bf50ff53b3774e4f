using System.Reflection;
using System.Text.RegularExpressions;

namespace GpuTty.Tests;

/// <summary>Holds <see cref="Matrix"/> to its word.</summary>
public sealed partial class MatrixTests
{
    private const string Lab = "lab ";

    private static readonly string[] s_ids =
    [
        .. Enumerable.Range(1, 36).Select(n => $"M{n}"),
        .. Enumerable.Range(1, 10).Select(n => $"L{n}"),
        .. Enumerable.Range(1, 8).Select(n => $"H{n}"),
        .. Enumerable.Range(1, 4).Select(n => $"O{n}"),
        "K1",
        .. Enumerable.Range(1, 5).Select(n => $"D{n}"),
    ];

    [Fact]
    public void Every_failure_is_listed_once_and_in_order() => Assert.Equal(s_ids, Matrix.Cases.Select(each => each.Id));

    [Fact]
    public void Every_failure_has_a_test_or_a_reason_and_not_both()
    {
        var all = All(drafts: false).ToList();
        foreach (var each in Matrix.Cases)
        {
            var numbered = all.Count(test => Numbers(test).Contains(each.Id));
            Assert.True(
                (numbered + each.Tests.Length > 0) != (each.WhyNot is { Length: > 20 }),
                $"{each.Id}, {each.What}: {numbered + each.Tests.Length} tests, {each.WhyNot ?? "no reason"}");
            Assert.True(
                each.Except is null || (each.WhyNot is null && each.Except.Length > 20),
                $"{each.Id}: what is left out needs a reason");
        }
    }

    /// <summary>A draft of the lab was not seen to pass yet, so it proves nothing.</summary>
    [Fact]
    public void Every_test_that_is_named_is_there_and_is_no_draft()
    {
        var all = All(drafts: false).ToHashSet();
        Assert.All(Matrix.Cases.SelectMany(each => each.Tests), test => Assert.Contains(test, all));
    }

    [Fact]
    public void Every_test_of_this_suite_that_is_named_carries_the_number() =>
        Assert.All(
            Matrix.Cases,
            each => Assert.All(
                each.Tests.Where(test => !test.StartsWith(Lab, StringComparison.Ordinal)),
                test => Assert.Contains(each.Id, Numbers(test))));

    [Fact]
    public void Every_number_in_the_name_of_a_test_is_one_of_the_matrix() =>
        Assert.Empty(All(drafts: true).SelectMany(Numbers).Except(s_ids));

    [Fact]
    public void Drafts_of_the_lab_are_told_from_its_tests()
    {
        const string source = """
                [ProgramFact]
                [Trait("Lab", "full")]
                public Task M1_one() => PlayAsync(Hardware.TwoGpus, async machine =>

                [ProgramFact]
                [Trait("Lab", "draft")]
                public Task M2_two() => PlayAsync(Hardware.TwoGpus, async machine =>

                [LabFact]
                public async Task M3_three()

                public Task Helper(string name) =>
            """;
        Assert.Equal(["M1_one", "M3_three"], InSource(source, drafts: false));
        Assert.Equal(["M1_one", "M2_two", "M3_three"], InSource(source, drafts: true));
        // What is read above is there: nobody has moved the lab.
        if (Directory.Exists(LabFolder)) Assert.NotEmpty(LabTests(drafts: false));
    }

    private static string LabFolder => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../lab/Scenarios"));

    private static IEnumerable<string> All(bool drafts) => Here().Concat(LabTests(drafts));

    private static IEnumerable<string> Here() =>
        from type in typeof(MatrixTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        where method.GetCustomAttribute<FactAttribute>() is not null
        select $"{type.Name}.{method.Name}";

    /// <summary>M1, M2 and M36 of <c>KillDrillTests.M1_M2_M36_killed_...</c>.</summary>
    private static IEnumerable<string> Numbers(string test) =>
        test[(test.LastIndexOf('.') + 1)..].Split('_').TakeWhile(word => Number().IsMatch(word));

    /// <summary>The names of the lab's tests, from its source; empty where that is not beside us.</summary>
    private static HashSet<string> LabTests(bool drafts) =>
        !Directory.Exists(LabFolder)
            ? []
            : [.. Directory.GetFiles(
                LabFolder,
                "*.cs").SelectMany(file =>
                    InSource(File.ReadAllText(file), drafts).Select(name => $"{Lab}{Path.GetFileNameWithoutExtension(file)}.{name}"))];

    private static IEnumerable<string> InSource(string source, bool drafts) =>
        LabTest()
            .Matches(source)
            .Where(match => drafts || !match.Groups["marks"].Value.Contains("\"draft\"", StringComparison.Ordinal))
            .Select(match => match.Groups["name"].Value);

    [GeneratedRegex("^[MLHOKD][0-9]+$")]
    private static partial Regex Number();

    /// <summary>A method and the attributes above it, one of which makes it a test.</summary>
    [GeneratedRegex(
        @"(?<marks>^[ \t]*\[\w*(?:Fact|Theory)\b.*\n(?:^[ \t]*\[.*\n)*)[ \t]*public (?:async )?(?:void|Task) (?<name>\w+)\(",
        RegexOptions.Multiline)]
    private static partial Regex LabTest();
}
