using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which modules a module needs, all of them: modules.dep from depmod(8),
/// one line each. modprobe fails where one of them may not be loaded.</summary>
internal sealed class ModuleDependencies(FileSystemRoot root, string release)
{
    private ImmutableDictionary<string, ImmutableArray<string>>? _needs;

    /// <summary>The kernel release it is for.</summary>
    public string Release => release;

    /// <summary>Module names with underscores, and what each needs.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Parse(string? text)
    {
        var needs = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>();
        foreach (var line in (text ?? "").Split('\n'))
            if (line.IndexOf(':') is var colon and > 0)
                needs[NameOf(line[..colon])] = [.. line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(NameOf)];
        return needs.ToImmutable();
    }

    /// <summary>The settings, with a rule for each of the modules that needs one which may not be loaded and is not there.</summary>
    /// <param name="unknowns">Gets that these are unknown, where they are.</param>
    public ModuleSettings WithDependents(ModuleSettings settings, IEnumerable<string> modules, List<Unknown> unknowns)
    {
        // Hardly ever: the file is large, and most machines forbid nothing.
        if (settings.Rules.All(rule =>
            rule.Kind is ModuleRuleKind.Blacklist or ModuleRuleKind.InstallOther or ModuleRuleKind.NeedsForbidden))
            return settings;
        var known = settings with { Rules = settings.Rules.RemoveAll(rule => rule.Kind == ModuleRuleKind.NeedsForbidden) };
        return Needs(unknowns) is not { } needs ? known : known with
        {
            Rules = known.Rules.AddRange(
                modules.Distinct().Select(module => Of(known, module, needs.GetValueOrDefault(module, []))).OfType<ModuleRule>()),
        };
    }

    /// <summary>Kept once it has been read; null while it cannot be.</summary>
    private ImmutableDictionary<string, ImmutableArray<string>>? Needs(List<Unknown> unknowns)
    {
        if (_needs is not null) return _needs;
        var text = new PartFiles(unknowns, UnknownFact.ModuleSettings, "which modules need one that cannot be loaded")
            .Text(root.Modules(release, "modules.dep"), SysFiles.TableLimit, out var isKnown);
        if (!isKnown) return null;
        return text is null ? Parse(text) : _needs = Parse(text);
    }

    private ModuleRule? Of(ModuleSettings settings, string module, ImmutableArray<string> needs) =>
        needs
            .Where(needed => !SysFiles.Exists(root.Sys($"module/{needed}")))
            .Select(settings.Forbids)
            .FirstOrDefault(rule => rule is not null) is { } forbidden
            ? new ModuleRule(ModuleRuleKind.NeedsForbidden, module, forbidden.Source) : null;

    /// <summary><c>kernel/drivers/vfio/pci/vfio-pci.ko.zst</c> is vfio_pci.</summary>
    private static string NameOf(string path)
    {
        var file = path[(path.LastIndexOf('/') + 1)..];
        return KernelModule.Canonical(file.IndexOf('.') is var dot and >= 0 ? file[..dot] : file);
    }
}
