using GpuTty.Host.Pci;

namespace GpuTty.Switching;

/// <summary>Who has a card, in a sentence.</summary>
internal static class CardText
{
    public static string State(string slot, Card? card) => card?.Owner switch
    {
        null => $"Card {slot} is not there.",
        Owner.HostDriver => $"Card {slot} is on the host ({card.Display.Driver}).",
        Owner.Vfio => $"Card {slot} is on {VfioSupport.Driver}.",
        Owner.Nobody => $"Card {slot} has no driver.",
        Owner.Reserved => $"Card {slot} is reserved by {card.Display.Driver}.",
        _ => $"Card {slot} is halfway: {string.Join(", ", card.Functions.Select(State))}.",
    };

    private static string State(PciDevice function) =>
        $"{function.Address.ShortName} {(function.Driver is { } driver ? $"on {driver}" : "without a driver")}";
}
