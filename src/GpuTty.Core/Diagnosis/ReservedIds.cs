using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Ids that vfio-pci or pci-stub is told to take (ids= of either).</summary>
internal static class ReservedIds
{
    /// <param name="module">With underscores.</param>
    /// <param name="ids">As written.</param>
    /// <param name="correction">Takes all of them out; of no use where other devices than cards are among them.</param>
    public static Finding Finding(HostSnapshot host, string module, string ids, SourceLine where, Correction? correction)
    {
        var driver = module == "vfio_pci" ? VfioSupport.Driver : PlaceholderDrivers.PciStub;
        var taken = DynamicId.Parse(driver, ids)
            .Select(one => (one.Text, Devices: host.Devices.Where(one.Id.Matches).ToList()))
            .Where(one => one.Devices.Count > 0)
            .ToList();
        var targets = Targets.Of(host, taken.SelectMany(one => one.Devices));
        var cards = taken.SelectMany(one => one.Devices).Distinct().Except(targets.Others).ToList();
        if (taken.Count == 0)
            return new(
                DiagnosisCode.VfioIds,
                FindingGroup.Ok,
                SwitchEffect.Never,
                $"{driver} is told to take devices that this machine does not have ({Visible.Text(ids, 80)}).",
                "To undo it",
                correction,
                where);
        if (cards.Count == 0)
            return new(
                DiagnosisCode.VfioIds,
                FindingGroup.Ok,
                SwitchEffect.Never,
                $"{driver} takes {Names(targets.Others)} at boot, which {Is(targets.Others)} no part of a card.",
                "Nothing to do.",
                null,
                where);
        if (targets.Others.IsEmpty)
            return new(DiagnosisCode.VfioIds, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{driver} takes {Names(cards)} at boot; gputty returns {Counted.Word(cards.Count, "it", "them")} to the host "
                    + "anyway, but only until the next boot.",
                "To leave the card on the host at boot", correction, where);
        var theirs = taken.Where(one => one.Devices.Exists(cards.Contains)).Select(one => Visible.Text(one.Text, 40)).Distinct();
        return new(DiagnosisCode.VfioIds, FindingGroup.Attention, SwitchEffect.NextBoot,
            $"{driver} takes {Names(cards)} at boot, and {Names(targets.Others)} as well, which {Is(targets.Others)} no part of a card; "
                + "gputty returns the card to the host anyway, but only until the next boot.",
            $"To leave the card on the host at boot, remove {string.Join(", ", theirs)} from these ids, and keep the others.",
            null,
            where);
    }

    private static string Names(IEnumerable<PciDevice> devices) =>
        Counted.Names([.. devices.Select(device => device.Address.ShortName)], 6);

    private static string Is(IReadOnlyCollection<PciDevice> devices) => Counted.Word(devices.Count, "is", "are");
}
