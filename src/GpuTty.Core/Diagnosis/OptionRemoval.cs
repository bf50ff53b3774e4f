using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Options that are taken out of lines of modprobe.d(5) word by word: the others of a line may be needed.</summary>
internal static class OptionRemoval
{
    private const string Safe = "_-.,=:";

    /// <param name="lines">Of the command options.</param>
    /// <param name="isMeant">Of one of a line's options; a line that has no others goes whole.</param>
    /// <param name="etc">The folder whose files hide a package's.</param>
    public static Correction? Of(SettingsFile file, IReadOnlyCollection<ModprobeLine> lines, Func<string, bool> isMeant, string etc)
    {
        var whole = lines.Where(line => line.Words.Skip(1).All(isMeant)).Select(line => (line.First, line.Last)).ToList();
        var words = lines.Where(line => !line.Words.Skip(1).All(isMeant))
            .SelectMany(line => line.Words.Skip(1).Where(isMeant).Select(word => (Line: line, Word: word)))
            // By its place: to compare lines is to compare all the text of their file.
            .DistinctBy(one => (one.Line.First, one.Word))
            .ToList();
        if (words.Count == 0) return LeftoverRemoval.Of(file, whole, etc);
        if (file.IsOfPackage) return null;
        var typed = words.Count <= LeftoverRemoval.MostTyped
            && words.TrueForAll(one => CanBeMatched(one.Word) && CanBeMatched(one.Line.Words[0]))
            ? LeftoverRemoval.Typed(
                file.Path,
                path => $"sed -E -i {string.Join(' ', words.Select((one, index) => $"-e {Without(one.Line, one.Word, index)}"))} {path}")
            : null;
        var lost = whole.Count == 0 ? null : LeftoverRemoval.Of(file, whole);
        return new(
            lost is null ? typed : lost.Typed is null || typed is null ? null : $"{lost.Typed} && {typed}",
            [new FileChange.Edit(
                file,
                [
                    .. whole.Select(line => new Cut(line.First, line.Last)),
                    .. words.Select(one => new Cut(one.Line.First, one.Line.Last, one.Word)),
                ])]);
    }

    /// <summary>A command of sed for every line of this module's options, with the lines that a backslash
    /// joins to it. One that has no option left goes: another command may have taken the others.</summary>
    private static string Without(ModprobeLine line, string word, int index)
    {
        var module = string.Concat(line.Words[0].Select(c => c is '-' or '_' ? "[-_]" : Escaped($"{c}")));
        var head = $"^[[:blank:]]*options[[:blank:]]+{module}";
        var join = line.First == line.Last ? "" : $":a{index};/\\\\$/{{N;ba{index}}};";
        return $"'/{head}[[:blank:]]/{{{join}s/[[:blank:]]+{Escaped(word)}([[:space:]]|$)/\\1/;/{head}[[:space:]\\\\]*$/d}}'";
    }

    private static string Escaped(string word) => word.Replace(".", "\\.", StringComparison.Ordinal);

    private static bool CanBeMatched(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || Safe.Contains(c, StringComparison.Ordinal));
}
