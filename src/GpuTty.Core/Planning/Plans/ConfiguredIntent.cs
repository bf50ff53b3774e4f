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
    public static DesktopAccess Use(Configuration configured, Direction direction) => direction != Direction.ToHost ? DesktopAccess.Unchanged
        : configured[ConfigurationKey.CardFor] switch
        {
            "compute" => DesktopAccess.HiddenFromSeat,
            "monitors" => DesktopAccess.Allowed,
            _ => DesktopAccess.Unchanged,
        };

    public static bool LeavesNvidiaStopped(Configuration configured) => configured[ConfigurationKey.NvidiaRestart] == "false";
}
