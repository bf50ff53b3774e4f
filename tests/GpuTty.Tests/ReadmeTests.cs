using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace GpuTty.Tests;

/// <summary>What the README and the lab's say of this repository is true.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>A file or a folder that is named is there; ends of paths count from where the text says that they are.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("tests/lab/README.md")]
    public void Every_path_that_is_named_is_there(string document)
    {
        string[] folders = ["", "src", "src/GpuTty.Core", "src/GpuTty", "src/GpuTty/Linux", "tests", "tests/lab", "tests/GpuTty.Tests"];
        var files = Directory.EnumerateFileSystemEntries(Path.Combine(Root(), "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path))
            .ToHashSet(StringComparer.Ordinal);
        var named = Named().Matches(File.ReadAllText(Path.Combine(Root(), document)))
            .Select(match => match.Groups["path"].Value)
            .Where(path => path.Contains('/') || Path.GetExtension(path) is ".cs" or ".sh" or ".c" or ".md")
            // The lab makes it.
            .Where(path => path != "artifacts/")
            .Distinct()
            .ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, path =>
            !folders.Any(folder => Exists(Path.Combine(Root(), folder, path))) && !(!path.Contains('/') && files.Contains(path)));

        static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
    }

    /// <summary>Each row of the table of what was tried begins with the words of a count; tests/run.sh compares the numbers.</summary>
    [Fact]
    public void Every_row_of_what_was_tried_is_a_count_of_a_test()
    {
        var counted = Directory.EnumerateFiles(Path.Combine(Root(), "tests/GpuTty.Tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => Count().Matches(File.ReadAllText(path)).Select(match => match.Groups["what"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var rows = File.ReadAllText(Path.Combine(Root(), "README.md")).Split("What was tried")[1].Split("\n\n")[1]
            .Split('\n')
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["what"].Value)
            .ToList();
        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, what => !counted.Contains(what));
    }

    /// <summary>In code quotes, up to where a name of one's own stands; what begins with a slash is a path of the machine.</summary>
    [GeneratedRegex(@"`(?:\./)?(?<path>[A-Za-z0-9_][A-Za-z0-9_./-]*)(?:<\w+>[\w.]*)?`")]
    private static partial Regex Named();

    [GeneratedRegex(@"Counts\.Add\(\w+, ""(?<what>[^""]+)""")]
    private static partial Regex Count();

    [GeneratedRegex(@"^\| (?<what>[^:|]+?)(?::[^|]*)? \| [0-9,]+ \|$")]
    private static partial Regex Row();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
