using System.Collections.Immutable;
using System.Globalization;

namespace GpuTty.Interop;

/// <summary>Where the machine's files begin: <c>/</c> in life, a captured or
/// built tree in tests. Readers make no absolute path without it.</summary>
internal sealed class FileSystemRoot(string path)
{
    private readonly string _prefix = path.TrimEnd('/');

    public static FileSystemRoot Live { get; } = new("/");

    public bool IsLive => _prefix.Length == 0;

    /// <summary>Which framebuffer shows the text consoles of a tree, whose
    /// kernel cannot be asked; null where the tree does not tell.</summary>
    public int? ConsoleFramebuffer { get; set; }

    /// <summary>Any path below the root, without a slash at its begin.</summary>
    public string Any(string below) => $"{_prefix}/{below}";

    public string Sys(string below) => $"{_prefix}/sys/{below}";
    public string Proc(string below) => $"{_prefix}/proc/{below}";
    public string Dev(string below) => $"{_prefix}/dev/{below}";
    public string Run(string below) => $"{_prefix}/run/{below}";
    public string Etc(string below) => $"{_prefix}/etc/{below}";
    public string Usr(string below) => $"{_prefix}/usr/{below}";

    /// <summary>
    /// Where distributions keep the modules of a kernel release: everybody, then NixOS and Guix System, first the system that was booted.
    /// Their kmod looks there too.
    /// </summary>
    private static readonly string[] s_modules =
    [
        "lib/modules", "usr/lib/modules",
        "run/booted-system/kernel-modules/lib/modules", "run/current-system/kernel-modules/lib/modules",
        "run/booted-system/kernel/lib/modules", "run/current-system/kernel/lib/modules",
    ];

    /// <summary>A file beside the modules of a kernel release, e.g.
    /// <c>/lib/modules/6.12.0/modules.alias</c>; one that cannot be looked at may be it, and
    /// where there is none it is where it would usually be.</summary>
    public string Modules(string release, string file) =>
        s_modules.Select(folder => Any($"{folder}/{release}/{file}"))
            .FirstOrDefault(path => SysFiles.Stat(path, out var error) is not null || error is not null)
        ?? Any($"{s_modules[0]}/{release}/{file}");

    /// <summary>A path as the machine itself calls it.</summary>
    public string Shown(string path) => path.StartsWith(_prefix, StringComparison.Ordinal) ? path[_prefix.Length..] : path;

    /// <summary>The numbers of all processes of the moment (proc(5)); none where proc cannot be read.</summary>
    public ImmutableArray<int> Processes() =>
        [.. SysFiles.Names(Proc(""))
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)];

    public string PciDevices => Sys("bus/pci/devices");
    public string PciDrivers => Sys("bus/pci/drivers");
    public string Groups => Sys("kernel/iommu_groups");
}
