using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;

namespace GpuTty.Planning.Plans;

/// <summary>What the configuration says of every switch that somebody begins at a screen, as the commands go by it.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="VfioOwner">Who is to open vfio's nodes; null for root alone.</param>
/// <param name="Error">Why no switch can go by it: the problem and what to do. Null where one can.</param>
public sealed record ConfiguredSwitch(Configuration Source, VfioOwner? VfioOwner = null, (string Problem, string Remedy)? Error = null)
{
    public static ConfiguredSwitch None { get; } = new(Configuration.Empty);

    /// <summary>Absolute path of the folder for new files, such as a card's firmware; null where none can be written.</summary>
    public string? NewFiles { get; init; }

    /// <param name="owner">A user and a group, empty for none, as this machine knows them.</param>
    public static ConfiguredSwitch Of(Configuration configured, Func<string, string, VfioOwner?> owner)
    {
        if (configured.Error is { } error) return new(Configuration.Empty, Error: (error.Problem, error.Remedy));
        try
        {
            return new(configured, ConfiguredIntent.Owner(configured, owner));
        }
        catch (HostException unknown)
        {
            return new(configured, Error: (unknown.Message, unknown.Remedy));
        }
    }

    /// <summary>What a plan that goes by it is made from besides <see cref="SnapshotSections.All"/>.</summary>
    public SnapshotSections Needs => ConfiguredIntent.Tuning(Source) is null ? SnapshotSections.None : SnapshotSections.TunableSettings;

    /// <summary>The card that is named there, where it is one of this machine.</summary>
    public Card? CardOf(HostSnapshot host) =>
        Source.Find(ConfigurationKey.Card) is null ? null : ConfiguredCard.Find(host, Source).Card;

    /// <summary>A new switch as it is configured; what is only asked once is still asked.</summary>
    public SwitchIntent With(SwitchIntent intent) => intent.Direction switch
    {
        Direction.ToVm => ConfiguredIntent.WithGuestSettings(Common(intent), Source, () => VfioOwner),
        Direction.ToHost => Common(intent) with
        {
            Desktop = intent.Desktop == DesktopAccess.Unchanged ? ConfiguredIntent.Use(Source, intent.Direction) : intent.Desktop,
        },
        _ => intent,
    };

    private SwitchIntent Common(SwitchIntent intent) => intent with
    {
        EndHolders = ConfiguredIntent.Holders(Source),
        LeavesNvidiaStopped = ConfiguredIntent.LeavesNvidiaStopped(Source),
    };
}
