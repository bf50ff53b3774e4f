using System.Diagnostics;
using GpuTty.Diagnosis;
using GpuTty.Host;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What attempts before GpuTty have left is found, explained, undone by the command that is named, and found nowhere else.</summary>
public sealed class LeftoversTests
{
    public static TheoryData<string> Names => [.. Recipes.All.Select(recipe => recipe.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Everything_that_a_recipe_leaves_is_found_where_it_is_written(string name)
    {
        var recipe = Recipes.All.Single(one => one.Name == name);
        using var machine = new RecipeMachine().With(recipe);
        var host = await machine.ReadAsync();
        Assert.DoesNotContain(host.Unknowns, unknown => unknown.Code is UnknownFact.SystemSettings or UnknownFact.ModuleSettings or UnknownFact.OtherPrograms);
        var found = Leftovers.Of(host).Where(finding => finding.Group != FindingGroup.Ok).ToList();
        Assert.Equal(recipe.Finds.Select(one => $"{one.Code} {one.Where}").Order(StringComparer.Ordinal), found.Select(one => $"{one.Code} {one.Where}").Order(StringComparer.Ordinal));
        Assert.All(found, one => Assert.True(one.Sentence.EndsWith('.') && one.Action.Length > 10 && one.Group is FindingGroup.Attention or FindingGroup.Problem, one.Sentence));
    }

    [Fact]
    public async Task A_machine_without_leftovers_has_none_and_it_is_said()
    {
        using var machine = new RecipeMachine();
        Assert.Equal(DiagnosisCode.NoLeftovers, Assert.Single(Leftovers.Of(await machine.ReadAsync())).Code);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Each_command_that_undoes_a_finding_brings_the_files_back_and_the_finding_is_gone(string name)
    {
        var recipe = Recipes.All.Single(one => one.Name == name);
        using var clean = new RecipeMachine().With(recipe, isApplied: false);
        using var machine = new RecipeMachine().With(recipe);
        var seen = Leftovers.Of(await machine.ReadAsync());
        // All commands of one list, one after the other, as somebody pastes them; a file may be gone by then.
        foreach (var next in seen.Where(finding => OfFiles(finding).Length > 0 && File.Exists(machine.Tree.At(finding.Where!.Path))))
        {
            await RunAsync(machine.Tree.Path, OfFiles(next));
            machine.Restart();
            Assert.DoesNotContain(Leftovers.Of(await machine.ReadAsync()), finding => finding.Code == next.Code && finding.Where == next.Where && finding.Sentence == next.Sentence);
        }
        var before = clean.Kept();
        var after = machine.Kept();
        foreach (var finding in seen.Where(one => OfFiles(one).Length > 0 && one.Where is not null && !OfFiles(one).StartsWith("chmod", StringComparison.Ordinal)))
            Assert.Equal(Meaning(before.GetValueOrDefault(finding.Where!.Path)), Meaning(after.GetValueOrDefault(finding.Where.Path)));
    }

    /// <summary>Without the comments of a recipe, which stay in a file that several commands have emptied.</summary>
    private static string Meaning(string? text) => string.Join('\n', (text ?? "").Split('\n').Where(line => line.TrimStart() is [not '#', ..]));

    [Fact]
    public async Task Every_code_is_found_somewhere()
    {
        var codes = new HashSet<DiagnosisCode>();
        foreach (var recipe in Recipes.All.Append(new Recipe("none", [], "")))
        {
            using var machine = new RecipeMachine().With(recipe);
            codes.UnionWith(Leftovers.Of(await machine.ReadAsync()).Select(finding => finding.Code));
        }
        Assert.Empty(Enum.GetValues<DiagnosisCode>().Except(codes));
    }

    /// <summary>The part of a command that touches files alone; what is built or loaded anew afterwards is not there in a tree.</summary>
    private static string OfFiles(Finding finding) => string.Join(" && ",
        (finding.Command ?? "").Split(" && ").Where(part => part.Split(' ')[0] is "rm" or "sed" or "ln" or "chmod" or "mv" or "mkdir"));

    private static async Task RunAsync(string root, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-e", "-c", command.Replace(" /", $" {root}/", StringComparison.Ordinal).Replace($"ln -s {root}/dev/null", "ln -s /dev/null", StringComparison.Ordinal)]))!;
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, command);
    }
}
