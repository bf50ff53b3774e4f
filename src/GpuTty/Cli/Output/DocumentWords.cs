using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Output;

/// <summary>What people read and type for the values of the core; the same words in text and in JSON.</summary>
internal static class DocumentWords
{
    public static string Of(Direction direction) => direction switch
    {
        Direction.ToVm => "vm",
        Direction.ToHost => "host",
        Direction.HideFromSeat => "keep-off",
        Direction.Pin => "pin",
        Direction.Unpin => "unpin",
        Direction.ClearOverride => "clear-override",
        Direction.SetOverride => "set-override",
        Direction.Rescan => "rescan",
        _ => "allow-desktop",
    };

    /// <summary>Follows the name of the card.</summary>
    public static string Target(Direction direction) => direction switch
    {
        Direction.ToVm => "to the virtual machine",
        Direction.ToHost => "to the host",
        Direction.HideFromSeat => "away from the desktop",
        Direction.Pin => "hidden from the desktop's drivers",
        Direction.Unpin => "shown to the desktop's drivers again",
        Direction.ClearOverride => "without its driver override",
        Direction.SetOverride => "with its driver override set again",
        Direction.Rescan => "found anew",
        _ => "back to the desktop",
    };

    public static Direction DirectionOf(string word) => word == "vm" ? Direction.ToVm : Direction.ToHost;

    public static string Of(HolderConsent consent) => consent switch
    {
        HolderConsent.Terminate => "term",
        HolderConsent.Kill => "kill",
        _ => "never",
    };

    public static HolderConsent ConsentOf(string? word) => word switch
    {
        "term" => HolderConsent.Terminate,
        "kill" => HolderConsent.Kill,
        _ => HolderConsent.Never,
    };

    public static string Of(Owner owner) => owner switch
    {
        Owner.HostDriver => "on the host",
        Owner.Vfio => "with vfio-pci, for a virtual machine",
        Owner.Mixed => "halfway between host and vfio-pci",
        Owner.Reserved => "reserved, by a driver that only keeps it from the host",
        _ => "without a driver",
    };

    public static string Seconds(TimeSpan time) =>
        time < TimeSpan.FromSeconds(10) ? $"{time.TotalSeconds:0.0} s" : $"{time.TotalSeconds:0} s";
}
