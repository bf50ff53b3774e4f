using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// modprobe's settings, read as modprobe reads them (modprobe.d(5); kmod, libkmod-config.c): a file hides those of its name in later folders,
/// files come in the order of their names, a backslash at the end of a line continues it, and - and _ are the same in names. Then the kernel command line.
/// </summary>
internal static class ModprobeConfiguration
{
    public const string CommandLine = "the kernel command line";
    private const int LongestFile = 4 * 1024 * 1024;

    /// <summary>Commands that load nothing, whatever their status.</summary>
    private static readonly string[] s_nothing = ["false", "true", ":", "exit"];

    /// <summary>Drivers that take more than their own table says where their module has an option ids=.</summary>
    private static readonly Dictionary<string, string> s_driversWithIds = new() { ["vfio_pci"] = VfioSupport.Driver, ["pci_stub"] = PlaceholderDrivers.PciStub };

    /// <summary>The settings of a machine.</summary>
    /// <param name="commandLine">Of the kernel: /proc/cmdline.</param>
    public static ModuleSettings Read(MachineRoot root, string commandLine)
    {
        string[] folders = [root.Etc("modprobe.d"), root.Run("modprobe.d"), root.Usr("local/lib/modprobe.d"), root.Usr("lib/modprobe.d"), root.Any("lib/modprobe.d")];
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in folders)
            foreach (var name in Files.Names(folder).Where(name => name.EndsWith(".conf", StringComparison.Ordinal) || name.EndsWith(".alias", StringComparison.Ordinal)))
                files.TryAdd(name, $"{folder}/{name}");
        return Parse([.. files.Values.Select(path => (root.Shown(path), Files.Text(path, LongestFile))).Where(file => file.Item2 is not null)!], commandLine);
    }

    /// <param name="files">In modprobe's order: what they are called, and their text.</param>
    public static ModuleSettings Parse(IReadOnlyList<(string Path, string Text)> files, string commandLine)
    {
        var rules = ImmutableArray.CreateBuilder<ModuleRule>();
        var ids = ImmutableArray.CreateBuilder<DynamicId>();
        foreach (var (path, text) in files)
            foreach (var line in Lines(text)) AddLine(line, Visible.Text(path, 200), rules, ids);
        foreach (var word in Words(commandLine)) AddWord(word, rules, ids);
        return new ModuleSettings(rules.ToImmutable(), [.. ids.Distinct()]);
    }

    private static void AddLine(string line, string source, ImmutableArray<ModuleRule>.Builder rules, ImmutableArray<DynamicId>.Builder ids)
    {
        if (line.StartsWith('#')) return;
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) return;
        var module = KernelModule.Canonical(words[1]);
        switch (words[0])
        {
            case "blacklist":
                rules.Add(new ModuleRule(ModuleRuleKind.Blacklist, module, source));
                break;
            case "install" when words.Length > 2:
                rules.Add(new ModuleRule(LoadsNothing(words[2..]) ? ModuleRuleKind.InstallNothing : ModuleRuleKind.InstallOther, module, source));
                break;
            case "alias" when words.Length > 2 && words[2] == "off":
                rules.Add(new ModuleRule(ModuleRuleKind.AliasOff, module, source));
                break;
            case "options" when s_driversWithIds.TryGetValue(module, out var driver):
                foreach (var option in words.Skip(2).Where(word => word.StartsWith("ids=", StringComparison.Ordinal))) ids.AddRange(Ids(driver, option["ids=".Length..]));
                break;
            default:
                break;
        }
    }

    private static void AddWord(string word, ImmutableArray<ModuleRule>.Builder rules, ImmutableArray<DynamicId>.Builder ids)
    {
        if (word.IndexOf('=') is not (var equals and > 0)) return;
        // The kernel takes - for _ in the names of parameters, not in their values (kernel/params.c, parameq).
        var (name, value) = (KernelModule.Canonical(word[..equals]), word[(equals + 1)..]);
        switch (name)
        {
            case "modprobe.blacklist":
                foreach (var module in Listed(value)) rules.Add(new ModuleRule(ModuleRuleKind.Blacklist, KernelModule.Canonical(module), CommandLine));
                break;
            case "module_blacklist":
                foreach (var module in Listed(value)) rules.Add(new ModuleRule(ModuleRuleKind.KernelBlacklist, module, CommandLine));
                break;
            default:
                if (name.EndsWith(".ids", StringComparison.Ordinal) && s_driversWithIds.TryGetValue(name[..^".ids".Length], out var driver)) ids.AddRange(Ids(driver, value));
                break;
        }
    }

    private static bool LoadsNothing(string[] command) => s_nothing.Contains(Files.LastPart(command[0].TrimEnd(';')))
        && !command.Skip(1).Any(word => word.Contains("modprobe", StringComparison.Ordinal) || word.Contains("insmod", StringComparison.Ordinal));

    private static string[] Listed(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary><c>vendor:device[:subvendor[:subdevice[:class[:mask]]]]</c>, hexadecimal, with commas (drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids).</summary>
    private static IEnumerable<DynamicId> Ids(string driver, string value)
    {
        foreach (var entry in Listed(value.Trim('"')))
        {
            var fields = entry.Split(':').Select(Number).TakeWhile(number => number is not null).Select(number => number!.Value).ToArray();
            if (fields.Length >= 2) yield return new DynamicId(driver, Id(fields, 0), Id(fields, 1), Id(fields, 2), Id(fields, 3), Part(fields, 4), Part(fields, 5));
        }

        static uint? Number(string text)
        {
            var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
            return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        static int? Id(uint[] fields, int index) => index < fields.Length && fields[index] != uint.MaxValue ? unchecked((int)fields[index]) : null;
        static int Part(uint[] fields, int index) => index < fields.Length ? unchecked((int)fields[index]) : 0;
    }

    /// <summary>A backslash right before the end of a line joins the next one to it.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var joined = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.EndsWith('\\'))
            {
                joined += line[..^1];
                continue;
            }
            yield return joined + line;
            joined = "";
        }
        if (joined.Length > 0) yield return joined;
    }

    /// <summary>Blanks separate, but not between quotation marks (lib/cmdline.c, next_arg); what comes after -- is for init.</summary>
    private static IEnumerable<string> Words(string commandLine)
    {
        var (begin, isQuoted) = (0, false);
        for (var at = 0; at <= commandLine.Length; at++)
        {
            if (at < commandLine.Length && commandLine[at] == '"') isQuoted = !isQuoted;
            if (at < commandLine.Length && (isQuoted || !char.IsWhiteSpace(commandLine[at]))) continue;
            var word = commandLine[begin..at].Trim('"');
            begin = at + 1;
            if (word == "--") yield break;
            if (word.Length > 0) yield return word;
        }
    }
}
