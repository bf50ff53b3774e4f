using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>Graphics inside the processor: nobody can take it out, and it is seldom what somebody wants to give away.</summary>
internal static class ProcessorGraphics
{
    private const int Intel = 0x8086;
    private const int AmdProcessor = 0x1022;
    private const int EncryptionController = 0x1080;

    /// <summary>Intel's is always 00:02; AMD's shares its slot with the processor's own
    /// security engine (PSP), and before Zen it was on the first bus, where no slot is.</summary>
    public static bool Is(HostSnapshot host, PciDevice display) => display.Id.Vendor == Intel
        ? display.Address is { Domain: 0, Bus: 0, Slot: 2 }
        : (display.Id.Vendor == PciId.Amd && IsOnBoard(host, display))
        || host.Devices.Any(other => other.Id.Vendor == AmdProcessor && other.Class.Kind == EncryptionController
            && other.Address.SharesSlotWith(display.Address));

    /// <summary>Every slot is behind a bridge; but a virtual machine may be given a card on its first bus.</summary>
    private static bool IsOnBoard(HostSnapshot host, PciDevice display) =>
        display is { Address: { Domain: 0, Bus: 0 }, Parent: null }
        && host.MachineKind.Platform is Platform.Hardware or Platform.XenControlDomain;
}
