using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// modprobe's settings, read as modprobe reads them (modprobe.d(5); kmod, libkmod-config.c): a file
/// hides those of its name in later folders, files come in the order of their names, a backslash at
/// the end of a line continues it, and - and _ are the same in names. Then the kernel command line.
/// </summary>
internal static class ModprobeConfiguration
{
    public const string CommandLine = "the kernel command line";

    /// <summary>Drivers that take more than their own table says where their module has an option ids=.</summary>
    private static readonly Dictionary<string, string> s_driversWithIds = new()
    {
        ["vfio_pci"] = VfioSupport.Driver,
        ["pci_stub"] = PlaceholderDrivers.PciStub,
    };

    /// <summary>The files that count, in modprobe's order.</summary>
    /// <param name="unknowns">Gets those that cannot be read.</param>
    public static ImmutableArray<SettingsFile> Files(FileSystemRoot root, List<Unknown> unknowns) =>
        new BoundedFiles(root, unknowns, UnknownFact.ModuleSettings, "settings of modules").Merged(
            ["etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"], ".conf", ".alias");

    /// <param name="files">In modprobe's order.</param>
    /// <param name="commandLine">Of the kernel: /proc/cmdline.</param>
    public static ModuleSettings Parse(IEnumerable<SettingsFile> files, string commandLine)
    {
        var rules = ImmutableArray.CreateBuilder<ModuleRule>();
        var ids = ImmutableArray.CreateBuilder<DynamicId>();
        foreach (var line in files.SelectMany(ModprobeLine.Of)) AddLine(line, Visible.Text(line.File.Path, 200), rules, ids);
        foreach (var parameter in KernelCommandLine.Parameters(commandLine)) AddParameter(parameter, rules, ids);
        return new ModuleSettings(rules.ToImmutable(), [.. ids.Distinct()]);
    }

    private static void AddLine(
        ModprobeLine line, string source, ImmutableArray<ModuleRule>.Builder rules, ImmutableArray<DynamicId>.Builder ids)
    {
        var (words, module) = (line.Words, KernelModule.Canonical(line.Words[0]));
        switch (line.Command)
        {
            case "blacklist":
                rules.Add(new ModuleRule(ModuleRuleKind.Blacklist, module, source));
                break;
            case "install" when words.Length > 1:
                rules.Add(new ModuleRule(line.LoadsNothing ? ModuleRuleKind.InstallNothing : ModuleRuleKind.InstallOther, module, source)
                {
                    Loads = line.LoadsInstead is { } file ? KernelModule.Canonical(file) : null,
                });
                break;
            case "alias" when words.Length > 1 && words[1] == "off":
                rules.Add(new ModuleRule(ModuleRuleKind.AliasOff, module, source));
                break;
            case "alias" when words.Length > 1 && words[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'):
                rules.Add(new ModuleRule(ModuleRuleKind.Alias, module, source) { Loads = KernelModule.Canonical(words[1]) });
                break;
            case "options" when s_driversWithIds.TryGetValue(module, out var driver):
                foreach (var option in words.Skip(1).Where(word => word.StartsWith("ids=", StringComparison.Ordinal)))
                    ids.AddRange(DynamicId.Parse(driver, option["ids=".Length..]).Select(one => one.Id));
                break;
            default:
                break;
        }
    }

    private static void AddParameter(
        KernelParameter parameter, ImmutableArray<ModuleRule>.Builder rules, ImmutableArray<DynamicId>.Builder ids)
    {
        switch (parameter.Name)
        {
            case "modprobe.blacklist":
                foreach (var module in KernelCommandLine.Listed(parameter.Value))
                    rules.Add(new ModuleRule(ModuleRuleKind.Blacklist, KernelModule.Canonical(module), CommandLine));
                break;
            case "module_blacklist":
                foreach (var module in KernelCommandLine.Listed(parameter.Value))
                    rules.Add(new ModuleRule(ModuleRuleKind.KernelBlacklist, module, CommandLine));
                break;
            default:
                if (parameter is { Value: { } value, Name: var name }
                    && name.EndsWith(".ids", StringComparison.Ordinal)
                    && s_driversWithIds.TryGetValue(name[..^".ids".Length], out var driver))
                    ids.AddRange(DynamicId.Parse(driver, value).Select(one => one.Id));
                break;
        }
    }
}
