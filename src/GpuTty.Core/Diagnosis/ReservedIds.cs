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
    public static Finding Finding(HostSnapshot host, string module, string ids, SourceLine where, Correction? correction)
    {
        var driver = module == "vfio_pci" ? VfioSupport.Driver : PlaceholderDrivers.PciStub;
        var taken = host.Devices
            .Where(device => host.ModuleSettings.Ids.Any(id => id.Driver == driver && Names(ids, id) && id.Matches(device)))
            .ToList();
        var names = Counted.Names([.. taken.Select(device => device.Address.ShortName)], 6);
        return taken.Count == 0
            ? new(
                DiagnosisCode.VfioIds,
                FindingGroup.Ok,
                SwitchEffect.Never,
                $"{driver} is told to take devices that this machine does not have ({Visible.Text(ids, 80)}).",
                "To undo it",
                correction,
                where)
            : new(DiagnosisCode.VfioIds, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{driver} takes {names} at boot; gputty returns {Counted.Word(taken.Count, "it", "them")} to the host "
                    + "anyway, but only until the next boot.",
                "To leave the card on the host at boot", correction, where);
    }

    private static bool Names(string ids, DynamicId id) =>
        id is not { Vendor: { } vendor, Device: { } device }
        || ids.Contains($"{vendor:x4}:{device:x4}", StringComparison.OrdinalIgnoreCase);
}
