namespace GpuTty.Host.Pci;

/// <summary>
/// Sound functions that keep the driver of Intel graphics loaded. While both are bound, the sound
/// driver has taken a reference to the graphics driver's module (sound/hda/hdac_component.c: "pin
/// the module"), so that cannot be unloaded, and must not be unbound under live sound either.
/// </summary>
public static class IntelSound
{
    /// <summary>Bound sound functions that work with this graphics function; none for other makers, whose drivers are not pinned.</summary>
    public static IEnumerable<PciDevice> Of(HostSnapshot host, PciDevice graphics) =>
        graphics is { Driver: "i915" or "xe", Id.Vendor: PciId.Intel, PhysicalFunction: null } && graphics.IsGraphics
            ? host.Devices.Where(sound => IsBoundSound(sound) && IsConnected(host, graphics, sound))
            : [];

    /// <summary>The same for all graphics functions that a module drives, each once.</summary>
    public static IEnumerable<PciDevice> OfModule(HostSnapshot host, string module) => module is not ("i915" or "xe") ? []
        : host.Devices.Where(device => device.Driver == module).SelectMany(device => Of(host, device)).DistinctBy(sound => sound.Address);

    private static bool IsBoundSound(PciDevice device) => device is { Id.Vendor: PciId.Intel, Driver: { } driver, IsOnVfio: false }
        && (device.Class.IsSound
            || driver.StartsWith("snd", StringComparison.Ordinal)
            || driver.StartsWith("sof", StringComparison.Ordinal));

    /// <summary>As the kernel decides it (sound/hda/hdac_i915.c, connectivity_check): on one bus, or below one switch of a card.</summary>
    private static bool IsConnected(HostSnapshot host, PciDevice graphics, PciDevice sound)
    {
        if (graphics.Address.Domain != sound.Address.Domain) return false;
        if (graphics.Address.Bus == sound.Address.Bus) return true;
        return Switch(graphics) is { } shared && shared == Switch(sound);
        PciAddress? Switch(PciDevice device) => device.Parent is { } port ? host.Find(port)?.Parent : null;
    }
}
