using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Output;

/// <summary>What people read and type for the values of the core; the same words in text and in JSON.</summary>
internal static class ValueText
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

    public static string Seconds(TimeSpan time) =>
        time < TimeSpan.FromSeconds(10) ? $"{time.TotalSeconds:0.0} s" : $"{time.TotalSeconds:0} s";
}
