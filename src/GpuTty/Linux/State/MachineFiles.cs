using System.Globalization;
using System.Text;
using GpuTty.Interop;

namespace GpuTty.Linux.State;

/// <summary>
/// The kernel's files about cards, as they are, for somebody who has another machine: each with its path, links with where they lead. What
/// a file tells of people or of this one machine (a monitor's EDID, a command line, an environment) is not among them.
/// </summary>
internal sealed class MachineFiles(FileSystemRoot root)
{
    private const int LongestFile = 64 * 1024, LongestText = 4 * 1024 * 1024;

    private static readonly string[] s_function =
    [
        "vendor", "device", "subsystem_vendor", "subsystem_device", "class", "revision", "modalias", "boot_vga", "power_state",
        "reset_method", "driver_override", "sriov_numvfs", "sriov_totalvfs", "current_link_width", "current_link_speed", "max_link_width",
        "max_link_speed", "d3cold_allowed", "enable", "numa_node", "local_cpulist", "resource",
    ];

    private static readonly string[] s_functionLinks = ["driver", "iommu_group", "physfn"];
    private static readonly string[] s_classes =
        ["drm", "graphics", "sound", "i2c-dev", "kfd", "vfio", "vfio-dev", "mdev_bus", "vtconsole"];
    private static readonly string[] s_classAttributes = ["dev", "uevent", "name", "status", "enabled", "bind"];

    private static readonly string[] s_modules =
        ["nvidia", "nouveau", "amdgpu", "radeon", "i915", "xe", "vfio", "kvmfr", "snd_hda", "vendor_reset", "simpledrm"];

    private static readonly string[] s_others =
    [
        "proc/version", "proc/modules", "proc/devices", "proc/sys/kernel/tainted", "proc/sys/kernel/modules_disabled",
        "proc/driver/nvidia/version", "proc/driver/nvidia/params", "sys/class/tty/tty0/active", "sys/class/misc/vfio/dev",
    ];

    /// <summary>
    /// A path and its one line behind a colon, or its lines below it, each two columns in; a link and where it leads behind an arrow;
    /// a folder ends with a slash.
    /// </summary>
    public string Text(CancellationToken cancel = default)
    {
        string[] paths = [.. Paths().Distinct()];
        var (read, late) = new HangTolerantScan<string>().Read(paths, Entry, cancel: cancel);
        var text = new StringBuilder();
        foreach (var (path, entry) in paths.Zip(read))
        {
            if (late.Contains(path)) text.Append(CultureInfo.InvariantCulture, $"/{path} did not answer\n");
            else text.Append(entry);
            if (text.Length > LongestText) return $"{text}What follows is left out: it is too long.\n";
        }
        return text.ToString();
    }

    private IEnumerable<string> Paths() =>
        [.. s_others, .. Functions(), .. Mediated(), .. Groups(), .. Classes(), .. Modules(), .. NvidiaCards()];

    private IEnumerable<string> Functions()
    {
        foreach (var address in SysFiles.Names(root.PciDevices))
        {
            yield return $"sys/bus/pci/devices/{address}";
            var folder = Leads("sys/bus/pci/devices", address);
            foreach (var name in s_function.Concat(s_functionLinks)) yield return $"{folder}/{name}";
        }
        foreach (var driver in SysFiles.Names(root.PciDrivers)) yield return $"sys/bus/pci/drivers/{driver}/module";
    }

    private IEnumerable<string> Mediated() =>
        from name in SysFiles.Names(root.Sys("bus/mdev/devices"))
        from path in (string[])[$"sys/bus/mdev/devices/{name}", $"{Leads("sys/bus/mdev/devices", name)}/iommu_group"]
        select path;

    private IEnumerable<string> Groups() =>
        from number in SysFiles.Names(root.Groups)
        let folder = $"sys/kernel/iommu_groups/{number}"
        from path in ((string[])[$"{folder}/type", $"{folder}/reserved_regions"])
            .Concat(SysFiles.Names(root.Any($"{folder}/devices")).Select(member => $"{folder}/devices/{member}"))
        select path;

    private IEnumerable<string> Classes() =>
        from name in s_classes
        from entry in SysFiles.Names(root.Sys($"class/{name}"))
        from path in s_classAttributes.Select(attribute => $"{Leads($"sys/class/{name}", entry)}/{attribute}")
            .Prepend($"sys/class/{name}/{entry}")
        select path;

    private IEnumerable<string> Modules() =>
        from module in SysFiles.Names(root.Sys("module"))
        where s_modules.Any(begin => module.StartsWith(begin, StringComparison.Ordinal))
        let folder = $"sys/module/{module}"
        from path in ((string[])[$"{folder}/refcnt", $"{folder}/version"])
            .Concat(SysFiles.Names(root.Any($"{folder}/parameters")).Select(name => $"{folder}/parameters/{name}"))
        select path;

    private IEnumerable<string> NvidiaCards() =>
        SysFiles.Names(root.Proc("driver/nvidia/gpus")).Select(card => $"proc/driver/nvidia/gpus/{card}/information");

    /// <summary>Where the files of an entry are: behind its link, or in it.</summary>
    private string Leads(string folder, string entry) =>
        SysFiles.Target(folder, SysFiles.Link(root.Any($"{folder}/{entry}"))) ?? $"{folder}/{entry}";

    /// <summary>Null for what is not there or may not be read.</summary>
    private string? Entry(string path)
    {
        var whole = root.Any(path);
        if (SysFiles.Link(whole) is { } target) return $"/{path} -> {target}\n";
        if (SysFiles.Text(whole, LongestFile) is not { } text) return Directory.Exists(whole) ? $"/{path}/\n" : null;
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Length == 1
            ? $"/{path}: {lines[0]}\n"
            : $"/{path}:\n{string.Concat(lines.Select(line => $"  {line}\n"))}";
    }
}
