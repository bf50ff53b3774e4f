using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Settings;

namespace GpuTty.Host.Pci;

/// <summary>What a line about a module does.</summary>
public enum ModuleRuleKind
{
    /// <summary>No device makes it load by itself; <c>modprobe NAME</c> does anyway (modprobe.d(5), blacklist).</summary>
    [JsonStringEnumMemberName("blacklist")] Blacklist,
    /// <summary>A command that loads nothing is run in its place: <c>install NAME /bin/false</c>.</summary>
    [JsonStringEnumMemberName("install-nothing")] InstallNothing,
    /// <summary>Some other command is run in its place; what it does cannot be told.</summary>
    [JsonStringEnumMemberName("install-other")] InstallOther,
    /// <summary>Its name leads nowhere: <c>alias NAME off</c>.</summary>
    [JsonStringEnumMemberName("alias-off")] AliasOff,
    /// <summary>Its name leads to another module: <c>alias NAME MODULE</c>.</summary>
    [JsonStringEnumMemberName("alias")] Alias,
    /// <summary>The kernel itself refuses it (module_blacklist=, kernel/module/main.c).</summary>
    [JsonStringEnumMemberName("kernel-blacklist")] KernelBlacklist,
    /// <summary>It needs a module that cannot be loaded.</summary>
    [JsonStringEnumMemberName("needs-forbidden")] NeedsForbidden,
}

/// <summary>A line about a module.</summary>
/// <param name="Module">With underscores; of an install line also a pattern with * and ?.</param>
/// <param name="Source">Where it is written: a path, or <c>the kernel command line</c>.</param>
public sealed record ModuleRule(
    [property: JsonPropertyName("kind")] ModuleRuleKind Kind,
    [property: JsonPropertyName("module")] string Module,
    [property: JsonPropertyName("source")] string Source)
{
    /// <summary>Of an install line: the module, with underscores, whose file its command loads; null where that cannot be told. Of
    /// an alias: the module that it leads to.</summary>
    [JsonPropertyName("loads")] public string? Loads { get; init; }

    public bool Means(string module) => Module == module || Pattern.Fits(Module, module);
}

/// <summary>Ids that a driver takes besides those of its own table, because an
/// option of its module says so (ids= of vfio-pci and of pci-stub).</summary>
/// <param name="Driver">The driver's name: vfio-pci, pci-stub.</param>
/// <param name="Vendor">Null for any, as for the others.</param>
/// <param name="Class">Compared where <paramref name="ClassMask"/> has a bit set; 0 for both means any.</param>
public sealed record DynamicId(
    [property: JsonPropertyName("driver")] string Driver,
    [property: JsonPropertyName("vendor")] int? Vendor,
    [property: JsonPropertyName("device")] int? Device,
    [property: JsonPropertyName("subsystem_vendor")] int? SubsystemVendor = null,
    [property: JsonPropertyName("subsystem_device")] int? SubsystemDevice = null,
    [property: JsonPropertyName("class")] int Class = 0,
    [property: JsonPropertyName("class_mask")] int ClassMask = 0)
{
    /// <summary>As the kernel compares them (drivers/pci/pci.h, pci_match_one_device).
    /// A subsystem that sysfs does not show may be any.</summary>
    public bool Matches(PciDevice device) =>
        (Vendor is null || Vendor == device.Id.Vendor) && (Device is null || Device == device.Id.Device)
        && (SubsystemVendor is null || device.Id.SubsystemVendor is null || SubsystemVendor == device.Id.SubsystemVendor)
        && (SubsystemDevice is null || device.Id.SubsystemDevice is null || SubsystemDevice == device.Id.SubsystemDevice)
        && ((Class ^ device.Class.Code) & ClassMask) == 0;

    /// <summary>A list of <c>vendor:device[:subvendor[:subdevice[:class[:mask]]]]</c>, hexadecimal,
    /// with commas (drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids), each with its text.</summary>
    public static IEnumerable<(string Text, DynamicId Id)> Parse(string driver, string list)
    {
        foreach (var entry in KernelCommandLine.Listed(list.Trim('"')))
        {
            var fields = entry.Split(':').Select(Number).TakeWhile(number => number is not null).Select(number => number!.Value).ToArray();
            if (fields.Length >= 2)
                yield return (entry, new DynamicId(
                    driver, Any(fields, 0), Any(fields, 1), Any(fields, 2), Any(fields, 3), Part(fields, 4), Part(fields, 5)));
        }

        static uint? Number(string text)
        {
            var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
            return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        static int? Any(uint[] fields, int index) =>
            index < fields.Length && fields[index] != uint.MaxValue ? unchecked((int)fields[index]) : null;
        static int Part(uint[] fields, int index) => index < fields.Length ? unchecked((int)fields[index]) : 0;
    }
}

/// <summary>What modprobe's settings and the kernel command line say about modules (modprobe.d(5), kernel-parameters).</summary>
/// <param name="Rules">In the order in which modprobe reads them.</param>
/// <param name="Ids">Of all places together: which of them a module loaded in the initramfs has seen cannot be told.</param>
public sealed record ModuleSettings(
    [property: JsonPropertyName("rules")] ImmutableArray<ModuleRule> Rules,
    [property: JsonPropertyName("ids")] ImmutableArray<DynamicId> Ids)
{
    public static ModuleSettings None { get; } = new([], []);

    /// <summary>Why modprobe cannot load a module; null when it can. Of several install lines the first counts.</summary>
    public ModuleRule? Forbids(string module)
    {
        var name = KernelModule.Canonical(module);
        var install =
            Rules.FirstOrDefault(rule => rule.Kind is ModuleRuleKind.InstallNothing or ModuleRuleKind.InstallOther && rule.Means(name));
        return Rules.FirstOrDefault(rule =>
            rule.Kind is ModuleRuleKind.KernelBlacklist or ModuleRuleKind.AliasOff or ModuleRuleKind.NeedsForbidden && rule.Means(name))
            ?? (install?.Kind == ModuleRuleKind.InstallNothing ? install : null);
    }

    /// <summary>Why no device makes a module load by itself; null when one would.</summary>
    public ModuleRule? KeepsBack(string module) =>
        Forbids(module)
        ?? Rules.FirstOrDefault(rule => rule.Kind == ModuleRuleKind.Blacklist && rule.Module == KernelModule.Canonical(module));

    /// <summary>The command that runs instead of loading a module, where it is none that loads nothing; null otherwise.</summary>
    public ModuleRule? Replaces(string module) =>
        Rules.FirstOrDefault(rule =>
            rule.Kind is ModuleRuleKind.InstallNothing or ModuleRuleKind.InstallOther && rule.Means(KernelModule.Canonical(module)))
            is { Kind: ModuleRuleKind.InstallOther } other ? other : null;

    /// <summary>The module whose file is loaded for a name; null where some command decides. With underscores.</summary>
    public string? FileOf(string module) =>
        Replaces(module) is { } rule ? rule.Loads
        : Rules.FirstOrDefault(rule => rule.Kind == ModuleRuleKind.Alias && rule.Module == KernelModule.Canonical(module))?.Loads
            ?? KernelModule.Canonical(module);

    /// <summary>The names by which files of modules are loaded, which are then the loaded modules' names too: Debian's nvidia_current
    /// is nvidia. Their own where no install line loads them, or something keeps them back.</summary>
    public ImmutableArray<string> NamesOf(ImmutableArray<string> files) =>
        Rules.All(rule => rule.Loads is null) ? files : [.. files.Select(NameOf).Distinct()];

    private string NameOf(string file) =>
        KeepsBack(file) is not null ? file
        : Rules.FirstOrDefault(rule => rule.Loads == file && Replaces(rule.Module) == rule)?.Module ?? file;

    /// <summary>Of the modules that offer themselves for a function those that it gets: registered already, or loaded for it.</summary>
    public ImmutableArray<string> Loadable(ImmutableArray<string> offered, IEnumerable<PciDriver> registered)
    {
        var there = registered.Select(driver => driver.ModuleOrName).ToHashSet();
        return [
            .. offered.Where(module => there.Contains(module)),
            .. offered.Where(module => !there.Contains(module) && KeepsBack(module) is null),
        ];
    }

    /// <summary>A function with the modules that modules.alias offers for it,
    /// sorted into those that it gets and those that are kept from it.</summary>
    /// <param name="device">The function.</param>
    /// <param name="offered">Best first.</param>
    /// <param name="registered">Drivers that are there: a blacklist does not keep them from taking a function.</param>
    public PciDevice Offer(PciDevice device, ImmutableArray<string> offered, ImmutableArray<PciDriver> registered)
    {
        var loadable = device.IsBridge ? [] : Loadable(offered, registered);
        if (loadable.SequenceEqual(device.CandidateModules)
            && (device.IsBridge || loadable.Length == offered.Length)
            && device.BarredModules.IsEmpty)
            return device;
        if (device.IsBridge) return device with { CandidateModules = [], BarredModules = [] };
        return device with
        {
            CandidateModules = loadable,
            BarredModules = [.. offered.Except(loadable).Select(module => KeepsBack(module)! with { Module = module })],
        };
    }

    public bool Equals(ModuleSettings? other) => other is not null && Rules.SequenceEqual(other.Rules) && Ids.SequenceEqual(other.Ids);
    public override int GetHashCode() => HashCode.Combine(Rules.Length, Ids.Length);
}
