using GpuTty.Host.Pci;

namespace GpuTty.Host;

/// <summary>What is special about a function, in a few words each.</summary>
public static class DeviceMarks
{
    /// <summary>Most important first; empty for most functions.</summary>
    public static IEnumerable<string> Of(HostSnapshot host, PciDevice device)
    {
        if (device.HasFallenOffTheBus) yield return "fallen off the bus";
        if (device.IsBootVga == true) yield return "boot VGA";
        if (host.Console.Shown?.Device == device.Address) yield return "draws this console";
        if (host.Console.Framebuffers.FirstOrDefault(buffer => buffer.FirmwareDriver is not null && buffer.Device == device.Address) is { } screen)
            yield return $"has the firmware's screen ({screen.FirmwareDriver})";
        var monitors = device.Connectors.Where(connector => connector.IsConnected == true).Select(connector => connector.Name).ToList();
        if (monitors.Count > 0) yield return $"{(monitors.Count == 1 ? "monitor" : "monitors")} on {string.Join(", ", monitors)}";
        if (device.HasStrayOverride) yield return $"override says {device.DriverOverride}";
        if (device.PowerState is not (null or "D0" or "unknown")) yield return $"power state {device.PowerState}";
        if (host.IsKeptOff(device)) yield return "kept off the desktop";
        foreach (var use in device.Uses.Where(use => use.IsVital)) yield return $"the host needs it: {use.Name}";
        if (device.VirtualFunctions > 0) yield return $"{device.VirtualFunctions} virtual functions on";
        if (device.PhysicalFunction is { } parent) yield return $"virtual function of {parent.ShortName}";
    }
}
