using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GpuTty.Host.Settings;

/// <summary>Lines that are taken out of a file, or a word that is taken out of them.</summary>
/// <param name="First">Number of the first line, from 1.</param>
/// <param name="Last">Number of the last line.</param>
/// <param name="Word">As it stands there; null where whole lines go.</param>
public readonly record struct Cut(int First, int Last, string? Word = null);

/// <summary>A line of a file before and after a change; null where there is none.</summary>
/// <param name="Number">Before the change, from 1.</param>
public sealed record ChangedLine(int Number, string Before, string? After);

/// <summary>What is done to one file of the machine's settings.</summary>
/// <param name="Path">As the machine calls it.</param>
public abstract record FileChange(string Path)
{
    /// <summary>A file, or a link itself, goes away.</summary>
    /// <param name="File">As it was read; null for a link, and where nobody has read it.</param>
    public sealed record Removal(string Path, SettingsFile? File) : FileChange(Path);

    /// <summary>Some of a file goes.</summary>
    public sealed record Edit(SettingsFile File, ImmutableArray<Cut> Cuts) : FileChange(File.Path)
    {
        /// <summary>All lines that differ, in their order.</summary>
        public ImmutableArray<ChangedLine> Lines
        {
            get
            {
                var cuts = ByLine(File.Text.Count(c => c == '\n') + 1);
                return [.. File.Lines
                    .Select(line => new ChangedLine(line.Number, line.Text, After(cuts, line.Number, line.Text)))
                    .Where(line => line.After != line.Before)];
            }
        }

        /// <summary>What is left of a text with the same lines as the file's.
        /// Line feeds stay as they are, one at the end or none.</summary>
        public string Apply(string text)
        {
            var kept = new List<string>();
            var lines = text.Split('\n');
            var cuts = ByLine(lines.Length);
            for (var index = 0; index < lines.Length; index++)
            {
                var end = index < lines.Length - 1 ? "\n" : "";
                // Behind the last line feed there is no line.
                if (lines[index].Length == 0 && end.Length == 0) continue;
                if (After(cuts, index + 1, lines[index]) is { } left) kept.Add(left + end);
            }
            return string.Concat(kept);
        }

        /// <summary>A file may have as many leftovers as lines.</summary>
        private ILookup<int, string?> ByLine(int count) =>
            Cuts.SelectMany(cut =>
                Enumerable.Range(cut.First, Math.Max(0, Math.Min(cut.Last, count) - cut.First + 1)).Select(number => (number, cut.Word)))
                .ToLookup(one => one.number, one => one.Word);

        private static string? After(ILookup<int, string?> cuts, int number, string line)
        {
            foreach (var cut in cuts[number])
            {
                if (cut is not { } word) return null;
                line = Without(line, word);
            }
            return line;
        }

        /// <summary>With the blanks before it, or, where it is the first, with those behind it.</summary>
        private static string Without(string line, string word)
        {
            var found = Regex.Match(line, $@"(?<=^|[\s""'=(]){Regex.Escape(word)}(?=$|[\s""')])", RegexOptions.CultureInvariant);
            if (!found.Success) return line;
            var (begin, end) = (found.Index, found.Index + found.Length);
            while (begin > 0 && line[begin - 1] is ' ' or '\t') begin--;
            if (begin == found.Index)
            {
                while (end < line.Length && line[end] is ' ' or '\t') end++;
            }
            return line.Remove(begin, end - begin);
        }
    }

    /// <summary>A file gets another name, under which its program does not read it.</summary>
    public sealed record Renaming(SettingsFile File, string To) : FileChange(File.Path);

    /// <summary>A link to /dev/null that hides a package's file of the same name.</summary>
    /// <param name="Hidden">That file.</param>
    public sealed record Masking(string Path, SettingsFile Hidden) : FileChange(Path);

    /// <summary>Nobody may run a file any more.</summary>
    public sealed record NotExecutable(SettingsFile File) : FileChange(File.Path);

    /// <summary>All changes of one file as one. Of a file in a folder of many that would say nothing any more nothing is left.</summary>
    public static FileChange Together(IReadOnlyCollection<FileChange> changes)
    {
        if (changes.OfType<Removal>().FirstOrDefault() is { } removal) return removal;
        if (changes.First() is not Edit { File: var file }) return changes.First();
        var cuts = changes.OfType<Edit>().SelectMany(one => one.Cuts).ToHashSet();
        var edit = new Edit(file, [.. cuts.Concat(WithoutOptions(file, cuts)).OrderBy(cut => cut.First)]);
        return IsEmptied(edit) ? new Removal(file.Path, file) : edit;
    }

    /// <summary>Lines of modprobe.d(5) that would be left with options and no word: kmod takes them for mistakes.</summary>
    private static IEnumerable<Cut> WithoutOptions(SettingsFile file, HashSet<Cut> cuts) =>
        cuts.All(cut => cut.Word is null) || !file.Path.Contains("/modprobe.d/", StringComparison.Ordinal) ? []
            : ModprobeLine.Of(file)
                .Where(line =>
                    line.Command == "options" && line.Words.Skip(1).All(word => cuts.Contains(new Cut(line.First, line.Last, word))))
                .Select(line => new Cut(line.First, line.Last));

    /// <summary>Nothing but comments is left, and the file is one of many in a folder NAME.d; others belong to the system.</summary>
    public static bool IsEmptied(Edit edit)
    {
        var folder = edit.Path[..Math.Max(0, edit.Path.LastIndexOf('/'))];
        return folder.EndsWith(".d", StringComparison.Ordinal)
            && edit.Apply(edit.File.Text).Split('\n').All(line => line.TrimStart() is "" or ['#', ..] or [';', ..]);
    }
}
