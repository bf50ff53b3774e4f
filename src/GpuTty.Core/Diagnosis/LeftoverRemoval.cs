using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Corrections of files: lines that are taken out again, files that go. Of
/// a package's file the administrator's own, empty one takes the place.</summary>
internal static class LeftoverRemoval
{
    /// <summary>A command with more parts is nothing that anybody reads before he types it.</summary>
    public const int MostTyped = 100;

    /// <param name="lines">First and last number of each.</param>
    /// <param name="etc">The folder of /etc whose files hide a package's: <c>/etc/modprobe.d</c>; null where there is none.</param>
    /// <returns>Null for a package's file that nothing hides, and for one whose other lines count too.</returns>
    public static Correction? Of(SettingsFile file, IReadOnlyCollection<(int First, int Last)> lines, string? etc = null)
    {
        var edit = new FileChange.Edit(file, [.. lines.Select(line => new Cut(line.First, line.Last))]);
        if (file.IsOfPackage)
            return etc is null || !FileChange.IsEmptied(edit) ? null : new(
                Typed(file.Path, _ => $"mkdir -p {etc} && ln -s /dev/null {ShellWord.Quoted($"{etc}/{file.Name}")}"),
                [new FileChange.Masking($"{etc}/{file.Name}", file)]);
        return FileChange.IsEmptied(edit) ? OfAll(file) : new(Sed(file, lines), [edit]);
    }

    /// <summary>Where a package's file cannot be hidden for one line's sake, what a person does instead.</summary>
    public static Finding OrByHand(this Finding finding, SettingsFile file, string etc) =>
        finding.Correction is not null || !file.IsOfPackage || finding.Advice.EndsWith('.') ? finding : finding with
        {
            Advice = $"{finding.Advice}, copy {file.Path} to {etc} and change the copy by hand: "
                + "the package's file has other lines that count.",
        };

    /// <summary>The whole file goes.</summary>
    public static Correction OfAll(SettingsFile file) =>
        new(Typed(file.Path, path => $"rm {path}"), [new FileChange.Removal(file.Path, file)]);

    /// <summary>Its program does not read it any more; whoever wants it back has it.</summary>
    public static Correction Aside(SettingsFile file) =>
        new(
            Typed(file.Path, path => $"mv {path} {ShellWord.Quoted($"{file.Path}.off")}"),
            [new FileChange.Renaming(file, $"{file.Path}.off")]);

    public static Correction NotExecutable(SettingsFile file) =>
        new(Typed(file.Path, path => $"chmod a-x {path}"), [new FileChange.NotExecutable(file)]);

    /// <param name="command">From its path, as a shell takes it.</param>
    public static string? Typed(string path, Func<string, string> command) =>
        ShellWord.CanBeTyped(path) ? command(ShellWord.Quoted(path)) : null;

    private static string? Sed(SettingsFile file, IReadOnlyCollection<(int First, int Last)> lines)
    {
        var wanted = lines.SelectMany(line => (int[])[line.First, line.Last]).ToHashSet();
        var texts = file.Lines.Where(line => wanted.Contains(line.Number)).ToDictionary(line => line.Number, line => line.Text);
        // By what stands there, not by number: several commands of one list may be run one after the other, and each again.
        var cuts = lines
            .Select(line =>
                (First: texts.GetValueOrDefault(line.First), Last: texts.GetValueOrDefault(line.Last), IsOne: line.First == line.Last))
            .Distinct()
            .ToList();
        if (cuts.Count > MostTyped
            || cuts.Any(cut => cut.First is null || cut.Last is null || !CanBeMatched(cut.First) || !CanBeMatched(cut.Last)))
            return null;
        var scripts = cuts.Select(cut =>
            $"-e {ShellWord.Quoted(cut.IsOne ? $"{Matching(cut.First!)}d" : $"{Matching(cut.First!)},{Matching(cut.Last!)}d")}");
        return Typed(file.Path, path => $"sed -i {string.Join(' ', scripts)} {path}");
    }

    /// <summary>Several findings of one file, whose commands leave nothing in it that
    /// means anything when all have been run: the last one takes the file away.</summary>
    public static IEnumerable<Finding> WithoutEmptyFiles(IReadOnlyCollection<Finding> findings)
    {
        var emptied = findings.SelectMany(finding => finding.Correction?.Changes ?? []).OfType<FileChange.Edit>().GroupBy(edit => edit.Path)
            .Where(edits => FileChange.Together([.. edits]) is FileChange.Removal).Select(edits => edits.Key).ToHashSet();
        foreach (var finding in findings)
            yield return finding is { Correction: { Typed: { } typed, Changes: [FileChange.Edit { Path: var path }] } correction }
                && emptied.Contains(path)
                ? finding with
                {
                    Correction = correction with
                    {
                        Typed = $"{typed} && {{ grep -q '^[[:space:]]*[^#;[:space:]]' {ShellWord.Quoted(path)} || rm "
                            + $"{ShellWord.Quoted(path)}; }}",
                    },
                }
                : finding;
    }

    private static bool CanBeMatched(string line) => line.All(c => c is >= ' ' and <= '~' or '\t');

    /// <summary>A basic regular expression of sed(1) for exactly this line.</summary>
    private static string Matching(string line) =>
        $"\\#^{string.Concat(line.Select(Matching))}$#";

    private static string Matching(char c) =>
        c == '\t' ? "[[:blank:]]" : ".*[]^$\\#".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}";

    /// <summary>The initramfs of every kernel has its own copy of modprobe.d and of what is loaded early: the next start may be of any.
    /// Null where what builds them is not known, or comes with the system (ostree).</summary>
    public static string? Rebuilt(SettingsFiles settings) => settings.InitramfsTool switch
    {
        _ when IsOstree(settings) => null,
        InitramfsTool.InitramfsTools => "update-initramfs -u -k all",
        InitramfsTool.Mkinitcpio => "mkinitcpio -P",
        InitramfsTool.Dracut when settings.Marks.Contains("/usr/bin/dracut-rebuild") => "dracut-rebuild",
        // It keeps the images on the boot partition, beside the entries that name them.
        InitramfsTool.Dracut when HasSdbootutil(settings) => "sdbootutil mkinitrd",
        InitramfsTool.Dracut when settings.IsTransactional => Transaction("initrd"),
        // By itself it names images by the release of the kernel, and nobody loads those here.
        InitramfsTool.Dracut when settings.NamesImagesByPackage => null,
        InitramfsTool.Dracut => "dracut --force --regenerate-all",
        InitramfsTool.Booster => "/usr/lib/booster/regenerate_images",
        _ => null,
    };

    /// <summary>Takes a parameter out of the kernel command line, wherever it is
    /// written; null where it is not known how this machine keeps it.</summary>
    public static Correction? OfParameter(SettingsFiles settings, KernelParameter parameter)
    {
        if (!parameter.Word.All(c => char.IsAsciiLetterOrDigit(c) || "_-.,=:@/".Contains(c, StringComparison.Ordinal))) return null;
        if (NixSettings.AreOf(settings)) return null;
        if (IsOstree(settings))
            return Correction.ByCommand($"rpm-ostree kargs --delete-if-present={ShellWord.Quoted(parameter.Word)}").ThenRestart();
        if (HasGrubby(settings))
            return Correction.ByCommand($"grubby --update-kernel=ALL --remove-args={ShellWord.Quoted(parameter.Word)}").ThenRestart();
        // By its path: to compare files is to compare all their text.
        var places = Places(settings, parameter).GroupBy(place => place.File.Path)
            .Select(file => (file.First().File, Lines: file.Select(place => place.Line).ToImmutableArray())).ToList();
        if (places.Count == 0) return null;
        var typed = places.Sum(file => file.Lines.Length) <= MostTyped && places.TrueForAll(file => ShellWord.CanBeTyped(file.File.Path))
            ? string.Join(" && ", places.Select(file => WithoutWord(file.File, file.Lines, parameter.Word)))
            : null;
        return new Correction(
            typed,
            [.. places.Select(file => new FileChange.Edit(file.File, [.. file.Lines.Select(line => new Cut(line, line, parameter.Word))]))])
        {
            Follow = [.. places.Select(file => CommandLineWritten(settings, file.File)).OfType<string>().Distinct()],
            NeedsRestart = true,
        };
    }

    /// <summary>With the blank before it, or, where it is the first, with the one behind it.</summary>
    private static string WithoutWord(SettingsFile file, ImmutableArray<int> lines, string word)
    {
        var escaped = word.Replace(".", "\\.", StringComparison.Ordinal);
        var scripts = lines.Select(line => $"'{Number(line)}{{s#  *{escaped}([ \"]|$)#\\1#;t;s#{escaped} *##}}'").ToList();
        return $"sed -E -i {(scripts.Count == 1 ? scripts[0] : string.Join(' ', scripts.Select(script => $"-e {script}")))} "
            + $"{ShellWord.Quoted(file.Path)}";
    }

    /// <summary>What takes a kernel command line from where it is written to where the
    /// machine is started from; null where that is one place, or not known.</summary>
    public static string? CommandLineWritten(SettingsFiles settings, SettingsFile file) => file.Path switch
    {
        _ when IsOfGrub(file) =>
            settings.IsTransactional ? Transaction("grub.cfg")
            : settings.Marks.Contains("/usr/sbin/update-grub") ? "update-grub"
            : settings.Marks.Contains("/usr/sbin/grub2-mkconfig")
                ? "grub2-mkconfig -o /boot/grub2/grub.cfg"
                : "grub-mkconfig -o /boot/grub/grub.cfg",
        "/etc/kernel/cmdline" when settings.Marks.Contains("/usr/sbin/proxmox-boot-tool") => "proxmox-boot-tool refresh",
        "/etc/kernel/cmdline" when HasSdbootutil(settings) => "sdbootutil update-all-entries",
        "/etc/kernel/cmdline" when settings.InitramfsTool == InitramfsTool.Mkinitcpio => "mkinitcpio -P",
        "/etc/kernel/cmdline" when settings.Marks.Contains("/usr/bin/kernel-install") => "kernel-install add-all",
        _ when file.Path.StartsWith("/etc/cmdline.d/", StringComparison.Ordinal) => Rebuilt(settings),
        "/etc/default/limine" when settings.Marks.Contains("/usr/bin/limine-update") => "limine-update",
        SettingsFiles.SdbootManage when settings.HasSdbootManage => "sdboot-manage gen",
        _ => null,
    };

    /// <summary>What has the machine started with a parameter that is written down;
    /// null where writing it down is all, or where it is not known.</summary>
    public static string? ParameterWritten(SettingsFiles settings, SettingsFile file, KernelParameter parameter)
    {
        var isTyped = ShellWord.CanBeTyped(parameter.Word);
        var word = ShellWord.Quoted(parameter.Word);
        if (IsOstree(settings)) return isTyped ? $"rpm-ostree kargs --append-if-missing={word}" : null;
        // Fedora's and RHEL's entries each have their own command line, which grub2-mkconfig leaves as it is.
        if (HasGrubby(settings) && IsOfGrub(file)) return isTyped ? $"grubby --update-kernel=ALL --args={word}" : null;
        return CommandLineWritten(settings, file);
    }

    /// <summary>On from the newest copy of the system: else a second one would begin without what the first has changed.</summary>
    private static string Transaction(string command) => $"transactional-update --continue {command}";

    private static bool IsOstree(SettingsFiles settings) => settings.Marks.Contains("/run/ostree-booted");

    private static bool HasGrubby(SettingsFiles settings) =>
        settings.Marks.Contains("/usr/sbin/grubby") || settings.Marks.Contains("/usr/bin/grubby");

    /// <summary>openSUSE's, where it manages the boot entries: it writes them from /etc/kernel/cmdline.</summary>
    private static bool HasSdbootutil(SettingsFiles settings) =>
        settings.Marks.Contains("/usr/bin/sdbootutil") && settings.CommandLines.Any(file => file.Path == "/etc/kernel/cmdline");

    private static bool IsOfGrub(SettingsFile file) => file.Path.StartsWith("/etc/default/grub", StringComparison.Ordinal);

    /// <summary>Lines that write a parameter down, comments left out.</summary>
    public static ImmutableArray<(SettingsFile File, int Line)> Places(SettingsFiles settings, KernelParameter parameter) =>
    [
        .. from file in settings.CommandLines
           from line in file.Lines
           where !line.Text.TrimStart().StartsWith('#') && HasWord(CommandLineFiles.WithoutRemark(file, line.Text), parameter.Word)
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
