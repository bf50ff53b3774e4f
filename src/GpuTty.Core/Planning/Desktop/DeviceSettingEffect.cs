using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Desktop;

/// <summary>What a setting of the desktop means for one card.</summary>
/// <param name="Defeats">True: the desktop opens the card whatever the seat
/// says. False: it leaves the card alone while the setting lasts.</param>
/// <param name="Sentence">For people.</param>
public sealed record DeviceSettingEffect(CompositorDeviceSetting Pin, bool Defeats, string Sentence)
{
    /// <summary>Settings that say something about this card, in the order of the snapshot.</summary>
    public static IEnumerable<DeviceSettingEffect> For(HostSnapshot host, Card card) =>
        host.CompositorDeviceSettings.Select(pin => Of(pin, card)).OfType<DeviceSettingEffect>();

    private static DeviceSettingEffect? Of(CompositorDeviceSetting pin, Card card) => pin.Setting switch
    {
        CompositorDeviceSetting.AutoAddGpu => new(pin, false, $"Xorg takes no second card by itself: AutoAddGPU is off in {pin.Where}."),
        CompositorDeviceSetting.MutterIgnores =>
            pin.Names(card.Display) ? new(pin, false, $"GNOME leaves this card alone: {pin.Setting} in {pin.Where}.") : null,
        CompositorDeviceSetting.MutterPrefers =>
            pin.Names(card.Display) ? new(pin, true, $"GNOME wants this card first: {pin.Setting} in {pin.Where}.") : null,
        _ when pin.Names(card.Display) =>
            new(pin, true, $"{pin.Where} is told to open this card, whatever its seat says: {pin.Setting}={pin.Value}."),
        // While the card is away or without a driver, its node has no name: nothing can be told.
        _ when !card.Display.Nodes.Any(node => node.Kind == NodeKind.Card) => null,
        _ => new(pin, false, $"{pin.Where} is told to leave this card alone: {pin.Setting}={pin.Value}."),
    };
}
