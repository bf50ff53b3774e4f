using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Planning.Checks;

/// <summary>Why no PCI device is in an IOMMU group, and what helps on this processor and this kind of machine.</summary>
public static class WithoutIommu
{
    private const string Off = "IOMMU off";

    /// <summary>The reason where no remedy on this machine exists, so that no other check matters; null where there may be one.</summary>
    public static Obstacle? Never(HostSnapshot host) => host switch
    {
        { HasIommu: true } => null,
        { MachineKind.Platform: Platform.Wsl } => new Obstacle.InsideWsl(),
        { MachineKind.Platform: Platform.XenControlDomain } => new Obstacle.UnderXen(),
        _ => null,
    };

    public static Obstacle Reason(HostSnapshot host) => Never(host) ?? host switch
    {
        { IommuServesOtherBuses: true } => new Obstacle.NoIommu(
            "The IOMMU is on, but no PCI device is behind it, so none can be given to a virtual machine.",
            "Use a machine whose PCI Express slots are behind an IOMMU; no setting changes that on this board."),
        { MachineKind.Platform: Platform.Guest } => new Obstacle.NoIommu(
            "This is a virtual machine without an IOMMU of its own, so no device can be given to another one.",
            "Give the card away on the host; or have the host give this machine a virtual IOMMU, then reboot it."),
        _ => new Obstacle.NoIommu("The IOMMU is off, so no device can be given to a virtual machine.", SwitchOn(host)),
    };

    /// <summary>For a line of facts: <c>IOMMU off</c>.</summary>
    public static string InBrief(HostSnapshot host) => host switch
    {
        { IommuServesOtherBuses: true } => "IOMMU on, but no PCI device is behind it",
        { MachineKind.Platform: Platform.Wsl } => "no IOMMU in WSL2",
        { MachineKind.Platform: Platform.XenControlDomain } => "IOMMU in Xen's hands",
        { MachineKind.Platform: Platform.Guest } => "no IOMMU in this virtual machine",
        _ => Off,
    };

    /// <summary>Where groups would be listed.</summary>
    public static string Sentence(HostSnapshot host) => $"{Opening(host)}: nothing can be given away.";

    /// <summary>Why there is no group to go to.</summary>
    public static string NoGroups(HostSnapshot host) => $"{Opening(host)}: there are no groups.";

    private static string Opening(HostSnapshot host) =>
        InBrief(host) is var brief && brief == Off ? "The IOMMU is off" : $"{char.ToUpperInvariant(brief[0])}{brief[1..]}";

    private static string SwitchOn(HostSnapshot host)
    {
        if (SwitchedOffBy(host) is { } off) return $"Remove {off} from the kernel command line and reboot.";
        var isAsked = Values(host, "intel_iommu").Contains("on");
        var line = SettingsFiles.CommandLineToAddTo(host.SettingsFiles);
        return host.MachineKind.Processor switch
        {
            ProcessorMaker.Intel when isAsked =>
                "Enable VT-d in the firmware setup, then reboot; intel_iommu=on is on the kernel command line already.",
            ProcessorMaker.Intel or ProcessorMaker.Unknown when WaitsForParameter(host) =>
                $"Add intel_iommu=on to {line}, then reboot.",
            ProcessorMaker.Intel => $"Enable VT-d in the firmware setup and add intel_iommu=on to {line}, then reboot.",
            ProcessorMaker.Amd => "Enable the IOMMU (AMD-Vi; it may be near SVM) in the firmware setup, then reboot; no parameter is needed"
                + (isAsked ? ", and AMD ignores intel_iommu=on." : "."),
            ProcessorMaker.Arm =>
                "Enable the SMMU in the firmware setup, if it is offered there, then reboot; many boards have none for PCI Express.",
            ProcessorMaker.Other => "Look up in the machine's manual how to enable its IOMMU, then reboot.",
            _ when isAsked => "Enable VT-d or AMD-Vi in the firmware setup, then reboot.",
            _ => $"Enable VT-d or AMD-Vi in the firmware setup (and add intel_iommu=on to {line} on Intel), then reboot.",
        };
    }

    /// <summary>The firmware offers Intel's IOMMU, and this kernel leaves it off unless told; false where nobody has looked.</summary>
    internal static bool WaitsForParameter(HostSnapshot host) =>
        host.Details is { IommuTable: "DMAR", IsIntelIommuDefault: false } && !Values(host, "intel_iommu").Contains("on");

    /// <summary>The parameter that turns this processor's IOMMU off (admin-guide/kernel-parameters.txt); null where none does.</summary>
    internal static string? SwitchedOffBy(HostSnapshot host)
    {
        string[] names = host.MachineKind.Processor switch
        {
            ProcessorMaker.Intel => ["iommu", "intel_iommu"],
            ProcessorMaker.Amd => ["iommu", "amd_iommu"],
            ProcessorMaker.Unknown => ["iommu", "intel_iommu", "amd_iommu"],
            _ => [],
        };
        return names.Where(name => Values(host, name).LastOrDefault(value => value is "on" or "off" or "force") == "off")
            .Select(name => $"{name}=off").FirstOrDefault();
    }

    /// <summary>The values of a kernel parameter, which may be given several times and hold several, with commas between.</summary>
    internal static IEnumerable<string> Values(HostSnapshot host, string parameter) =>
        KernelCommandLine.Parameters(host.CommandLine)
            .Where(one => one.Name == parameter && one.Value is not null)
            .SelectMany(one => one.Value!.Split(','));
}
