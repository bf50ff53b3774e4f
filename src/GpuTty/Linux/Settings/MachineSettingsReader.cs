using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;

namespace GpuTty.Linux.Settings;

/// <summary>Reads what a switch may change for a virtual machine, and what decides whether it can be. What cannot be read is not offered.</summary>
internal static class MachineSettingsReader
{
    private static readonly string[] s_hostParts = ["init.scope", "system.slice", "user.slice"];

    /// <summary>They set governors by themselves whenever the profile, the power supply or the load changes.</summary>
    private static readonly string[] s_powerDaemons = ["power-profiles-daemon.service", "tuned.service", "tlp.service", "auto-cpufreq.service", "system76-power.service"];

    public static MachineSettings Read(MachineRoot root, HostSnapshot host)
    {
        var cpus = root.Sys("devices/system/cpu");
        if (Files.Word($"{cpus}/online") is not { } online) return MachineSettings.None;
        return new MachineSettings(
            [.. Slices(root), .. Policies(root), .. HugePages(root), Kvmfr(root), SharedMemory(root)],
            Canonical(online),
            [.. Files.Names(cpus).Where(name => name.StartsWith("cpu", StringComparison.Ordinal) && name.Length > 3 && name.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0)
                .Select(name => Canonical(Files.Word($"{cpus}/{name}/topology/thread_siblings_list"))).Where(core => core.AsSpan().ContainsAny(',', '-')).Distinct()],
            Files.Exists(root.Sys("module/kvmfr")) || (Files.Text(root.Modules(host.Kernel, "modules.dep"), 16 * 1024 * 1024) ?? "").Contains("/kvmfr.ko", StringComparison.Ordinal),
            s_powerDaemons.FirstOrDefault(unit => Files.Exists(root.Sys($"fs/cgroup/system.slice/{unit}"))),
            [.. host.Devices.Where(device => device.IsGraphics).SelectMany(device => Place(root, device.Address))]);
    }

    /// <summary>The kernel's own list; where the controller is not switched on there is no file, and no limit.</summary>
    private static IEnumerable<KnownSetting> Slices(MachineRoot root) =>
        from part in s_hostParts
        let folder = root.Sys($"fs/cgroup/{part}")
        where Files.Exists($"{folder}/cgroup.procs")
        select new KnownSetting(new HostSetting(SettingKind.AllowedCpus, part), Canonical(Files.Word($"{folder}/cpuset.cpus")));

    private static IEnumerable<KnownSetting> Policies(MachineRoot root)
    {
        foreach (var policy in Files.Names(root.Sys("devices/system/cpu/cpufreq")).Where(name => name.StartsWith("policy", StringComparison.Ordinal)))
        {
            var folder = root.Sys($"devices/system/cpu/cpufreq/{policy}");
            if (Files.Word($"{folder}/scaling_governor") is { } governor)
                yield return new(new HostSetting(SettingKind.Governor, policy), governor) { Choices = Files.Word($"{folder}/scaling_available_governors") ?? "" };
            if (Files.Word($"{folder}/energy_performance_preference") is { } preference)
                yield return new(new HostSetting(SettingKind.EnergyPreference, policy), preference) { Choices = Files.Word($"{folder}/energy_performance_available_preferences") ?? "" };
        }
    }

    private static IEnumerable<KnownSetting> HugePages(MachineRoot root)
    {
        foreach (var node in Files.Names(root.Sys("devices/system/node")).Where(name => name.StartsWith("node", StringComparison.Ordinal)))
        {
            var folder = root.Sys($"devices/system/node/{node}/hugepages/hugepages-2048kB");
            if (Files.Word($"{folder}/nr_hugepages") is { } count)
                yield return new(new HostSetting(SettingKind.HugePages, node), count) { Free = Number(Files.Word($"{folder}/free_hugepages")) };
        }
    }

    private static KnownSetting Kvmfr(MachineRoot root) => new(HostSetting.Kvmfr,
        Files.Exists(root.Sys("module/kvmfr")) && Owner(root, HostSetting.Kvmfr.Of) is { Length: > 0 } owner
            ? $"{KvmfrMemory.MebibytesOf(root.Any(HostSetting.Kvmfr.Of[1..]))?.ToString(CultureInfo.InvariantCulture) ?? "?"},{owner}" : "");

    private static KnownSetting SharedMemory(MachineRoot root) => new(HostSetting.SharedMemory, Owner(root, HostSetting.SharedMemory.Of));

    private static string Owner(MachineRoot root, string path) => Files.Stat(root.Any(path[1..])) is { } facts
        ? $"{facts.Uid}:{facts.Gid}:{Convert.ToString(facts.Mode & 0b111_111_111, 8)}" : "";

    private static IEnumerable<NumaPlace> Place(MachineRoot root, PciAddress device)
    {
        if (Number(Files.Word($"{root.PciDevices}/{device}/numa_node")) is { } node) yield return new NumaPlace(device, (int)node);
    }

    private static string Canonical(string? list) => CpuList.Parse(list ?? "") is { } cpus ? CpuList.Of(cpus) : "";

    /// <summary>The firmware's -1 for "nobody knows" is none.</summary>
    private static long? Number(string? word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
