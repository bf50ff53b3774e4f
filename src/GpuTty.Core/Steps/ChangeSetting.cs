using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Steps;

/// <summary>Changes a setting of the machine for the time that a virtual
/// machine has the card. Its way back is the value that was there.</summary>
public sealed record ChangeSetting(
    [property: JsonPropertyName("setting")] HostSetting Setting,
    [property: JsonPropertyName("old")] string Old,
    [property: JsonPropertyName("new")] string New) : Step
{
    public override string Code() => "change-setting";

    /// <summary>It is only rolled back: where somebody has set it otherwise meanwhile, that stays.</summary>
    [JsonPropertyName("leavesOthers")]
    public bool LeavesOthers { get; init; }

    public override string Describe() => Setting.Kind switch
    {
        SettingKind.AllowedCpus => New.Length == 0 ? $"Let {Setting.Of} use every CPU" : $"Let {Setting.Of} use CPUs {New} only",
        SettingKind.Governor => $"Set the CPU governor of {Setting.Of} to {New}",
        SettingKind.EnergyPreference => $"Set the energy preference of {Setting.Of} to {New}",
        SettingKind.HugePages => $"Set {Pages(New)} MiB aside in huge pages on {Setting.Of}",
        SettingKind.Kvmfr =>
            New.Length == 0 ? "Unload module kvmfr" : $"Load module kvmfr with {Size(New)} MiB, {Setting.Of} for {Owner(OwnerIn(New))}",
        _ => New.Length == 0 ? $"Delete {Setting.Of}" : $"Change the owner of {Setting.Of} to {Owner(New)}",
    };

    private string SetCpus => $"systemctl set-property --runtime -- {Setting.Of} AllowedCPUs=";

    public override string Command() => Setting.Kind switch
    {
        // An empty list alone is refused by the kernel for a group with processes, and nobody is told.
        SettingKind.AllowedCpus => (New.Length > 0 ? "" : $"{SetCpus}$(cat /sys/devices/system/cpu/possible)\n") + $"{SetCpus}{New}",
        SettingKind.Kvmfr => string.Join('\n', (string[])
        [
            .. Old.Length > 0 && Size(Old) != Size(New) ? (string[])["rmmod kvmfr"] : [],
            .. New.Length > 0 && Size(Old) != Size(New) ? (string[])[$"modprobe kvmfr static_size_mb={Size(New)}"] : [],
            .. New.Length > 0 ? (string[])[Chown(OwnerIn(New))] : [],
        ]),
        SettingKind.SharedMemory => New.Length == 0 ? $"rm {Setting.Of}" : $"touch {Setting.Of}\n{Chown(New)}",
        _ => $"echo {New} > {Setting.File}",
    };

    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.TunableSettings];
    public override TimeSpan Limit() =>
        TimeSpan.FromSeconds(Setting.Kind switch { SettingKind.HugePages => 100, SettingKind.Kvmfr => 60, _ => 15 });
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.ChangeSettingAsync(Setting, New, cancel);

    protected override bool Shows(HostSnapshot host) =>
        host.TunableSettings?.ValueOf(Setting) is var now && (LeavesOthers ? now != Old || now == New : now == New);

    protected override string Lacks(HostSnapshot host) => host.TunableSettings?.ValueOf(Setting) switch
    {
        null => $"{Setting.Of} is not there",
        var now when Setting.Kind == SettingKind.HugePages =>
            $"only {Pages(now)} of {Pages(New)} MiB could be had in one piece: memory is in use or in fragments",
        var now => $"it is still {(now.Length == 0 ? "unset" : now)}",
    };

    public override Step Undo() => new ChangeSetting(Setting, New, Old);

    /// <summary>MiB in so many pages of 2 MiB.</summary>
    private static string Pages(string count) =>
        long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? $"{pages * 2}" : count;

    private static string Size(string kvmfr) => kvmfr.Split(',')[0];

    private static string OwnerIn(string kvmfr) =>
        kvmfr.Contains(',', StringComparison.Ordinal) ? kvmfr[(kvmfr.IndexOf(',', StringComparison.Ordinal) + 1)..] : "";

    private static string Owner(string numbers) =>
        numbers.Split(':') is [var user, var group, _] ? $"user {user} and group {group}" : numbers;

    private string Chown(string numbers) =>
        numbers.Split(':') is [var user, var group, var mode] ? $"chown {user}:{group} {Setting.Of}\nchmod 0{mode} {Setting.Of}" : "";
}
