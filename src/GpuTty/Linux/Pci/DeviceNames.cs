using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Pci;

/// <summary>
/// Names of functions, found once for each address and its ids: they cannot change while the function is there. The list of products
/// tells them; where it is in no usual place lspci(8) is asked, which knows its own, and wakes every function that sleeps.
/// </summary>
internal sealed class DeviceNames(FileSystemRoot root, CommandRunner commands)
{
    private readonly ConcurrentDictionary<(PciAddress, PciId), string> _names = new();
    private Unknown? _missing;

    public async Task<Func<PciDevice, string>> ReadAsync(IEnumerable<PciDevice> devices, List<Unknown> unknowns, CancellationToken cancel)
    {
        var unnamed = devices.Where(device => !_names.ContainsKey((device.Address, device.Id))).ToList();
        if (unnamed.Count > 0 && !FindInList(unnamed)) await AskAsync(unnamed, cancel);
        if (_missing is not null) unknowns.Add(_missing);
        return device => _names.GetValueOrDefault((device.Address, device.Id)) ?? device.Id.ToString();
    }

    private bool FindInList(List<PciDevice> unnamed)
    {
        if (PciIds.Read(root, unnamed.Select(device => (device.Id.Vendor, device.Id.Device)).ToHashSet()) is not { } listed) return false;
        foreach (var device in unnamed)
            _names[(device.Address, device.Id)] = listed.GetValueOrDefault((device.Id.Vendor, device.Id.Device)) ?? device.Id.ToString();
        return true;
    }

    private async Task AskAsync(List<PciDevice> unnamed, CancellationToken cancel)
    {
        var lspci = await Lspci.RunAsync(commands, cancel);
        var said = Lspci.Parse(lspci.Output);
        _missing = lspci.Succeeded ? null : new Unknown(UnknownFact.DeviceNames, "device names", lspci.Problem("lspci"));
        foreach (var device in unnamed)
            _names[(device.Address, device.Id)] =
                said.GetValueOrDefault((device.Address, device.Id.Vendor, device.Id.Device)) ?? device.Id.ToString();
    }
}
