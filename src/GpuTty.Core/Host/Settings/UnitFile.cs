using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>An assignment of a unit file or drop-in.</summary>
/// <param name="Section">Without brackets: Service.</param>
/// <param name="Line">The number of its first line.</param>
public sealed record UnitAssignment(string Section, string Key, string Value, int Line);

/// <summary>A file of systemd.unit(5), parted as systemd parts it (systemd.syntax(7)).</summary>
public static class UnitFile
{
    private const int LongestLine = 64 * 1024;

    /// <summary>A backslash at the end of a line joins the next one; lines that
    /// begin with # or ; are left out, also in the middle of a joined one.</summary>
    public static ImmutableArray<UnitAssignment> Settings(SettingsFile file)
    {
        var found = ImmutableArray.CreateBuilder<UnitAssignment>();
        var (section, joined, first) = ("", "", 0);
        foreach (var (number, text) in file.Lines)
        {
            var line = text.Trim();
            if (line.StartsWith('#') || line.StartsWith(';')) continue;
            if (joined.Length == 0) first = number;
            if (joined.Length + line.Length < LongestLine) joined = joined.Length == 0 ? line : $"{joined} {line}";
            if (joined.EndsWith('\\'))
            {
                joined = joined[..^1];
                continue;
            }
            Add(found, ref section, joined, first);
            joined = "";
        }
        Add(found, ref section, joined, first);
        return found.ToImmutable();
    }

    /// <summary>The unit that a file is of: its own name, or that of the folder NAME.d it is in.</summary>
    public static string UnitOf(SettingsFile file)
    {
        var folder = file.Path[..Math.Max(0, file.Path.LastIndexOf('/'))];
        return folder.EndsWith(".d", StringComparison.Ordinal) ? folder[(folder.LastIndexOf('/') + 1)..^".d".Length] : file.Name;
    }

    public static bool IsDropIn(SettingsFile file) => UnitOf(file) != file.Name;

    private static void Add(ImmutableArray<UnitAssignment>.Builder found, ref string section, string line, int number)
    {
        if (line.StartsWith('[') && line.EndsWith(']')) section = line[1..^1];
        else if (line.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            found.Add(new UnitAssignment(section, line[..equals].Trim(), line[(equals + 1)..].Trim(), number));
    }
}
