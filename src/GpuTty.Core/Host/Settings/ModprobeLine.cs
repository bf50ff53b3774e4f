using System.Collections.Immutable;
using System.Text;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Settings;

/// <summary>A line of modprobe.d(5), parted as kmod parts it (libkmod-config.c): a backslash
/// at its end joins the next one, # only begins a comment at its very begin.</summary>
/// <param name="Command">blacklist, options, install, remove, alias, softdep, ...</param>
/// <param name="Words">What follows, at least one.</param>
/// <param name="First">The number of its first line in the file.</param>
/// <param name="Last">The number of its last line.</param>
public sealed record ModprobeLine(string Command, ImmutableArray<string> Words, SettingsFile File, int First, int Last)
{
    /// <summary>Commands that load nothing, whatever their status.</summary>
    private static readonly string[] s_nothing = ["false", "true", ":", "exit"];

    /// <summary>An install line whose command loads no module at all.</summary>
    public bool LoadsNothing =>
        Command == "install"
        && Words.Length > 1
        && s_nothing.Contains(Words[1].TrimEnd(';') is var program ? program[(program.LastIndexOf('/') + 1)..] : "")
        && !Words.Skip(2).Any(word =>
            word.Contains("modprobe", StringComparison.Ordinal) || word.Contains("insmod", StringComparison.Ordinal));

    /// <summary>The module that an install line's command loads itself, whatever other lines say of that one, as it is written there;
    /// null where there is none (Debian: <c>install nvidia modprobe -i nvidia-current $CMDLINE_OPTS</c>).</summary>
    public string? LoadsInstead
    {
        get
        {
            if (Command != "install") return null;
            var loaded = Enumerable.Range(2, Math.Max(0, Words.Length - 2))
                .Where(at => Words[at] is "-i" or "--ignore-install" && Words[at - 1].EndsWith("modprobe", StringComparison.Ordinal))
                .Select(at => Words.ElementAtOrDefault(at + 1)?.TrimEnd(';') ?? "")
                .ToList();
            // Options, variables and whatever else a shell makes of it.
            if (!loaded.TrueForAll(IsModuleName)) return null;
            return loaded.Find(name => KernelModule.Canonical(name) == KernelModule.Canonical(Words[0]))
                ?? (loaded is [var only] ? only : null);
        }
    }

    private static bool IsModuleName(string word) =>
        word.Length > 0 && word[0] != '-' && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    public SourceLine Where => new(File.Path, First);

    public static IEnumerable<ModprobeLine> Of(SettingsFile file)
    {
        var (joined, first) = (new StringBuilder(), 0);
        foreach (var (number, text) in file.Lines.Append((0, "")))
        {
            if (first == 0) first = number;
            if (number > 0 && text.EndsWith('\\'))
            {
                joined.Append(text.AsSpan(0, text.Length - 1));
                continue;
            }
            var line = joined.Append(text).ToString();
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && !line.StartsWith('#'))
                yield return new ModprobeLine(words[0], [.. words[1..]], file, first, Math.Max(first, number));
            joined.Clear();
            first = 0;
        }
    }
}
