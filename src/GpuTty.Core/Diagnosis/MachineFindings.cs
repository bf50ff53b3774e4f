using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Diagnosis;

/// <summary>What the machine itself is like, as far as it matters to a virtual machine that gets a card.</summary>
public static class MachineFindings
{
    /// <summary>Needs <see cref="HostSnapshot.Details"/>; without it nothing is told.</summary>
    public static ImmutableArray<Finding> Of(HostSnapshot host) => host.Details is not { } details ? [] :
    [
        .. Firmware(details),
        .. Lockdown(details),
        .. Iommu(host, details),
        .. Virtualization(host, details),
        .. Interrupts(host, details),
        .. Vfio(host, details),
        .. CardFindings.Of(host, details),
        .. DesktopFindings.Of(host, details),
        .. GuestFindings.Of(host, details),
    ];

    private static IEnumerable<Finding> Firmware(MachineDetails details)
    {
        yield return Fact(DiagnosisCode.Firmware, details switch
        {
            { IsUefi: false } => "The machine was booted without UEFI.",
            { SecureBoot: true } => "The machine was booted with UEFI; Secure Boot is on.",
            { SecureBoot: false } => "The machine was booted with UEFI; Secure Boot is off.",
            _ => "The machine was booted with UEFI; the state of Secure Boot is unknown.",
        });
    }

    private static IEnumerable<Finding> Lockdown(MachineDetails details)
    {
        if (details.Lockdown is "integrity" or "confidentiality")
            yield return Fact(DiagnosisCode.Lockdown,
                $"The kernel is locked down ({details.Lockdown}): it loads only modules with a signature that it trusts; "
                    + "the distribution's vfio-pci has one.");
    }

    /// <summary>That there is no group is a refusal of its own; here is where the IOMMU is lost, with the advice of that refusal.</summary>
    private static IEnumerable<Finding> Iommu(HostSnapshot host, MachineDetails details)
    {
        if (details.IommuTable is not { } table) yield break;
        var name = table == "DMAR" ? "VT-d (DMAR)" : "AMD's IOMMU (IVRS)";
        if (host.HasIommu)
        {
            if (table.Length > 0) yield return Fact(DiagnosisCode.IommuFirmware, $"The firmware describes {name}, and the kernel uses it.");
            yield break;
        }
        var reason = WithoutIommu.Reason(host);
        yield return new(
            DiagnosisCode.IommuFirmware,
            FindingGroup.Problem,
            SwitchEffect.Now,
            !TablesTell(host, table) ? reason.Problem
                : table.Length == 0 ? "The firmware describes no IOMMU."
                : $"The firmware describes {name}, but the kernel does not use it{Why()}",
            reason.Remedy,
            null,
            null);

        string Why() => WithoutIommu.SwitchedOffBy(host) is { } off ? $": {off} is on the kernel command line."
            : WithoutIommu.WaitsForParameter(host) ? ": this kernel does so only if it is told to."
            : ".";
    }

    /// <summary>Xen hides the tables, a guest's are its host's choice, and ARM has others (IORT).</summary>
    private static bool TablesTell(HostSnapshot host, string table) =>
        host is { IommuServesOtherBuses: false, MachineKind.Platform: Platform.Hardware or Platform.Unknown }
        && (table.Length > 0 || host.MachineKind.Processor is ProcessorMaker.Intel or ProcessorMaker.Amd);

    private static IEnumerable<Finding> Virtualization(HostSnapshot host, MachineDetails details)
    {
        const string firmware = "Enable VT-x (Intel) or SVM (AMD) in the firmware setup";
        // Xen runs the virtual machines there, and shows nobody else what the processor offers.
        if (details.HasVirtualization == false && host.MachineKind.Platform != Platform.XenControlDomain)
            yield return new(
                DiagnosisCode.CpuVirtualization,
                FindingGroup.Problem,
                SwitchEffect.Never,
                "The processor offers no virtualization (neither vmx nor svm), so KVM cannot run virtual machines.",
                host.MachineKind.Platform switch
                {
                    Platform.Hardware => $"{firmware}.",
                    Platform.Guest or Platform.Wsl => "This is a virtual machine: enable nested virtualization on its host.",
                    _ => $"{firmware}; inside a virtual machine, enable nested virtualization on its host.",
                },
                null,
                null);
    }

    private static IEnumerable<Finding> Interrupts(HostSnapshot host, MachineDetails details)
    {
        if (details.RemapsInterrupts == false && host.HasIommu)
            yield return new(
                DiagnosisCode.InterruptsNotRemapped,
                FindingGroup.Problem,
                SwitchEffect.Now,
                "The IOMMU does not remap interrupts, so vfio refuses to give a device to a virtual machine.",
                host.MachineKind.Platform == Platform.Guest
                    ? "This is a virtual machine: have its host give it a virtual IOMMU that remaps interrupts, then reboot it."
                    : "Enable interrupt remapping (x2APIC) in the firmware setup, or remove intremap=off or nointremap from the kernel "
                        + "command line, then reboot.",
                null,
                null);
    }

    private static IEnumerable<Finding> Vfio(HostSnapshot host, MachineDetails details)
    {
        if (!host.Vfio.IsAvailable || (details.HasVfioGroups, details.HasIommufd) is (null, null)) yield break;
        var ways = string.Join(
            " and ",
            ((string?[])[
                details.HasVfioGroups == true ? "vfio groups" : null,
                details.HasIommufd == true ? "iommufd" : null,
            ]).OfType<string>());
        yield return Fact(
            DiagnosisCode.VfioKernel,
            $"vfio-pci is {(host.Vfio.HasModule == false ? "built into this kernel" : host.Vfio.IsRegistered ? "loaded" : "a module")}; "
                + (ways.Length > 0 ? $"devices can be passed to guests through {ways}." : "the nodes for that appear when it is loaded."));
    }

    /// <summary>Nothing follows from it by itself.</summary>
    internal static Finding Fact(DiagnosisCode code, string sentence) =>
        new(code, FindingGroup.Ok, SwitchEffect.Never, sentence, "Nothing to do.", null, null);
}
