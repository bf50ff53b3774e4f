using System.Text.RegularExpressions;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>A script goes together with the words that name it where the initramfs is made and where modprobe runs it:
/// with one that is missing no image could be built, and vfio-pci not be loaded.</summary>
internal static partial class ScriptRemoval
{
    /// <returns>The finding with what removes the script, or with what a person has to do first.</returns>
    public static Finding With(SettingsFiles settings, SettingsFile script, Finding finding)
    {
        var parts = new List<Correction>();
        foreach (var file in settings.Boot.Where(file => file.Path != script.Path))
        {
            var words = IsList(file) ? Words(file, script).ToList() : [];
            if (words.Count > 0) parts.Add(Without(file, words));
            else if (Tokens(ScriptSigns.Code(file.Text)).Any(token => IsSame(token.Value, script.Path))) return ByHand(finding, file);
        }
        foreach (var file in settings.Modprobe)
        {
            var lines = ModprobeLine.Of(file)
                .Where(line => line.Command == "install" && line.Words.Skip(1).Any(word => IsSame(word.TrimEnd(';'), script.Path)))
                .Select(line => (line.First, line.Last))
                .ToList();
            if (lines.Count == 0) continue;
            if (LeftoverRemoval.Of(file, lines) is not { } correction) return ByHand(finding, file);
            // Its own finding may have taken the file away.
            parts.Add(correction with
            {
                Typed = correction.Typed is { } typed ? $"{{ [ ! -e {ShellWord.Quoted(file.Path)} ] || {typed}; }}" : null,
            });
        }
        parts.Add(LeftoverRemoval.OfAll(script));
        return finding with
        {
            Correction = new(
                parts.TrueForAll(part => part.Typed is not null) ? string.Join(" && ", parts.Select(part => part.Typed)) : null,
                [.. parts.SelectMany(part => part.Changes)]),
        };
    }

    private static Finding ByHand(Finding finding, SettingsFile file) => finding with
    {
        Advice = $"{file.Path} names it: take it out there first, and rebuild the initramfs; then remove the script.",
    };

    /// <summary>Lists of a shell, of which a word can be taken out.</summary>
    private static bool IsList(SettingsFile file) =>
        file.Path.StartsWith("/etc/mkinitcpio.conf", StringComparison.Ordinal)
        || file.Path.StartsWith("/etc/dracut.conf", StringComparison.Ordinal);

    /// <summary>Where it is named, by its path, or, of mkinitcpio's hooks, by its name alone.</summary>
    private static IEnumerable<(int Line, string Text, string Word)> Words(SettingsFile file, SettingsFile script)
    {
        var isHook = script.Path.StartsWith("/etc/initcpio/", StringComparison.Ordinal);
        var isInside = false;
        foreach (var (number, text) in file.Lines.Where(line => !line.Text.TrimStart().StartsWith('#')))
        {
            var code = text.Split(" #", 2)[0];
            isInside = isInside || Hooks().IsMatch(code);
            foreach (Match token in Tokens(code))
                if (IsSame(token.Value, script.Path) || (isHook && isInside && token.Value == script.Name))
                    yield return (number, text, token.Value);
            isInside = isInside && !code.Contains(')', StringComparison.Ordinal);
        }
    }

    private static Correction Without(SettingsFile file, List<(int Line, string Text, string Word)> words)
    {
        var canBeTyped = words.TrueForAll(one => !one.Text.Contains('\'', StringComparison.Ordinal)
            && one.Word.All(c => char.IsAsciiLetterOrDigit(c) || "_-./+@".Contains(c, StringComparison.Ordinal)));
        return new(
            canBeTyped
                ? LeftoverRemoval.Typed(
                    file.Path, path => $"sed -E -i {string.Join(' ', words.Select(one => $"-e {Command(one.Line, one.Word)}"))} {path}")
                : null,
            [new FileChange.Edit(file, [.. words.Select(one => new Cut(one.Line, one.Line, one.Word))])]);
    }

    /// <summary>With the blank before it, or, where it is the first, with the one behind it.</summary>
    private static string Command(int line, string word)
    {
        var escaped = word.Replace(".", "\\.", StringComparison.Ordinal).Replace("+", "\\+", StringComparison.Ordinal);
        return $"'{line}{{s#[[:blank:]]+{escaped}([[:blank:]\")]|$)#\\1#;t;s#([(=\"]|^){escaped}([[:blank:]]+|([)\"]|$))#\\1\\3#}}'";
    }

    private static MatchCollection Tokens(string code) => Token().Matches(code);

    /// <summary>/sbin and /bin may be links to each other, and to those below /usr.</summary>
    private static bool IsSame(string word, string path) => word.StartsWith('/') && Place(word) == Place(path);

    private static string Place(string path) =>
        (path.StartsWith("/usr/", StringComparison.Ordinal) ? path["/usr".Length..] : path)
            .Replace("/sbin/", "/bin/", StringComparison.Ordinal);

    [GeneratedRegex(@"[^\s""'=(),;:]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    [GeneratedRegex(@"^\s*HOOKS\s*\+?=", RegexOptions.CultureInvariant)]
    private static partial Regex Hooks();
}
