using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Devices;

/// <summary>What is special about a function: the stable words for scripts.</summary>
public enum DeviceMarkCode
{
    [JsonStringEnumMemberName("off-the-bus")] OffTheBus,
    /// <summary>Its driver has told the kernel that it cannot go on.</summary>
    [JsonStringEnumMemberName("driver-wedged")] DriverWedged,
    [JsonStringEnumMemberName("boot-vga")] BootVga,
    [JsonStringEnumMemberName("draws-console")] DrawsConsole,
    [JsonStringEnumMemberName("firmware-screen")] FirmwareScreen,
    [JsonStringEnumMemberName("monitor-connected")] MonitorConnected,
    [JsonStringEnumMemberName("driver-override-differs")] DriverOverrideDiffers,
    [JsonStringEnumMemberName("power-state")] PowerState,
    [JsonStringEnumMemberName("hidden-from-desktop")] HiddenFromDesktop,
    [JsonStringEnumMemberName("host-needs-it")] HostNeedsIt,
    [JsonStringEnumMemberName("has-virtual-functions")] HasVirtualFunctions,
    [JsonStringEnumMemberName("virtual-function")] VirtualFunction,
}

/// <param name="Text">For people, in a few words.</param>
public sealed record DeviceMark(DeviceMarkCode Code, string Text)
{
    public override string ToString() => Text;
}

/// <summary>What is special about a function, in a few words each.</summary>
public static class DeviceMarks
{
    /// <summary>Most important first; empty for most functions.</summary>
    public static IEnumerable<DeviceMark> Of(HostSnapshot host, PciDevice device)
    {
        if (device.HasFallenOffTheBus) yield return new(DeviceMarkCode.OffTheBus, "fallen off the bus");
        if (device.Wedged is not null) yield return new(DeviceMarkCode.DriverWedged, $"its driver {WedgedDriver.Statement(device)}");
        if (device.IsBootVga == true) yield return new(DeviceMarkCode.BootVga, "boot VGA");
        if (host.ConsoleDevice == device.Address) yield return new(DeviceMarkCode.DrawsConsole, "draws this console");
        if (host.Console.Framebuffers.FirstOrDefault(buffer =>
            buffer.FirmwareDriver is not null && buffer.Device == device.Address) is { } screen)
            yield return new(DeviceMarkCode.FirmwareScreen, $"has the firmware's screen ({screen.FirmwareDriver})");
        if (device.HasStrayOverride) yield return new(DeviceMarkCode.DriverOverrideDiffers, $"override says {device.DriverOverride}");
        var monitors = device.Connectors
            .Where(connector => connector.IsConnected == true)
            .Select(connector => connector.Monitor is { } monitor ? $"{connector.Name} ({monitor})" : connector.Name)
            .ToList();
        if (monitors.Count > 0)
            yield return new(
                DeviceMarkCode.MonitorConnected,
                $"{Counted.Word(monitors.Count, "monitor")} on {string.Join(", ", monitors)}");
        if (device.PowerState is not (null or "D0" or "unknown"))
            yield return new(DeviceMarkCode.PowerState, $"power state {device.PowerState}");
        if (host.IsKeptOff(device)) yield return new(DeviceMarkCode.HiddenFromDesktop, "kept off the desktop");
        foreach (var use in device.Uses.Where(use => use.IsVital))
            yield return new(DeviceMarkCode.HostNeedsIt, $"the host needs it: {use.Name}");
        if (device.VirtualFunctions > 0)
            yield return new(DeviceMarkCode.HasVirtualFunctions, $"{Counted.Of(device.VirtualFunctions, "virtual function")} on");
        if (device.PhysicalFunction is { } parent)
            yield return new(DeviceMarkCode.VirtualFunction, $"virtual function of {parent.ShortName}");
    }
}
