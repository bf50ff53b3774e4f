using System.Collections.Immutable;

namespace GpuTty.Host;

/// <summary>How a card was before it went to the virtual machine, so that it can go home. Lives below /run: a reboot undoes every switch anyway.</summary>
/// <param name="Devices">Every function of the card.</param>
/// <param name="Modules">What was unloaded, in unload order.</param>
/// <param name="Units">Services that were stopped and that only make sense with the card at home.</param>
public sealed record HomeMemory(ImmutableArray<RememberedDevice> Devices, ImmutableArray<string> Modules, ImmutableArray<UnitName> Units)
{
    public static HomeMemory Nothing { get; } = new([], [], []);

    public RememberedDevice? Find(PciDevice device) => Devices.FirstOrDefault(d => d.Address == device.Address && d.Id == device.Id);

    public bool Knows(HomeMemory other) => other.Devices.All(Devices.Contains) && other.Modules.All(Modules.Contains) && other.Units.All(Units.Contains);

    public bool Equals(HomeMemory? other) =>
        other is not null && Devices.SequenceEqual(other.Devices) && Modules.SequenceEqual(other.Modules) && Units.SequenceEqual(other.Units);

    public override int GetHashCode() => HashCode.Combine(Devices.Length, Modules.Length, Units.Length);
}

/// <summary>A function as it was: told apart by address and ids, because addresses move.</summary>
/// <param name="Module">The driver's module, null when built in.</param>
public sealed record RememberedDevice(PciAddress Address, PciId Id, string? Driver, string? Module, string? Override);
