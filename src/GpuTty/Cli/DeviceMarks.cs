using GpuTty.Host;

namespace GpuTty.Cli;

/// <summary>What is special about a function, in a few words each.</summary>
internal static class DeviceMarks
{
    public static IEnumerable<string> Of(HostSnapshot host, PciDevice device)
    {
        if (device.IsBootVga == true) yield return "boot VGA";
        if (host.Console.Shown?.Device == device.Address) yield return "draws the text consoles";
        if (device.Connectors.Any(connector => connector.IsConnected == true)) yield return "monitor connected";
        if (host.IsKeptOff(device)) yield return "kept off the desktop";
        if (device.DriverOverride is { } aim && aim != device.Driver) yield return $"aimed at {aim}";
        if (device.VirtualFunctions > 0) yield return Words.Count(device.VirtualFunctions, "virtual function");
        if (device.PhysicalFunction is { } parent) yield return $"virtual function of {parent.ShortName}";
        if (device.HasFallenOffTheBus) yield return "does not answer";
        if (device.PowerState is "D3hot" or "D3cold") yield return $"asleep ({device.PowerState})";
        foreach (var use in device.Uses.Where(use => use.IsVital)) yield return $"the host needs {use.Name}";
    }
}
