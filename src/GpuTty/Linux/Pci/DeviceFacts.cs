using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.HostUses;
using GpuTty.Linux.Nodes;

namespace GpuTty.Linux.Pci;

/// <summary>PCI functions with all that belongs to them, their groups and their drivers.</summary>
internal sealed class DeviceFacts(FileSystemRoot root, CommandRunner commands)
{
    private readonly PciFunctionReader _functions = new(root);
    private readonly IommuGroups _groups = new(root);
    private readonly DeviceNames _names = new(root, commands);
    private readonly Connectors _connectors = new();
    private readonly HostUseReader _uses = new(root);
    private ModulesAlias? _aliases;
    private ModuleDependencies? _dependencies;

    /// <summary>Device numbers of the last reading, for finding holders.</summary>
    public NodeIndex Nodes { get; private set; } = NodeIndex.Empty;

    /// <param name="host">Gets the facts.</param>
    /// <param name="withUses">False to leave what the host would lose as it was told.</param>
    /// <param name="busy">Functions with a write under way are not touched: reading them may hang too.</param>
    /// <param name="unknowns">Gets what is unknown.</param>
    /// <param name="cancel">Ends the tools.</param>
    public async Task<HostSnapshot> AddToAsync(
        HostSnapshot host, bool withUses, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel)
    {
        var functions = _functions.Read(address => busy.Contains(address), unknowns);
        var classes = ClassDevices.Read(root, unknowns);
        var mediated = MediatedDevices.Read(root, functions);
        var nodes = DeviceNodes.Read(root, classes, functions, mediated, unknowns);
        // For a virtual function it makes none: it only gives that to vfio (nv-pci.c).
        foreach (var bare in functions
            .Where(f =>
                f.Device is { Driver: "nvidia", PhysicalFunction: null }
                && f.NvidiaMinor is null
                && !busy.Contains(f.Device.Address))
            .Select(f => f.Device.Address))
            unknowns.Add(new Unknown(UnknownFact.DeviceNodes, $"the node of {bare}", "The driver nvidia does not say which one it is.")
            {
                Of = $"{bare}",
            });
        var connectors = _connectors.Read(classes, busy, unknowns, cancel);
        var uses = withUses ? _uses.Read(classes, unknowns, cancel) : UsesIn(host);
        var aliases = Aliases(host.Kernel, unknowns);
        var name = await _names.ReadAsync(functions.Select(function => function.Device), unknowns, cancel);
        var drivers = PciDrivers.Read(root, unknowns);
        var settings = Dependencies(host.Kernel)
            .WithDependents(host.ModuleSettings, functions.SelectMany(function => aliases.Find(function.Alias)), unknowns);
        var devices = functions
            .Select(function =>
                settings.Offer(
                    function.Device with { Name = name(function.Device) },
                    Offered(function, settings.NamesOf(aliases.Find(function.Alias)), drivers),
                    drivers) with
                {
                    Nodes = DeviceNodes.Sorted(nodes[function.Device.Address]),
                    Connectors = [.. connectors[function.Device.Address]],
                    Uses = [.. uses[function.Device.Address]],
                    MediatedDevices = [.. mediated
                        .Where(device => device.Parents.Contains(function.Device.Address))
                        .Select(device => device.Uuid)],
                })
            .ToImmutableArray();
        Nodes = NodeIndex.Build(devices, DriverNodes.Read(root, unknowns), Nodes);
        return host with
        {
            Devices = devices,
            Groups = _groups.Read(devices, unknowns),
            IommuServesOtherBuses = devices.All(device => device.IommuGroup is null) && SysFiles.Names(root.Groups).Length > 0,
            Drivers = drivers,
            ModuleSettings = settings,
            Vfio = PciDrivers.Vfio(root, host.Kernel, drivers, unknowns),
        };
    }

    private static ILookup<PciAddress, HostUse> UsesIn(HostSnapshot host) => host.Devices
        .SelectMany(device => device.Uses, (device, use) => (device.Address, Use: use)).ToLookup(told => told.Address, told => told.Use);

    private ModuleDependencies Dependencies(string release) =>
        _dependencies is { } known && known.Release == release ? known : _dependencies = new ModuleDependencies(root, release);

    /// <summary>With what a driver takes that is there, although no list says so.</summary>
    private static ImmutableArray<string> Offered(PciFunction function, ImmutableArray<string> listed, ImmutableArray<PciDriver> drivers) =>
    [
        .. listed,
        .. KnownDrivers.OfEvery(function.Device).Except(listed).Where(module => drivers.Any(driver => driver.ModuleOrName == module)),
    ];

    private ModulesAlias Aliases(string release, List<Unknown> unknowns)
    {
        if (_aliases is not { IsKnown: true, ProblemOfBuiltIns: null } known || known.Release != release)
            _aliases = ModulesAlias.Read(root, release);
        if (_aliases.IsKnown)
        {
            if (_aliases.ProblemOfBuiltIns is { } problem)
                unknowns.Add(new Unknown(UnknownFact.DeviceModules, "which drivers of the kernel itself fit the devices", problem));
            return _aliases;
        }
        var path = root.Modules(release, "modules.alias");
        _ = SysFiles.Bytes(path, SysFiles.TableLimit, out var error);
        unknowns.Add(new Unknown(
            UnknownFact.DeviceModules,
            "which modules fit the devices",
            error is { } why ? $"{path} cannot be read: {why}." : $"{path} is missing."));
        return _aliases;
    }
}
