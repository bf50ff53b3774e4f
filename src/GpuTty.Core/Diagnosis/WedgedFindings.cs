using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;

namespace GpuTty.Diagnosis;

/// <summary>Cards whose driver has told the kernel that it cannot go on, each with the way off that driver and back.</summary>
internal static class WedgedFindings
{
    public static IEnumerable<Finding> Of(HostSnapshot host) =>
        from card in Card.FindAll(host)
        where WedgedDriver.Of(card) is not null
        let wedged = WedgedDriver.Of(card)!
        select new Finding(
            DiagnosisCode.DriverWedged,
            FindingGroup.Attention,
            SwitchEffect.Never,
            $"The driver {wedged.Driver} of {wedged.Address.ShortName} {WedgedDriver.Statement(wedged)}.",
            WedgedDriver.IsHelpedByMove(wedged) ? "Take the card off it, and bring it back"
                : "Save your work and reboot: nothing else helps.",
            WedgedDriver.IsHelpedByMove(wedged) ? Correction.ByCommand($"{There(host, card)} && {Back(card)}") : null,
            null);

    private static string There(HostSnapshot host, Card card)
    {
        var agreed = RequiredConsents.For(host, WedgedDriver.Recovery(host, card)).Agreed;
        return $"gputty switch vm --card {card.Address.SlotName}"
            + (agreed.ResetMethod is { } method ? $" --reset {method}" : "")
            + (agreed.EndSessions ? " --end-sessions" : "")
            + (agreed.EndHolders != HolderConsent.Never ? " --end-holders term" : "");
    }

    private static string Back(Card card) => $"gputty switch host --card {card.Address.SlotName}";
}
