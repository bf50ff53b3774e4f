using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Enumeration;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which modules offer themselves for a PCI function:
/// /lib/modules/RELEASE/modules.alias (modprobe(8), modules.alias from depmod(8)).</summary>
internal sealed class ModulesAlias
{
    /// <summary><c>pci:v</c> and eight digits: enough to leave out nearly all of some 20,000 patterns.</summary>
    private const int VendorEnd = 13;
    private static readonly string s_vfio = KernelModule.Canonical(VfioSupport.Driver);
    private readonly Dictionary<string, List<(string Pattern, string Module)>> _byVendor = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _found = new();

    private ModulesAlias(string release, bool isKnown)
    {
        Release = release;
        IsKnown = isKnown;
    }

    /// <summary>The kernel release it is for.</summary>
    public string Release { get; }

    /// <summary>False where the file is missing.</summary>
    public bool IsKnown { get; }

    public static ModulesAlias Read(FileSystemRoot root, string release) =>
        Parse(release, SysFiles.Text(root.Modules(release, "modules.alias")));

    public static ModulesAlias Parse(string release, string? text)
    {
        var aliases = new ModulesAlias(release, text is not null);
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            if (!line.StartsWith("alias pci:v", StringComparison.Ordinal)) continue;
            var space = line.LastIndexOf(' ');
            var name = KernelModule.Canonical(line[(space + 1)..].ToString());
            if (space < "alias pci:v".Length || name == s_vfio || VfioSupport.IsVfioDriver(name)) continue;
            var pattern = line["alias ".Length..space].Trim().ToString();
            var vendor = pattern.Length >= VendorEnd && !pattern.AsSpan(0, VendorEnd).ContainsAny("*?[") ? pattern[..VendorEnd] : "";
            if (!aliases._byVendor.TryGetValue(vendor, out var entries)) aliases._byVendor[vendor] = entries = [];
            entries.Add((pattern, name));
        }
        return aliases;
    }

    /// <summary>Modules for a function, the one with the closest pattern first.</summary>
    public ImmutableArray<string> Find(string? alias) =>
        alias is null || alias.Length < VendorEnd ? [] : _found.GetOrAdd(alias, Search);

    private ImmutableArray<string> Search(string alias) =>
    [
        .. new[] { alias[..VendorEnd], "" }.SelectMany(vendor => _byVendor.GetValueOrDefault(vendor) ?? [])
            .Where(entry => FileSystemName.MatchesSimpleExpression(entry.Pattern, alias, ignoreCase: false))
            .OrderBy(entry => entry.Pattern.Count(c => c is '*' or '?'))
            .Select(entry => entry.Module)
            .Distinct(),
    ];
}
