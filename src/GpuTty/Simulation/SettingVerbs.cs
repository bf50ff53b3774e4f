using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Simulation;

/// <summary>Settings of the machine that a switch may change for a virtual machine.</summary>
internal static class SettingVerbs
{
    /// <summary>Eight CPUs on four cores, and no module kvmfr.</summary>
    public static TunableSettings Usual { get; } = new(
        [
            Slice("init.scope"), Slice("system.slice"), Slice("user.slice"),
            .. Enumerable.Range(0, 8).SelectMany(cpu => (KnownSetting[])
            [
                new(new HostSetting(SettingKind.Governor, $"policy{cpu}"), "powersave") { Choices = "performance powersave" },
                new(new HostSetting(SettingKind.EnergyPreference, $"policy{cpu}"), "balance_performance")
                {
                    Choices = "default performance balance_performance power",
                },
            ]),
            new(new HostSetting(SettingKind.HugePages, "node0"), "0") { Free = 0 },
            new(HostSetting.Kvmfr, ""), new(HostSetting.SharedMemory, ""),
        ],
        "0-7", ["0,4", "1,5", "2,6", "3,7"], HasKvmfr: false, PowerDaemon: null, []);

    public static Machine Change(Machine machine, HostSetting setting, string value)
    {
        if (machine.Settings.ValueOf(setting) is not { } now) throw new HostException($"{setting.Of} is not there.", "Look again.");
        var changed = machine with { Settings = machine.Settings.With(setting, value) };
        return setting.Kind != SettingKind.Kvmfr || (now.Length == 0) == (value.Length == 0) ? changed : Loaded(changed, value.Length > 0);
    }

    private static Machine Loaded(Machine machine, bool isLoaded) =>
        machine.FindModule("kvmfr") is { } module ? machine.With(module with { IsLoaded = isLoaded }) : machine;

    private static KnownSetting Slice(string name) => new(new HostSetting(SettingKind.AllowedCpus, name), "");
}
