using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Host;

/// <summary>How cards were before they went to a virtual machine, so that they
/// can go home. Lives below /run: a reboot undoes every switch anyway.</summary>
/// <param name="Devices">Every function of every card that is away.</param>
/// <param name="Modules">What was unloaded, in unload order.</param>
/// <param name="Units">Services that were stopped and that only make sense with the card at home.</param>
public sealed record OriginalState(
    [property: JsonPropertyName("devices")] ImmutableArray<OriginalDevice> Devices,
    [property: JsonPropertyName("modules")] ImmutableArray<OriginalModule> Modules,
    [property: JsonPropertyName("units")] ImmutableArray<OriginalUnit> Units)
{
    private readonly ImmutableArray<CardAccess> _uses;
    private readonly ImmutableArray<RememberedSetting> _settings;

    public static OriginalState Nothing { get; } = new([], [], []);

    /// <summary>What cards are for at home, as the user has answered; stays
    /// when a card comes home. Empty in files of older programs.</summary>
    [JsonPropertyName("uses")]
    public ImmutableArray<CardAccess> Uses { get => _uses.IsDefault ? [] : _uses; init => _uses = value; }

    /// <summary>Settings of the machine that were changed for a card, in that
    /// order; one may be changed again. Empty in files of older programs.</summary>
    [JsonPropertyName("settings")]
    public ImmutableArray<RememberedSetting> Settings { get => _settings.IsDefault ? [] : _settings; init => _settings = value; }

    /// <summary>Null also when another device sits at that address now.</summary>
    public OriginalDevice? Find(PciDevice device) => Devices.FirstOrDefault(d => d.Address == device.Address && d.Id == device.Id);

    /// <summary>The part that is about one card that is away.</summary>
    public OriginalState Of(Card card) => new(
        [.. Devices.Where(d => card.Contains(d.Address))],
        [.. Modules.Where(m => card.Contains(m.Card))],
        [.. Units.Where(u => card.Contains(u.Card))])
    {
        Settings = [.. Settings.Where(s => card.Contains(s.Card))],
    };

    public bool Knows(OriginalState other) =>
        other.Devices.All(Devices.Contains) && other.Modules.All(Modules.Contains) && other.Units.All(Units.Contains)
        && other.Uses.All(Uses.Contains) && other.Settings.All(Settings.Contains);

    /// <summary>This and the other; where both know a device, the other is right.</summary>
    public OriginalState With(OriginalState other) => new(
        [.. Devices.Where(d => other.Devices.All(o => o.Address != d.Address)), .. other.Devices],
        [.. Modules.Union(other.Modules)],
        [.. Units.Union(other.Units)])
    {
        Uses = [.. Uses.Where(u => other.Uses.All(o => o.Card != u.Card)), .. other.Uses],
        Settings = [.. Settings.Union(other.Settings)],
    };

    public OriginalState Without(OriginalState other) => new(
        [.. Devices.Where(d => other.Devices.All(o => o.Address != d.Address))],
        [.. Modules.Except(other.Modules)],
        [.. Units.Except(other.Units)])
    {
        Uses = [.. Uses.Except(other.Uses)],
        Settings = [.. Settings.Except(other.Settings)],
    };

    public bool Equals(OriginalState? other) =>
        other is not null
        && Devices.SequenceEqual(other.Devices)
        && Modules.SequenceEqual(other.Modules)
        && Units.SequenceEqual(other.Units)
        && Uses.SequenceEqual(other.Uses)
        && Settings.SequenceEqual(other.Settings);

    public override int GetHashCode() => HashCode.Combine(Devices.Length, Modules.Length, Units.Length);
}

/// <summary>A function as it was: told apart by address and ids, because addresses move.</summary>
/// <param name="Driver">Null when it had none.</param>
/// <param name="Module">The driver's module, null when built in.</param>
/// <param name="Override">driver_override as it was; null when unset.</param>
public sealed record OriginalDevice(
    [property: JsonPropertyName("address")] PciAddress Address,
    [property: JsonPropertyName("id")] PciId Id,
    [property: JsonPropertyName("driver")] string? Driver,
    [property: JsonPropertyName("module")] string? Module,
    [property: JsonPropertyName("override")] string? Override);

/// <param name="Card">The display function it was unloaded for.</param>
/// <param name="Name">With underscores.</param>
public sealed record OriginalModule(
    [property: JsonPropertyName("card")] PciAddress Card,
    [property: JsonPropertyName("name")] string Name);

/// <param name="Card">The display function it was stopped for.</param>
/// <param name="Unit">A service of the system.</param>
public sealed record OriginalUnit(
    [property: JsonPropertyName("card")] PciAddress Card,
    [property: JsonPropertyName("unit")] UnitName Unit);

/// <summary>A setting of the machine that was changed while a card is away.</summary>
/// <param name="Card">The display function it was changed for.</param>
/// <param name="Before">What it was.</param>
/// <param name="Given">What it was changed to: whatever else it is now, somebody else has set it, and it is left alone.</param>
public sealed record RememberedSetting(
    [property: JsonPropertyName("card")] PciAddress Card,
    [property: JsonPropertyName("setting")] HostSetting Setting,
    [property: JsonPropertyName("before")] string Before,
    [property: JsonPropertyName("given")] string Given);
