using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Commands that take lines out of configuration files again. Of a package's file the administrator's own, empty one takes the place.</summary>
internal static class Undo
{
    /// <param name="lines">First and last number of each.</param>
    /// <param name="etc">The folder of /etc whose files hide a package's: <c>/etc/modprobe.d</c>; null where there is none.</param>
    /// <returns>Null where no command can be typed: the name of the file is a strange one.</returns>
    public static string? Of(SettingsFile file, IReadOnlyCollection<(int First, int Last)> lines, string? etc = null)
    {
        if (!ShellWord.CanBeTyped(file.Path)) return null;
        if (file.IsOfPackage) return etc is null ? null : $"mkdir -p {etc} && ln -s /dev/null {ShellWord.Quoted($"{etc}/{file.Name}")}";
        if (IsAllOf(file, lines)) return $"rm {ShellWord.Quoted(file.Path)}";
        var wanted = lines.SelectMany(line => (int[])[line.First, line.Last]).ToHashSet();
        var texts = file.Lines.Where(line => wanted.Contains(line.Number)).ToDictionary(line => line.Number, line => line.Text);
        // By what stands there, not by number: several commands of one list may be run one after the other, and each again.
        var cuts = lines.Select(line => (First: texts.GetValueOrDefault(line.First), Last: texts.GetValueOrDefault(line.Last), IsOne: line.First == line.Last)).Distinct().ToList();
        if (cuts.Any(cut => cut.First is null || cut.Last is null || !CanBeMatched(cut.First) || !CanBeMatched(cut.Last))) return null;
        return $"sed -i {string.Join(' ', cuts.Select(cut => $"-e {ShellWord.Quoted(cut.IsOne ? $"{Matching(cut.First!)}d" : $"{Matching(cut.First!)},{Matching(cut.Last!)}d")}"))} {ShellWord.Quoted(file.Path)}";
    }

    private static bool CanBeMatched(string line) => line.All(c => c is >= ' ' and <= '~' or '\t');

    /// <summary>A basic regular expression of sed(1) for exactly this line.</summary>
    private static string Matching(string line) => $"\\#^{string.Concat(line.Select(c => c == '\t' ? "[[:blank:]]" : ".*[]^$\\#".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}"))}$#";

    /// <summary>Nothing else in the file means anything.</summary>
    private static bool IsAllOf(SettingsFile file, IReadOnlyCollection<(int First, int Last)> lines)
    {
        var ordered = lines.Order().ToArray();
        var at = 0;
        foreach (var (number, text) in file.Lines)
        {
            while (at < ordered.Length && ordered[at].Last < number) at++;
            if (at < ordered.Length && ordered[at].First <= number) continue;
            if (text.TrimStart() is not ("" or ['#', ..] or [';', ..])) return false;
        }
        return true;
    }

    /// <summary>A command after another, where there is one.</summary>
    public static string? Then(this string? command, string? next) => command is null || next is null ? command : $"{command} && {next}";

    /// <summary>The initramfs has its own copy of modprobe.d and of what is loaded early.</summary>
    public static string? Rebuilt(SystemSettings configuration) => configuration.InitramfsTool switch
    {
        InitramfsTool.InitramfsTools => "update-initramfs -u",
        InitramfsTool.Mkinitcpio => "mkinitcpio -P",
        InitramfsTool.Dracut => "dracut --force",
        InitramfsTool.Booster => "/usr/lib/booster/regenerate_images",
        _ => null,
    };

    /// <summary>Takes a parameter out of the kernel command line; null where it is not known how this machine keeps it.</summary>
    public static string? OfParameter(SystemSettings configuration, KernelParameter parameter)
    {
        if (!parameter.Word.All(c => char.IsAsciiLetterOrDigit(c) || "_-.,=:@/".Contains(c, StringComparison.Ordinal))) return null;
        if (configuration.Marks.Contains("/run/ostree-booted")) return $"rpm-ostree kargs --delete-if-present={ShellWord.Quoted(parameter.Word)}";
        if (configuration.Marks.Contains("/usr/sbin/grubby") || configuration.Marks.Contains("/usr/bin/grubby")) return $"grubby --update-kernel=ALL --remove-args={ShellWord.Quoted(parameter.Word)}";
        if (Places(configuration, parameter) is not [var (file, line), ..] || !ShellWord.CanBeTyped(file.Path)) return null;
        // With the blank before it, or, where it is the first, with the one behind it.
        var word = parameter.Word.Replace(".", "\\.", StringComparison.Ordinal);
        var cut = $"sed -E -i '{Number(line)}{{s#  *{word}([ \"]|$)#\\1#;t;s#{word} *##}}' {ShellWord.Quoted(file.Path)}";
        return file.Path.StartsWith("/etc/default/grub", StringComparison.Ordinal)
            ? cut.Then(configuration.Marks.Contains("/usr/sbin/update-grub") ? "update-grub" : "grub-mkconfig -o /boot/grub/grub.cfg")
            : file.Path.Contains("/loader/entries/", StringComparison.Ordinal) || file.Path.EndsWith("limine.conf", StringComparison.Ordinal) ? cut : null;
    }

    /// <summary>Lines that write a parameter down, comments left out.</summary>
    public static ImmutableArray<(SettingsFile File, int Line)> Places(SystemSettings configuration, KernelParameter parameter) =>
    [
        .. from file in configuration.CommandLines
           from line in file.Lines
           where !line.Text.TrimStart().StartsWith('#') && HasWord(line.Text, parameter.Word)
           select (file, line.Number),
    ];

    private static bool HasWord(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || IsEdge(line[at - 1])) && (end == line.Length || IsEdge(line[end]))) return true;
        }
        return false;
    }

    private static bool IsEdge(char c) => char.IsWhiteSpace(c) || c is '"' or '\'' or '=';

    private static string Number(int line) => line.ToString(CultureInfo.InvariantCulture);
}
