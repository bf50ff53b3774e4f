using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Pci;

namespace GpuTty.Linux.Settings;

/// <summary>Reads what a switch may change for a virtual machine, and what
/// decides whether it can be. What cannot be read is not offered.</summary>
internal static class TunableSettingsReader
{
    /// <summary>They set governors by themselves whenever the profile, the power supply or the load changes.</summary>
    private static readonly string[] s_powerDaemons =
    [
        "power-profiles-daemon.service",
        "tuned.service",
        "tlp.service",
        "auto-cpufreq.service",
        "system76-power.service",
    ];

    public static TunableSettings Read(FileSystemRoot root, HostSnapshot host)
    {
        var cpus = root.Sys("devices/system/cpu");
        if (SysFiles.Word($"{cpus}/online") is not { } online) return TunableSettings.None;
        return new TunableSettings(
            [.. Slices(root, online), .. Policies(root), .. HugePages(root), Kvmfr(root), SharedMemory(root)],
            Canonical(online),
            [.. SysFiles.Names(cpus)
                .Where(name =>
                    name.StartsWith("cpu", StringComparison.Ordinal)
                    && name.Length > 3
                    && name.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0)
                .Select(name => Canonical(SysFiles.Word($"{cpus}/{name}/topology/thread_siblings_list")))
                .Where(core => core.AsSpan().ContainsAny(',', '-'))
                .Distinct()],
            // The plan that wants it says that it is unknown.
            SysFiles.Exists(root.Sys("module/kvmfr")) ? true : ModuleFiles.Lists(root, host.Kernel, "kvmfr", []),
            s_powerDaemons.FirstOrDefault(unit => SysFiles.Exists(root.Sys($"fs/cgroup/system.slice/{unit}"))),
            [.. host.Devices.Where(device => device.IsGraphics).SelectMany(device => Place(root, device.Address))]);
    }

    /// <summary>The kernel's own list; where the controller is not switched on there is no file,
    /// and no limit. One that names all CPUs is none: an earlier limit is removed in this way.</summary>
    private static IEnumerable<KnownSetting> Slices(FileSystemRoot root, string online) =>
        from part in HostSetting.HostParts
        let folder = root.Sys($"fs/cgroup/{part}")
        where SysFiles.Exists($"{folder}/cgroup.procs")
        let cpus = CpuList.Parse(SysFiles.Word($"{folder}/cpuset.cpus") ?? "")
        let isAll = cpus is not null && CpuList.Parse(online) is { } all && cpus.IsSupersetOf(all)
        select new KnownSetting(new HostSetting(SettingKind.AllowedCpus, part), cpus is null || isAll ? "" : CpuList.Of(cpus));

    private static IEnumerable<KnownSetting> Policies(FileSystemRoot root)
    {
        foreach (var policy in SysFiles.Names(root.Sys("devices/system/cpu/cpufreq")).Where(name =>
            name.StartsWith("policy", StringComparison.Ordinal)))
        {
            var folder = root.Sys($"devices/system/cpu/cpufreq/{policy}");
            if (SysFiles.Word($"{folder}/scaling_governor") is { } governor)
                yield return new(new HostSetting(SettingKind.Governor, policy), governor)
                {
                    Choices = SysFiles.Word($"{folder}/scaling_available_governors") ?? "",
                };
            if (SysFiles.Word($"{folder}/energy_performance_preference") is { } preference)
                yield return new(new HostSetting(SettingKind.EnergyPreference, policy), preference)
                {
                    Choices = SysFiles.Word($"{folder}/energy_performance_available_preferences") ?? "",
                };
        }
    }

    private static IEnumerable<KnownSetting> HugePages(FileSystemRoot root)
    {
        foreach (var node in SysFiles.Names(root.Sys("devices/system/node")).Where(name =>
            name.StartsWith("node", StringComparison.Ordinal)))
        {
            var folder = root.Sys($"devices/system/node/{node}/hugepages/hugepages-2048kB");
            if (SysFiles.Word($"{folder}/nr_hugepages") is { } count)
                yield return new(new HostSetting(SettingKind.HugePages, node), count)
                {
                    Free = Number(SysFiles.Word($"{folder}/free_hugepages")),
                };
        }
    }

    private static KnownSetting Kvmfr(FileSystemRoot root) => new(HostSetting.Kvmfr,
        SysFiles.Exists(root.Sys("module/kvmfr")) && Owner(root, HostSetting.Kvmfr.Of) is { Length: > 0 } owner
            ? $"{KvmfrMemory.MebibytesOf(root.Any(HostSetting.Kvmfr.Of[1..]))?.ToString(CultureInfo.InvariantCulture) ?? "?"},{owner}"
            : "");

    private static KnownSetting SharedMemory(FileSystemRoot root) =>
        new(HostSetting.SharedMemory, Owner(root, HostSetting.SharedMemory.Of));

    private static string Owner(FileSystemRoot root, string path) => SysFiles.Stat(root.Any(path[1..])) is { } facts
        ? $"{facts.Uid}:{facts.Gid}:{Convert.ToString(facts.Mode & 0b111_111_111, 8)}" : "";

    private static IEnumerable<NumaPlace> Place(FileSystemRoot root, PciAddress device)
    {
        if (Number(SysFiles.Word($"{root.PciDevices}/{device}/numa_node")) is { } node) yield return new NumaPlace(device, (int)node);
    }

    private static string Canonical(string? list) => CpuList.Parse(list ?? "") is { } cpus ? CpuList.Of(cpus) : "";

    /// <summary>The firmware's -1 for "nobody knows" is none.</summary>
    private static long? Number(string? word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
