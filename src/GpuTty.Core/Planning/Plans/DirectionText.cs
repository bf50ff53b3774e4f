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
}
