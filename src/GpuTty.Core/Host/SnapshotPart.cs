using System.Globalization;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Host;

/// <summary>A part of a snapshot that something is decided from: all of a list, or one entry of it.</summary>
/// <param name="Fact">Which list.</param>
/// <param name="Of">The entry: address, pid, number of a group, uid; null for all of it.</param>
public readonly record struct SnapshotPart(UnknownFact Fact, string? Of = null)
{
    public static SnapshotPart Devices => new(UnknownFact.PciDevices);
    public static SnapshotPart Drivers => new(UnknownFact.PciDrivers);
    public static SnapshotPart Modules => new(UnknownFact.Modules);
    public static SnapshotPart Nodes => new(UnknownFact.DeviceNodes);
    public static SnapshotPart Holders => new(UnknownFact.Holders);
    public static SnapshotPart Sessions => new(UnknownFact.Sessions);
    public static SnapshotPart DisplayManager => new(UnknownFact.DisplayManager);
    public static SnapshotPart Console => new(UnknownFact.Console);
    public static SnapshotPart OriginalState => new(UnknownFact.OriginalState);
    public static SnapshotPart SeatRules => new(UnknownFact.SeatRules);
    public static SnapshotPart GlDriverSettings => new(UnknownFact.GlDriverSettings);
    public static SnapshotPart KernelState => new(UnknownFact.KernelState);
    public static SnapshotPart ModuleSettings => new(UnknownFact.ModuleSettings);
    public static SnapshotPart InstalledModules => new(UnknownFact.InstalledModules);
    public static SnapshotPart CallerLocation => new(UnknownFact.CallerLocation);
    public static SnapshotPart TunableSettings => new(UnknownFact.TunableSettings);

    public static SnapshotPart Device(PciAddress address) => new(UnknownFact.PciDevices, address.ToString());
    public static SnapshotPart IdsOf(PciAddress address) => new(UnknownFact.DeviceIds, address.ToString());
    public static SnapshotPart ModulesFor(PciAddress address) => new(UnknownFact.DeviceModules, address.ToString());
    public static SnapshotPart NodesOf(PciAddress address) => new(UnknownFact.DeviceNodes, address.ToString());
    public static SnapshotPart SeatTagsOf(PciAddress address) => new(UnknownFact.SeatTags, address.ToString());
    public static SnapshotPart UsesOf(PciAddress address) => new(UnknownFact.HostUses, address.ToString());
    public static SnapshotPart Group(int number) => new(UnknownFact.IommuGroups, number.ToString(CultureInfo.InvariantCulture));
    public static SnapshotPart Process(int pid) => new(UnknownFact.Holders, pid.ToString(CultureInfo.InvariantCulture));

    public static SnapshotPart Unit(UnitName unit) =>
        unit.Uid is { } uid ? new(UnknownFact.Units, uid.ToString(CultureInfo.InvariantCulture)) : DisplayManager;

    /// <summary>True where one says something about the other: the same entry, or either of them is all of it.</summary>
    public bool Overlaps(SnapshotPart other) => Fact == other.Fact && (Of is null || other.Of is null || Of == other.Of);

    /// <summary><c>display manager</c>, <c>holders 812</c>.</summary>
    public override string ToString() =>
        string.Concat(Fact.ToString().Select((c, index) => char.IsUpper(c) ? (index == 0 ? "" : " ") + char.ToLowerInvariant(c) : $"{c}"))
        + (Of is null ? "" : $" {Of}");

    /// <summary>Which look tells it; <see cref="SnapshotSections.None"/> for what every look tells.</summary>
    public SnapshotSections ToldBy => Fact switch
    {
        UnknownFact.Modules => SnapshotSections.Modules,
        UnknownFact.Holders or UnknownFact.Accounts => SnapshotSections.Holders,
        UnknownFact.HostUses => SnapshotSections.Uses,
        UnknownFact.Programs => SnapshotSections.Programs,
        UnknownFact.Sessions or UnknownFact.DisplayManager or UnknownFact.Units or UnknownFact.DesktopSettings
            or UnknownFact.CallerLocation => SnapshotSections.Desktop,
        UnknownFact.Console => SnapshotSections.Console,
        UnknownFact.OriginalState or UnknownFact.SeatRules or UnknownFact.GlDriverSettings => SnapshotSections.State,
        UnknownFact.KernelState => SnapshotSections.None,
        UnknownFact.TunableSettings => SnapshotSections.TunableSettings,
        UnknownFact.SettingsFiles => SnapshotSections.SettingsFiles,
        UnknownFact.Details => SnapshotSections.Details,
        _ => SnapshotSections.Devices,
    };
}
