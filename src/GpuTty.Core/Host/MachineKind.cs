namespace GpuTty.Host;

/// <summary>Who makes the processor: the IOMMU's name and its kernel parameters go with it.</summary>
public enum ProcessorMaker { Unknown, Intel, Amd, Arm, Other }

/// <summary>What Linux runs on: the machine itself, a virtual machine, Windows' WSL, or Xen, as its control domain (dom0).</summary>
public enum Platform { Unknown, Hardware, Guest, Wsl, XenControlDomain }

/// <summary>The case, as far as it decides whether a card can be moved to another slot. Compact: mini PCs, sticks, all-in-ones.</summary>
public enum Chassis { Unknown, Desktop, Portable, Compact, Server }

/// <summary>What kind of machine this is, so that a remedy is one that can be followed here.</summary>
public sealed record MachineKind(ProcessorMaker Processor, Platform Platform, Chassis Chassis)
{
    public static readonly MachineKind Unknown = new(ProcessorMaker.Unknown, Platform.Unknown, Chassis.Unknown);

    /// <summary>Cards can be moved to another slot, or added; null where the case is not known.</summary>
    public bool? HasSlots => Chassis switch
    {
        Chassis.Unknown => null,
        Chassis.Desktop or Chassis.Server => true,
        _ => false,
    };
}
