using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;

namespace GpuTty.Planning.Plans;

/// <summary>What becomes of a card, in words that follow its name: the same on the screen, in lines and in documents.</summary>
public static class DirectionText
{
    /// <summary><c>to the VM</c>.</summary>
    public static string Of(Direction direction) => direction switch
    {
        Direction.ToVm => "to the VM",
        Direction.ToHost => "to the host",
        Direction.HideFromSeat => "away from the desktop",
        Direction.Pin => "hidden from the desktop's drivers",
        Direction.Unpin => "shown to the desktop's drivers again",
        Direction.ClearOverride => "without its driver override",
        Direction.SetOverride => "with its driver override set again",
        Direction.Rescan => "found anew",
        _ => "for the desktop again",
    };

    /// <summary>Why there is nothing to do, as an answer to what was asked.</summary>
    public static string AlreadySo(SwitchIntent intent, Card card)
    {
        var slot = card.Address.SlotName;
        return intent.Direction switch
        {
            Direction.HideFromSeat => $"The desktop is kept off {slot} already",
            Direction.AllowDesktop => $"The desktop may use {slot} already",
            Direction.Pin => "The desktop's drivers are pinned already",
            Direction.Unpin => "No pin is set",
            Direction.ClearOverride or Direction.SetOverride when intent.IsUndo => $"The driver override of {slot} is as it was",
            Direction.ClearOverride or Direction.SetOverride =>
                $"{intent.Card.ShortName} has no driver override that differs from its driver",
            Direction.Rescan => $"No function of {slot} is stuck without a driver",
            _ => $"Card {slot} is already {OwnerText.Of(card.Owner)}",
        };
    }
}
