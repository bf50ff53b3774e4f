namespace GpuTty.Host.Pci;

/// <summary>Drivers that only keep a function for somebody else.</summary>
public static class PlaceholderDrivers
{
    /// <summary>Does nothing, and can always be unbound: it has no remove (drivers/pci/pci-stub.c).</summary>
    public const string PciStub = "pci-stub";

    /// <summary>As an override: there is no driver of that name, so none takes the function (driverctl(8), "none").</summary>
    public const string NoDriver = "none";

    /// <summary>Keeps a function for Xen's guests (drivers/xen/xen-pciback/pci_stub.c;
    /// older kernels of Xen called it xen-pciback).</summary>
    public static bool IsXen(string driver) => driver is "pciback" or "xen-pciback";
}
