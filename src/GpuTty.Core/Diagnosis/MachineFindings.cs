using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Diagnosis;

/// <summary>What the machine itself is like, as far as it matters to a virtual machine that gets a card.</summary>
public static class MachineFindings
{
    /// <summary>Needs <see cref="HostSnapshot.Details"/>; without it nothing is told.</summary>
    public static ImmutableArray<Finding> Of(HostSnapshot host) => host.Details is not { } details ? [] :
    [
        .. Firmware(details), .. Lockdown(details), .. Interrupts(host, details), .. Nvidia(details), .. details.Links.SelectMany(link => Link(host, link)),
        .. Card.FindAll(host).Where(card => !card.IsVirtual).SelectMany(card => Resets(host, card)),
    ];

    private static IEnumerable<Finding> Firmware(MachineDetails details)
    {
        yield return Fact(DiagnosisCode.Firmware, FindingGroup.Ok, SwitchEffect.Never, details switch
        {
            { IsUefi: false } => "The machine has started without UEFI.",
            { SecureBoot: true } => "The firmware is UEFI, with Secure Boot on.",
            { SecureBoot: false } => "The firmware is UEFI, with Secure Boot off.",
            _ => "The firmware is UEFI; whether Secure Boot is on could not be told.",
        });
    }

    private static IEnumerable<Finding> Lockdown(MachineDetails details)
    {
        if (details.Lockdown is "integrity" or "confidentiality")
            yield return Fact(DiagnosisCode.Lockdown, FindingGroup.Ok, SwitchEffect.Never,
                $"The kernel is locked down ({details.Lockdown}): modules without a signature that it knows do not load; vfio-pci of the distribution does.");
    }

    private static IEnumerable<Finding> Interrupts(HostSnapshot host, MachineDetails details)
    {
        if (details.RemapsInterrupts == false && host.HasIommu)
            yield return new(DiagnosisCode.InterruptsNotRemapped, FindingGroup.Problem, SwitchEffect.Now, "The IOMMU does not remap interrupts, so vfio refuses to give a device to a virtual machine.",
                "Switch on interrupt remapping (x2APIC) in the firmware, or take intremap=off or nointremap out of the kernel command line, then restart.", null, null);
    }

    private static IEnumerable<Finding> Nvidia(MachineDetails details)
    {
        if (details is { NvidiaVersion: { } version, IsNvidiaOpen: { } isOpen })
            yield return Fact(DiagnosisCode.NvidiaDriver, FindingGroup.Ok, SwitchEffect.Never,
                $"NVIDIA's {(isOpen ? "open" : "closed")} modules {version} are loaded, nvidia_drm {(details.NvidiaDrm.IsEmpty ? "without mode setting" : $"with {string.Join(" and ", details.NvidiaDrm)}")}.");
    }

    private static IEnumerable<Finding> Link(HostSnapshot host, LinkDetails link)
    {
        if (link is { Lanes: { } lanes, MostLanes: { } most } && lanes < most)
            yield return new(DiagnosisCode.PcieWidth, FindingGroup.Attention, SwitchEffect.Never, $"{link.Device.ShortName} has {lanes} of its {most} PCI Express lanes, here as in the virtual machine.",
                "Look in the board's manual which slot has more, and whether another card or a disk takes its lanes.", null, null);
        if (link.ResizableBars.Length > 0 && host.Find(link.Device) is { })
            yield return Fact(DiagnosisCode.ResizableBar, FindingGroup.Ok, SwitchEffect.Never, $"{link.Device.ShortName} has a resizable BAR; the guest gets it in the size that it has when vfio-pci takes it.");
    }

    /// <summary>Kernels before 5.15 do not tell how a function can be reset: then no function has a method.</summary>
    private static IEnumerable<Finding> Resets(HostSnapshot host, Card card)
    {
        if (card.Display.ResetMethods.IsEmpty && card.Display.PhysicalFunction is null && host.Devices.Any(device => device.ResetMethods.Length > 0))
            yield return new(DiagnosisCode.NoReset, FindingGroup.Attention, SwitchEffect.Now, $"The kernel knows no way to reset {card.Address.ShortName} alone: a virtual machine may start with it once, and not again before the host restarts.",
                "Try it with a guest that you can lose; for AMD's cards look for the module vendor-reset.", null, null);
    }

    private static Finding Fact(DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence) => new(code, group, effect, sentence, "Nothing is to be done.", null, null);
}
