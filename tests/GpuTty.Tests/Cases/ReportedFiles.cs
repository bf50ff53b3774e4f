using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

/// <summary>The files of a full report (files.txt), made into a machine's files again: what somebody has sent becomes a test.</summary>
internal static class ReportedFiles
{
    private const string Arrow = " -> ";

    public static void Write(MachineTree tree, string text)
    {
        var (path, lines) = ("", new List<string>());
        foreach (var line in text.Split('\n').Append("/"))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                lines.Add(line[2..]);
                continue;
            }
            if (lines.Count > 0) tree.File(path, string.Concat(lines.Select(one => $"{one}\n")));
            lines.Clear();
            if (line.Length > 1 && line.EndsWith('/')) tree.Folder(line[1..]);
            else if (line.IndexOf(Arrow, StringComparison.Ordinal) is > 0 and var arrow)
                tree.LinkText(line[1..arrow], line[(arrow + Arrow.Length)..]);
            else if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && colon > LastSlash(line))
                tree.File(line[1..colon], $"{line[(colon + 2)..]}\n");
            else if (line.EndsWith(':')) path = line[1..^1];
        }
    }

    /// <summary>Addresses have colons too, but none before a blank.</summary>
    private static int LastSlash(string line) => line[..line.IndexOf(": ", StringComparison.Ordinal)].LastIndexOf('/');
}
