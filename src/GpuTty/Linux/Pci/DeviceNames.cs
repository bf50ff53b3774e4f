using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Pci;

/// <summary>Names of functions, asked once for each address and its ids: they cannot change while the function is there.</summary>
internal sealed class DeviceNames(FileSystemRoot root, CommandRunner commands)
{
    private readonly ConcurrentDictionary<(PciAddress, PciId), string> _names = new();
    private Unknown? _missing;
    private Task<CommandResult>? _asked;

    /// <summary>Starts the first lspci(8) while the caller still looks for the functions it will name.</summary>
    public void Begin(CancellationToken cancel)
    {
        if (_names.IsEmpty) _asked = Task.Run(() => Lspci.RunAsync(commands, cancel), cancel);
    }

    public async Task<Func<PciDevice, string>> ReadAsync(IEnumerable<PciDevice> devices, List<Unknown> unknowns, CancellationToken cancel)
    {
        var unnamed = devices.Where(device => !_names.ContainsKey((device.Address, device.Id))).ToList();
        if (unnamed.Count > 0) await AskAsync(unnamed, cancel);
        if (_missing is not null) unknowns.Add(_missing);
        return device => _names.GetValueOrDefault((device.Address, device.Id)) ?? device.Id.ToString();
    }

    private async Task AskAsync(List<PciDevice> unnamed, CancellationToken cancel)
    {
        var lspci = await (Interlocked.Exchange(ref _asked, null) ?? Lspci.RunAsync(commands, cancel));
        var said = Lspci.Parse(lspci.Output);
        var rest = unnamed.Where(device => !said.ContainsKey((device.Address, device.Id.Vendor, device.Id.Device))).ToList();
        var listed = rest.Count == 0 ? [] : PciIds.Read(root, rest.Select(device => (device.Id.Vendor, device.Id.Device)).ToHashSet());
        _missing = lspci.Succeeded || listed is not null
            ? null
            : new Unknown(UnknownFact.DeviceNames, "device names", lspci.Problem("lspci"));
        foreach (var device in unnamed)
        {
            _names[(device.Address, device.Id)] =
                said.GetValueOrDefault((device.Address, device.Id.Vendor, device.Id.Device))
                ?? listed?.GetValueOrDefault((device.Id.Vendor, device.Id.Device))
                ?? device.Id.ToString();
        }
    }
}
