using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>Kinds of settings of the machine that a switch may change while a virtual machine has the card.</summary>
public enum SettingKind
{
    /// <summary>AllowedCPUs= of a slice or a scope (systemd.resource-control(5)); empty for all.</summary>
    [JsonStringEnumMemberName("allowed-cpus")] AllowedCpus,
    /// <summary>scaling_governor of a policy (Documentation/admin-guide/pm/cpufreq.rst).</summary>
    [JsonStringEnumMemberName("governor")] Governor,
    /// <summary>energy_performance_preference of a policy (Documentation/admin-guide/pm/amd-pstate.rst, intel_pstate.rst).</summary>
    [JsonStringEnumMemberName("energy-preference")] EnergyPreference,
    /// <summary>How many pages of 2 MiB are set aside on a NUMA node (Documentation/admin-guide/mm/hugetlbpage.rst).</summary>
    [JsonStringEnumMemberName("huge-pages")] HugePages,
    /// <summary>Size of /dev/kvmfr0 in MiB and its owner, <c>64,1000:108:660</c>; empty where the module kvmfr is not loaded.</summary>
    [JsonStringEnumMemberName("kvmfr")] Kvmfr,
    /// <summary>Owner of /dev/shm/looking-glass, <c>1000:108:660</c>; empty where there is no such file.</summary>
    [JsonStringEnumMemberName("shared-memory")] SharedMemory,
}

/// <summary>One setting of the machine.</summary>
/// <param name="Of">What it belongs to: <c>system.slice</c>, <c>policy4</c>, <c>node0</c>, a path below /dev.</param>
public sealed record HostSetting(
    [property: JsonPropertyName("kind")] SettingKind Kind,
    [property: JsonPropertyName("of")] string Of)
{
    /// <summary>Everything that the host runs is in one of these; virtual machines of libvirt are in machine.slice.</summary>
    public static ImmutableArray<string> HostParts { get; } = ["init.scope", "system.slice", "user.slice"];

    public static HostSetting Kvmfr { get; } = new(SettingKind.Kvmfr, "/dev/kvmfr0");
    public static HostSetting SharedMemory { get; } = new(SettingKind.SharedMemory, "/dev/shm/looking-glass");

    /// <summary>The file that holds it; null where several do.</summary>
    [JsonIgnore]
    public string? File => Kind switch
    {
        SettingKind.Governor => $"/sys/devices/system/cpu/cpufreq/{Of}/scaling_governor",
        SettingKind.EnergyPreference => $"/sys/devices/system/cpu/cpufreq/{Of}/energy_performance_preference",
        SettingKind.HugePages => $"/sys/devices/system/node/{Of}/hugepages/hugepages-2048kB/nr_hugepages",
        SettingKind.SharedMemory => Of,
        _ => null,
    };
}

/// <summary>A setting as it is.</summary>
/// <param name="Value">As <see cref="SettingKind"/> says.</param>
public sealed record KnownSetting(
    [property: JsonPropertyName("setting")] HostSetting Setting,
    [property: JsonPropertyName("value")] string Value)
{
    /// <summary>Words that may be written instead; empty where that is not told.</summary>
    [JsonPropertyName("choices")] public string Choices { get; init; } = "";

    /// <summary>For <see cref="SettingKind.HugePages"/>: how many of them nobody uses.</summary>
    [JsonPropertyName("free")] public long? Free { get; init; }
}
