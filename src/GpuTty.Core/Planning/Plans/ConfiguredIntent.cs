using GpuTty.Host.Desktop;
using GpuTty.Host.Settings;

namespace GpuTty.Planning.Plans;

/// <summary>What the configuration says of a switch, where nobody has said otherwise.</summary>
public static class ConfiguredIntent
{
    public static HolderConsent Holders(Configuration configured) => configured[ConfigurationKey.EndHolders] switch
    {
        "term" => HolderConsent.Terminate,
        "kill" => HolderConsent.Kill,
        _ => HolderConsent.Never,
    };

    /// <summary>What the card is for is a matter of the way home.</summary>
    public static DesktopUse Use(Configuration configured, Direction direction) => direction != Direction.ToHost ? DesktopUse.AsItIs
        : configured[ConfigurationKey.CardFor] switch
        {
            "compute" => DesktopUse.HiddenFromSeat,
            "monitors" => DesktopUse.Allowed,
            _ => DesktopUse.AsItIs,
        };

    public static bool LeavesNvidiaStopped(Configuration configured) => configured[ConfigurationKey.NvidiaRestart] == "false";
}
