using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>Graphics inside the processor: nobody can take it out, and it is seldom what somebody wants to give away.</summary>
internal static class ProcessorGraphics
{
    private const int Intel = 0x8086;
    private const int AmdProcessor = 0x1022;
    private const int EncryptionController = 0x1080;

    /// <summary>Intel's is always 00:02; AMD's shares its slot with the processor's own security engine (PSP).</summary>
    public static bool Is(HostSnapshot host, PciDevice display) => display.Id.Vendor == Intel
        ? display.Address is { Domain: 0, Bus: 0, Slot: 2 }
        : host.Devices.Any(other => other.Id.Vendor == AmdProcessor && other.Class.Kind == EncryptionController
            && other.Address.SharesSlotWith(display.Address));
}
