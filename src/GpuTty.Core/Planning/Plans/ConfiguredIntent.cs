using System.Globalization;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
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
    public static DesktopAccess Use(Configuration configured, Direction direction) =>
        direction != Direction.ToHost ? DesktopAccess.Unchanged
        : configured[ConfigurationKey.CardFor] switch
        {
            "compute" => DesktopAccess.HiddenFromSeat,
            "monitors" => DesktopAccess.Allowed,
            _ => DesktopAccess.Unchanged,
        };

    /// <summary>On the way to the VM: who is to open vfio's nodes, and what the machine is set to meanwhile.</summary>
    /// <param name="owner">Asked there alone: it may refuse a user that this machine does not know.</param>
    public static SwitchIntent WithGuestSettings(SwitchIntent intent, Configuration configured, Func<VfioOwner?> owner) =>
        intent.Direction == Direction.ToVm ? intent with { VfioOwner = owner(), Tuning = Tuning(configured) } : intent;

    /// <param name="known">A user and a group, empty for none, as this machine knows them.</param>
    public static VfioOwner? Owner(Configuration configured, Func<string, string, VfioOwner?> known) =>
        known(configured[ConfigurationKey.VfioUser], configured[ConfigurationKey.VfioGroup]);

    /// <summary>Null where nothing of the machine is changed for a virtual machine.</summary>
    public static GuestTuning? Tuning(Configuration configured)
    {
        var tuning = new GuestTuning
        {
            FreeCpus = Word(configured[ConfigurationKey.IsolateCpus]),
            Governor = Word(configured[ConfigurationKey.Governor]),
            EnergyPreference = Word(configured[ConfigurationKey.EnergyPreference]),
            HugePages = Number(configured[ConfigurationKey.HugePages]),
            Kvmfr = Number(configured[ConfigurationKey.KvmfrSize]),
            SharedMemory = configured[ConfigurationKey.LookingGlassFile] == "yes",
        };
        return tuning == GuestTuning.None ? null : tuning;
    }

    private static string? Word(string text) => text.Length == 0 ? null : text;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool LeavesNvidiaStopped(Configuration configured) => configured[ConfigurationKey.NvidiaRestart] == "false";
}
