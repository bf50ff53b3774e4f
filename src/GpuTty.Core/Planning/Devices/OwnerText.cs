using GpuTty.Host.Pci;

namespace GpuTty.Planning.Devices;

/// <summary>Who has a card, in words that follow its name: the same on the screen, in lines and in the log.</summary>
public static class OwnerText
{
    public static string Of(Owner owner) => owner switch
    {
        Owner.HostDriver => "on the host",
        Owner.Vfio => "on vfio-pci, for a virtual machine",
        Owner.Mixed => "halfway between the host and vfio-pci",
        Owner.Reserved => "reserved, by a driver that only keeps it from the host",
        _ => "without a driver",
    };

    /// <summary>With the drivers' names.</summary>
    public static string Of(Card card) => card.Owner switch
    {
        Owner.HostDriver => $"on its host driver ({card.Display.Driver})",
        Owner.Reserved => $"reserved by {card.Display.Driver}",
        var owner => Of(owner),
    };
}
