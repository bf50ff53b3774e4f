using GpuTty.Host;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>What is worth saying about a PCI function, in words.</summary>
internal static class DeviceWords
{
    /// <summary>What people call it: pci.ids puts the product's name into brackets behind the chip's, and the vendor's nickname behind the vendor.</summary>
    public static string ShortName(PciDevice device)
    {
        var name = device.Name;
        var open = name.LastIndexOf('[');
        if (open < 0 || !name[open..].Contains(']')) return name;
        return name.EndsWith(']') ? name[(open + 1)..^1] : name[(name.LastIndexOf(']') + 1)..].Trim();
    }

    public static Label Driver(PciDevice device) => device switch
    {
        { IsOnVfio: true } => new Label(device.Driver!, Look.Good),
        { Driver: { } driver } => driver,
        { IsBridge: true } => "",
        _ => new Label("no driver", Look.Warn),
    };

    public static Label Owner(Card card) => card.Owner switch
    {
        Host.Owner.HostDriver => "on the host",
        Host.Owner.Vfio => new Label("for the VM", Look.Good),
        Host.Owner.Nobody => new Label("no driver", Look.Warn),
        _ => new Label("half-way", Look.Bad),
    };

    /// <summary>What makes this function special, most important first; empty for most.</summary>
    public static IEnumerable<string> Marks(HostSnapshot host, PciDevice device)
    {
        if (device.HasFallenOffTheBus) yield return "fallen off the bus";
        if (device.IsBootVga == true) yield return "boot VGA";
        if (host.Console.Shown?.Device == device.Address) yield return "draws this console";
        var monitors = device.Connectors.Where(connector => connector.IsConnected == true).Select(connector => connector.Name).ToList();
        if (monitors.Count > 0) yield return $"{(monitors.Count == 1 ? "monitor" : "monitors")} on {string.Join(", ", monitors)}";
        if (device.DriverOverride is { } aim && aim != device.Driver) yield return $"override says {aim}";
        if (device.PowerState is not (null or "D0" or "unknown")) yield return $"power state {device.PowerState}";
        if (host.IsKeptOff(device)) yield return "kept off the desktop";
        foreach (var use in device.Uses.Where(use => use.IsVital)) yield return $"the host needs it: {use.Name}";
        if (device.VirtualFunctions > 0) yield return $"{device.VirtualFunctions} virtual functions on";
        if (device.PhysicalFunction is { } parent) yield return $"virtual function of {parent.ShortName}";
    }
}
