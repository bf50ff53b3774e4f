using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Settings that are changed while a virtual machine has the card, what speaks against that, and the way back.</summary>
internal static class TuningPlan
{
    /// <summary>An undo wants what the run that is undone had rolled back.</summary>
    public static ImmutableArray<ChangeSetting> Wanted(HostSnapshot host, Card card, SwitchIntent intent)
    {
        if (intent.IsUndo) return [.. intent.Restores.OfType<ChangeSetting>().Where(step => !step.HasHappened(host))];
        if (intent.Tuning is not { } tuning || host.TunableSettings is not { } machine) return [];
        return
        [
            .. Cpus(machine, tuning), .. Words(machine, tuning, SettingKind.Governor, tuning.Governor),
            .. Words(machine, tuning, SettingKind.EnergyPreference, tuning.EnergyPreference), .. HugePages(machine, card, tuning),
            .. Owned(machine, intent),
        ];
    }

    /// <summary>What cannot be had at all, so that a start without it would be another one than was wanted.</summary>
    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, SwitchIntent intent)
    {
        if (intent.IsUndo || intent.Tuning is not { } tuning || host.TunableSettings is not { } machine) yield break;
        if (tuning.FreeCpus is { } text && AgainstCpus(machine, text) is { } cpus) yield return cpus;
        if (tuning.SharedMemory && AgainstMemory(machine, intent.VfioOwner?.Uid ?? 0) is { } memory) yield return memory;
    }

    /// <summary>Root's file and that of whoever gets it are as good as new ones.</summary>
    private static Obstacle.SharedMemoryTaken? AgainstMemory(TunableSettings machine, int owner) =>
        machine.ValueOf(HostSetting.SharedMemory)?.Split(':') is [var user, ..]
        && int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var now) && now != 0 && now != owner
            ? new Obstacle.SharedMemoryTaken(HostSetting.SharedMemory.Of, now)
            : null;

    /// <summary>What is left out, and why, in a sentence each.</summary>
    public static IEnumerable<Consequence> LeftOut(HostSnapshot host, SwitchIntent intent)
    {
        if (intent.IsUndo || intent.Tuning is not { } tuning || host.TunableSettings is not { } machine) yield break;
        foreach (var (kind, word, name) in ((SettingKind, string?, string)[])
            [
                (SettingKind.Governor, tuning.Governor, "governor"),
                (SettingKind.EnergyPreference, tuning.EnergyPreference, "energy preference"),
            ])
        {
            if (word is null) continue;
            if (machine.PowerDaemon is { } daemon)
                yield return Left(
                    $"The {name} of the CPUs stays as it is: {daemon} sets it. Use its own command for the time of the virtual machine.");
            else if (!machine.Values.Any(known => known.Setting.Kind == kind && Offers(known, word)))
                yield return Left($"The {name} of the CPUs stays as it is: {word} is not offered here.");
        }
        if (tuning.HugePages is not null && machine.Values.All(known => known.Setting.Kind != SettingKind.HugePages))
            yield return Left("No huge pages are reserved: this kernel has none of 2 MiB.");
        if (tuning.Kvmfr is not null && machine.HasKvmfr != true)
            yield return Left("kvmfr is not loaded: "
                + (machine.HasKvmfr is null
                    ? $"it is unknown whether it is installed for the running kernel {host.Kernel}."
                    : $"it is not built for the running kernel {host.Kernel}."));
    }

    /// <summary>To be remembered before they are changed.</summary>
    public static ImmutableArray<RememberedSetting> Remembered(Card card, IEnumerable<ChangeSetting> steps) =>
        [.. steps.Select(step => new RememberedSetting(card.Address, step.Setting, step.Old, step.New))];

    /// <summary>The way back, the last one first.</summary>
    public static ImmutableArray<ChangeSetting> Back(OriginalState memory) =>
    [
        .. memory.Settings.Reverse()
            .Select(known => new ChangeSetting(known.Setting, known.Given, known.Before) { LeavesOthers = true }),
    ];

    private static Consequence Left(string text) => new(ConsequenceCode.SettingLeftOut, text);

    private static IEnumerable<ChangeSetting> Cpus(TunableSettings machine, GuestTuning tuning)
    {
        if (tuning.FreeCpus is not { } text || CpuList.Parse(text) is not { } free || CpuList.Parse(machine.Online) is not { } online)
            yield break;
        foreach (var part in HostSetting.HostParts)
        {
            var setting = new HostSetting(SettingKind.AllowedCpus, part);
            if (machine.ValueOf(setting) is not { } now) continue;
            var wanted = CpuList.Of((now.Length == 0 ? online : CpuList.Parse(now) ?? online).Except(free));
            if (wanted != now) yield return new ChangeSetting(setting, now, wanted);
        }
    }

    private static Obstacle.CpusNotPossible? AgainstCpus(TunableSettings machine, string text)
    {
        if (CpuList.Parse(text) is not { IsEmpty: false } free || CpuList.Parse(machine.Online) is not { IsEmpty: false } online)
            return null;
        if (free.Except(online) is { IsEmpty: false } missing)
            return new Obstacle.CpusNotPossible(
                $"ISOLATE_CPUS={text} names CPUs that this machine does not have: {CpuList.Of(missing)}.",
                $"Name some of {machine.Online}.");
        foreach (var part in HostSetting.HostParts)
        {
            var now = machine.ValueOf(new HostSetting(SettingKind.AllowedCpus, part));
            if (now is null)
                return new Obstacle.CpusNotPossible(
                    $"No CPUs can be kept free here: there is no {part} of systemd with control groups of version 2.",
                    "Remove ISOLATE_CPUS from the configuration.");
            if ((now.Length == 0 ? online : CpuList.Parse(now) ?? online).Except(free).IsEmpty)
                return new Obstacle.CpusNotPossible(
                    $"ISOLATE_CPUS={text} would leave no CPU for the host ({part}).", "Leave the host at least one core.");
        }
        var whole = CpuList.Of(free.Union(machine.Cores
            .Select(CpuList.Parse)
            .OfType<ImmutableSortedSet<int>>()
            .Where(core => core.Overlaps(free))
            .SelectMany(core => core)));
        return whole == CpuList.Of(free) ? null : new Obstacle.CpusNotPossible(
            $"ISOLATE_CPUS={text} splits a core: its other thread would be the host's.", $"Name whole cores, such as ISOLATE_CPUS={whole}");
    }

    /// <summary>Of the CPUs that are kept free, or of all where none are.</summary>
    private static IEnumerable<ChangeSetting> Words(TunableSettings machine, GuestTuning tuning, SettingKind kind, string? word)
    {
        if (word is null || machine.PowerDaemon is not null) return [];
        var free = tuning.FreeCpus is { } text ? CpuList.Parse(text) : null;
        return machine.Values
            .Where(known =>
                known.Setting.Kind == kind && Offers(known, word) && known.Value != word && (free is null || Covers(known, free)))
            .Select(known => new ChangeSetting(known.Setting, known.Value, word));
    }

    private static bool Offers(KnownSetting known, string word) =>
        known.Choices.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(word);

    /// <summary><c>policy4</c> is named after its first CPU.</summary>
    private static bool Covers(KnownSetting known, ImmutableSortedSet<int> cpus) =>
        int.TryParse(known.Setting.Of["policy".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && cpus.Contains(first);

    /// <summary>On the card's own node, where the firmware tells it; pages that are free already count.</summary>
    private static IEnumerable<ChangeSetting> HugePages(TunableSettings machine, Card card, GuestTuning tuning)
    {
        if (tuning.HugePages is not { } mebibytes) yield break;
        var node = machine.Nodes.FirstOrDefault(place => place.Device == card.Address)?.Node ?? 0;
        var setting = new HostSetting(SettingKind.HugePages, $"node{node}");
        if (machine.Values.FirstOrDefault(known => known.Setting == setting) is not { } now
            || !long.TryParse(now.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) yield break;
        var lacking = ((mebibytes + 1) / 2) - (now.Free ?? 0);
        if (lacking > 0) yield return new ChangeSetting(setting, now.Value, (count + lacking).ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<ChangeSetting> Owned(TunableSettings machine, SwitchIntent intent)
    {
        var owner = $"{intent.VfioOwner?.Uid ?? 0}:{intent.VfioOwner?.Gid ?? 0}:{(intent.VfioOwner?.Gid is null ? "600" : "660")}";
        if (intent.Tuning!.Kvmfr is { } size && machine.HasKvmfr == true && machine.ValueOf(HostSetting.Kvmfr) is { } module)
        {
            // A larger one that is there already serves as well.
            var there = int.TryParse(module.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var now) && now >= size
                ? now
                : size;
            if (module != $"{there},{owner}") yield return new ChangeSetting(HostSetting.Kvmfr, module, $"{there},{owner}");
        }
        if (intent.Tuning.SharedMemory && machine.ValueOf(HostSetting.SharedMemory) is { } file && file != owner)
            yield return new ChangeSetting(HostSetting.SharedMemory, file, owner);
    }
}
