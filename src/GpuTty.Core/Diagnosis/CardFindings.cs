using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What the cards themselves are like: drivers, link, memory window, power, resets.</summary>
internal static class CardFindings
{
    public static IEnumerable<Finding> Of(HostSnapshot host, MachineDetails details) =>
    [
        .. Nvidia(details), .. details.Links.SelectMany(link => Link(host, link)),
        .. Card.FindAll(host)
            .Where(card => !card.IsVirtual)
            .SelectMany(card => (IEnumerable<Finding>)[.. Driver(host, details, card), .. Power(card), .. Resets(host, card)]),
    ];

    private static IEnumerable<Finding> Nvidia(MachineDetails details)
    {
        if (details is { NvidiaVersion: { } version, IsNvidiaOpen: { } isOpen })
        {
            var options = details.NvidiaDrm.IsEmpty ? "without mode setting" : $"with {string.Join(" and ", details.NvidiaDrm)}";
            yield return MachineFindings.Fact(
                DiagnosisCode.NvidiaDriver,
                $"NVIDIA's {(isOpen ? "open" : "closed")} modules {version} are loaded, nvidia_drm {options}.");
        }
        if (details.HasNvidiaPersistence == true)
            yield return MachineFindings.Fact(
                DiagnosisCode.NvidiaPersistence,
                "nvidia-persistenced keeps NVIDIA's cards open; gputty stops it for a switch and starts it again.");
    }

    private static IEnumerable<Finding> Driver(HostSnapshot host, MachineDetails details, Card card)
    {
        var names = card.Functions.Select(function => $"{card.NameOf(function)} {Name(function)}");
        yield return MachineFindings.Fact(DiagnosisCode.CardDriver, $"{card.Address.SlotName} has the drivers {string.Join(", ", names)}.");

        string Name(PciDevice function) => function.Driver is not { } driver ? "none"
            : function.IsGraphics && host.ModuleOf(driver) is { } module && details.ModuleVersions?.GetValueOrDefault(module) is { } version
                ? $"{driver} {Visible.Text(version, 40)}" : driver;
    }

    private static IEnumerable<Finding> Link(HostSnapshot host, LinkDetails link)
    {
        if (host.Find(link.Device) is null) yield break;
        var name = link.Device.ShortName;
        if (link is { Lanes: { } lanes, MostLanes: { } most } && lanes < most)
            yield return new(
                DiagnosisCode.PcieWidth,
                FindingGroup.Attention,
                SwitchEffect.Never,
                $"{name} uses {lanes} of its {most} PCI Express lanes, on the host and in the virtual machine.",
                "Look up in the board's manual which slot has more lanes, and whether another card or a disk shares them.",
                null,
                null);
        else if (link is { Lanes: { } all, Speed: { } speed, MostSpeed: { } mostSpeed })
            yield return MachineFindings.Fact(
                DiagnosisCode.PcieLink,
                $"{name} uses all its {Counted.Of(all, "PCI Express lane")}, at "
                    + $"{speed}{(speed == mostSpeed ? "" : $" of {mostSpeed}; the speed may rise under load")}.");
        if (link.ResizableBars.Length == 0) yield break;
        var sizes = string.Join(", ", (link.Bars ?? []).Where(bar => bar.Size is not null)
            .Select(bar => $"BAR {bar.Number} has {Size(bar.Size!.Value)}{(bar.Most is { } possible ? $" of {Size(possible)}" : "")}"));
        yield return MachineFindings.Fact(
            DiagnosisCode.ResizableBar,
            $"{name} has a resizable BAR{(sizes.Length > 0 ? $" ({sizes})" : "")}; the guest sees the size that it has when "
                + "vfio-pci binds to the card.");
    }

    private static string Size(long mebibytes) => mebibytes >= 1024 ? $"{mebibytes / 1024} GiB" : $"{mebibytes} MiB";

    private static IEnumerable<Finding> Power(Card card)
    {
        if (card.Display.PowerState is "D3hot" or "D3cold")
            yield return MachineFindings.Fact(
                DiagnosisCode.CardPower,
                $"{card.Address.ShortName} sleeps ({card.Display.PowerState}); it was not woken to look at it, "
                    + "so its link and its memory window are unknown.");
    }

    /// <summary>Kernels before 5.15 do not tell how a function can be reset: then no function has a method.</summary>
    private static IEnumerable<Finding> Resets(HostSnapshot host, Card card)
    {
        if (card.Display.ResetMethods.IsEmpty
            && card.Display.PhysicalFunction is null
            && host.Devices.Any(device => device.ResetMethods.Length > 0))
            yield return new(
                DiagnosisCode.NoReset,
                FindingGroup.Attention,
                SwitchEffect.Now,
                $"The kernel knows no way to reset {card.Address.ShortName} alone: a virtual machine may start with it once, "
                    + "and not again until the host is rebooted.",
                ResetMeaning.Advice(card.Display),
                null,
                null);
        if (card.Display.ResetMethods.IsEmpty) yield break;
        var methods = string.Join(", then by ", card.Display.ResetMethods.Select(ResetMeaning.Of));
        if (card.Display.ResetMethods.Any(ResetMeaning.IsClean))
            yield return MachineFindings.Fact(DiagnosisCode.ResetMethods, $"{card.Address.ShortName} can be reset by {methods}.");
        else
            yield return new(
                DiagnosisCode.ResetMethods,
                FindingGroup.Attention,
                SwitchEffect.Never,
                ResetMeaning.Verdict(host, card, card.Display),
                ResetMeaning.Advice(card.Display),
                null,
                null);
    }
}
