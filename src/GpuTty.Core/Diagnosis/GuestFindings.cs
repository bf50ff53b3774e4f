using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Settings;
using GpuTty.Planning.Guests;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What virtual machines find here: memory that may be locked, huge
/// pages, shared memory, and whether they ask for all of a card.</summary>
internal static class GuestFindings
{
    private const long Mebibyte = 1024 * 1024, Little = 1024 * Mebibyte, Kib = 1024;

    /// <summary>HUGEPAGES_MB is about pages of 2 MiB.</summary>
    private const long KibOfSwitch = 2 * Kib;

    public static IEnumerable<Finding> Of(HostSnapshot host, MachineDetails details) =>
        [
            .. Lockable(host, details), .. Memory(details), .. Guests(host), .. Descriptions(host, details), .. Roms(details),
            .. Shared(details),
        ];

    /// <summary>libvirt's own guests are not bound by it: their daemon raises the limit.</summary>
    private static IEnumerable<Finding> Lockable(HostSnapshot host, MachineDetails details)
    {
        // What QEMU itself and the memory windows of the card need besides the guest's memory.
        var largest = GuestPassthrough.Of(host.Libvirt, host)
            .Select(passthrough => passthrough.Guest.Description)
            .MaxBy(guest => guest?.Memory ?? 0);
        var needed = largest?.Memory is { } memory ? (memory * Mebibyte) + Little : Little;
        foreach (var person in details.Lockable.Where(person => person.Bytes < needed))
        {
            var why = largest?.Memory is { } most
                ? $"all {most} MiB of {Visible.Text(largest.Name, 60)} have to be locked"
                : "all memory of such a guest has to be locked";
            var sentence = $"Programs of {Visible.Text(person.User, 40)} may lock {person.Bytes / Mebibyte} MiB of memory: "
                + "QEMU that is started by hand cannot use a card, "
                + $"because {why}{(host.Libvirt.IsInstalled ? "; system guests of libvirt can" : "")}.";
            var limit = largest?.Memory is null ? "infinity" : $"{(needed + Little - 1) / Little}G";
            yield return host.Libvirt.IsInstalled ? MachineFindings.Fact(DiagnosisCode.LockableMemory, sentence)
                : new Finding(DiagnosisCode.LockableMemory, FindingGroup.Attention, SwitchEffect.Never, sentence,
                    $"Write the lines [Service] and LimitMEMLOCK={limit} to /etc/systemd/system/user@.service.d/gputty.conf, "
                        + "and a line with memlock to a file in /etc/security/limits.d for logins without a desktop; "
                        + "then log in again. gputty run does not need this.", null, null);
        }
    }

    private static IEnumerable<Finding> Memory(MachineDetails details)
    {
        foreach (var pages in (details.HugePagePools ?? (details.HugePages is { } known ? [known] : [])).Where(pool => pool.Total > 0))
            yield return MachineFindings.Fact(
                DiagnosisCode.HugePages,
                $"{Counted.Of((int)pages.Total, "huge page")} of {SizeOf(pages.SizeKib)} "
                    + $"{Counted.Word((int)pages.Total, "is", "are")} reserved, {pages.Free} of them free: "
                    + "guests with hugepages use them, and other programs cannot.");
        if (details.KvmfrSize is { } size)
            yield return MachineFindings.Fact(
                DiagnosisCode.Kvmfr, $"kvmfr shares {size} MiB with a guest, whose description must ask for exactly that size.");
    }

    /// <summary>What a description asks of this machine's memory. A guest that runs has it.</summary>
    private static IEnumerable<Finding> Descriptions(HostSnapshot host, MachineDetails details)
    {
        foreach (var passthrough in GuestPassthrough.Of(host.Libvirt, host).Where(one => one.Guest.IsRunning != true))
        {
            if (passthrough.Guest.Description is not { } guest) continue;
            var name = Visible.Text(passthrough.Guest.Name, 60);
            if (Pages(host, guest, name, details) is { } pages) yield return pages;
            if (guest.KvmfrSize is { } wanted && details.KvmfrSize is { } size && wanted != size)
                yield return Attention(
                    DiagnosisCode.GuestSharedMemory,
                    $"The virtual machine {name} expects {wanted} MiB of /dev/kvmfr0, which has {size} MiB.",
                    $"Let the switch load it with that size: KVMFR_SIZE_MB={wanted} in /etc/gputty.conf; or change the description: "
                        + $"{Virsh.OfSystem} edit {ShellWord.Or(passthrough.Guest.Name, "NAME")}");
        }
    }

    /// <summary>Null where there are enough, where the switch sets them aside, and where it is unknown.</summary>
    private static Finding? Pages(HostSnapshot host, GuestDescription guest, string name, MachineDetails details)
    {
        if (guest is not { WantsHugePages: true, Memory: { } memory, HugePageKib: not 0 }
            || (guest.HugePageKib ?? details.DefaultHugePageKib) is not (> 0 and var size)
            || details.HugePagePools is not { } pools)
            return null;
        var isOfSwitch = size == KibOfSwitch;
        var needed = ((memory * 1024) + size - 1) / size;
        var free = pools.FirstOrDefault(pool => pool.SizeKib == size)?.Free ?? 0;
        if (free >= needed || (isOfSwitch && details.ConfiguredHugePages >= memory)) return null;
        return Attention(
            DiagnosisCode.GuestHugePages,
            $"The virtual machine {name} needs {needed} huge pages of {SizeOf(size)}, and "
                + $"{(free == 0 ? "none" : $"only {free}")} of them {(free == 1 ? "is" : "are")} free: it will not start.",
            isOfSwitch ? $"Let the switch reserve them: HUGEPAGES_MB={memory} in /etc/gputty.conf."
            : $"Reserve them at boot: hugepagesz={SizeOf(size).Replace(" ", "", StringComparison.Ordinal)[..^2]} hugepages={needed} "
                + $"on {SettingsFiles.CommandLineToAddTo(host.SettingsFiles)}. Or let it take pages of 2 MiB ({Virsh.OfSystem} edit), "
                + "which the switch can reserve: "
                + $"HUGEPAGES_MB={memory} in /etc/gputty.conf.");
    }

    /// <summary><c>2 MiB</c>, <c>1 GiB</c>.</summary>
    private static string SizeOf(long kib) =>
        kib % Kib != 0 ? $"{kib} KiB" : kib % (Kib * Kib) != 0 ? $"{kib / Kib} MiB" : $"{kib / Kib / Kib} GiB";

    private static IEnumerable<Finding> Roms(MachineDetails details) => details.BadRomFiles.Select(rom => new Finding(
        DiagnosisCode.GuestRom,
        rom.IsUnknown ? FindingGroup.Unknown : FindingGroup.Attention,
        SwitchEffect.Never,
        $"The virtual machine {Visible.Text(rom.Guest, 60)} {(rom.IsUnknown ? "names a file for the card's firmware" : "will not start")}: "
            + Visible.Text(rom.Problem, 600),
        Visible.Text(rom.Remedy, 600),
        null,
        null));

    private static IEnumerable<Finding> Shared(MachineDetails details)
    {
        foreach (var node in details.SharedMemory)
        {
            var (path, owner) = (Visible.Text(node.Path, 80), Visible.Text(node.Owner, 160));
            yield return node.ClosedTo.IsEmpty
                ? MachineFindings.Fact(
                    DiagnosisCode.SharedMemoryOwner, $"{path} belongs to {owner}, with permissions {Visible.Text(node.Mode, 8)}.")
                : Attention(
                    DiagnosisCode.SharedMemoryOwner,
                    $"{path} belongs to {owner} with permissions {Visible.Text(node.Mode, 8)}: "
                        + $"{Counted.Names([.. node.ClosedTo.Select(who => Visible.Text(who, 80))], 4)} cannot open it.",
                    "Let the switch set its owner (VFIO_USER and VFIO_GROUP=kvm in /etc/gputty.conf, with "
                        + $"{(node.Path.EndsWith("kvmfr0", StringComparison.Ordinal) ? "KVMFR_SIZE_MB" : "LOOKING_GLASS_FILE=yes")}); "
                        + $"or now: chown USER:kvm {path} && chmod 660 {path}");
        }
    }

    private static Finding Attention(DiagnosisCode code, string sentence, string advice) =>
        new(code, FindingGroup.Attention, SwitchEffect.Never, sentence, advice, null, null);

    private static IEnumerable<Finding> Guests(HostSnapshot host) =>
        from passthrough in GuestPassthrough.Of(host.Libvirt, host)
        where passthrough.Guest.Description is not null
        from card in passthrough.Cards
        let missing = card.Functions
            .Where(function =>
                !card.TravelAlong.Contains(function)
                && passthrough.Guest.Description!.Devices.All(device => device.Address != function.Address))
            .ToList()
        where missing.Count > 0
        select new Finding(
            DiagnosisCode.GuestLacksFunction,
            FindingGroup.Attention,
            SwitchEffect.Never,
            $"The virtual machine {Visible.Text(passthrough.Guest.Name, 60)} asks for {card.Address.SlotName} without "
                    + $"{string.Join(", ", missing.Select(function => function.Address.ShortName))}: "
                    + "guest drivers expect all functions of a card.",
            "See what is missing: gputty guest xml --vm "
                + $"{(ShellWord.CanBeTyped(passthrough.Guest.Name) ? ShellWord.Quoted(passthrough.Guest.Name) : "NAME")}",
            null,
            null);
}
