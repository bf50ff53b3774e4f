using System.Reflection;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Each line of the acceptance list, and each defect that was found, is a test with its number.</summary>
public sealed class AcceptanceListTests
{
    private static readonly (char Letter, int Count)[] s_lines =
    [
        ('T', 16),
        ('K', 9),
        ('H', 4),
        ('O', 14),
        ('W', 14),
        ('R', 9),
        ('E', 10),
        ('P', 4),
        ('C', 4),
        ('D', 42),
    ];

    /// <summary>Lines that were held before there was a list, by tests of other names.</summary>
    private static readonly Dictionary<string, string> s_elsewhere = new()
    {
        ["T10"] = "DemoRunTests.Killed_in_the_middle_of_a_switch_it_leaves_a_usable_shell",
        ["T13"] = "KeyParserTests.A_slow_line_may_cut_a_key_anywhere",
        ["T15"] = "HostileTests.M26_no_name_of_a_machine_steers_the_screen",
        ["T16"] = "FuzzTests.Nothing_throws",
    };

    [Fact]
    public void Every_line_is_a_test()
    {
        var tests = typeof(AcceptanceListTests).Assembly
            .GetTypes()
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Where(IsTest)
                    .Select(method => (Type: type, method.Name)))
            .ToList();
        var here = tests
            .Where(test => test.Type.Namespace == typeof(AcceptanceListTests).Namespace)
            .Select(test => test.Name.Split('_')[0])
            .ToHashSet();
        foreach (var number in s_lines.SelectMany(line => Enumerable.Range(1, line.Count).Select(number => $"{line.Letter}{number}")))
            Assert.True(
                here.Contains($"Ux{number}")
                    || (s_elsewhere.TryGetValue(number, out var other) && tests.Any(test => $"{test.Type.Name}.{test.Name}" == other)),
                $"{number} is no test.");
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute);
}
