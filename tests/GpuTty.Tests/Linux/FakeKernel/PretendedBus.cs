namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>A write that has reached the kernel.</summary>
internal sealed record BusWrite(string File, string Text)
{
    public string Name => File[(File.LastIndexOf('/') + 1)..];
    public override string ToString() => $"{Text.TrimEnd('\n')} > {Name}";
}

/// <summary>
/// Below <c>bus/pci</c>, what drivers/base/bus.c and drivers/pci/pci-driver.c do (measured on 6.1): bind when bound ENODEV, unbind when
/// not bound to it ENODEV, probe when bound success and no change, an unknown name accepted as override.
/// </summary>
internal sealed class PretendedBus(params string[] functions)
{
    public const string Home = "nvidia", Vfio = "vfio-pci";
    public const int EPERM = 1,
        EINTR = 4,
        EIO = 5,
        EAGAIN = 11,
        ENOMEM = 12,
        EACCES = 13,
        EBUSY = 16,
        ENODEV = 19,
        EINVAL = 22,
        EMFILE = 24,
        ENOSPC = 28,
        EROFS = 30;
    private readonly Lock _gate = new();
    private readonly List<BusWrite> _writes = [];
    private readonly Dictionary<string, (string? Driver, string? Override)> _devices =
        functions.ToDictionary(address => address, _ => ((string?)Home, (string?)null));

    /// <summary>Before a write has its effect: may wait, may change the machine;
    /// an errno refuses it, 0 lets it go on, null drops it with success.</summary>
    public Func<BusWrite, Task<int?>> Before { get; set; } = _ => Task.FromResult<int?>(0);

    /// <summary>After its effect: somebody else on the machine.</summary>
    public Action<BusWrite> After { get; set; } = _ => { };

    /// <summary>Every write that arrived, also those that had no effect.</summary>
    public IReadOnlyList<BusWrite> Writes { get { lock (_gate) return [.. _writes]; } }

    public string? DriverOf(string address) { lock (_gate) return _devices.GetValueOrDefault(address).Driver; }

    public void Bind(string address, string? driver) { lock (_gate) _devices[address] = (driver, _devices[address].Override); }

    /// <summary>Surprise removal.</summary>
    public void Remove(string address) { lock (_gate) _devices.Remove(address); }

    public Entry? At(string path)
    {
        lock (_gate)
        {
            return path.Split('/') switch
            {
                [""] => new Entry.Folder(["sys", "proc"]),
                ["proc"] => new Entry.Folder(["1", "driver", "modules", "sys"]),
                ["proc", "1"] => new Entry.Folder(["fd", "maps", "stat"]),
                ["proc", "1", "fd"] => new Entry.Folder([]),
                ["proc", "1", "maps"] => new Entry.Attribute(() => ""),
                ["proc", "1", "stat"] => new Entry.Attribute(() => "1 (systemd) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 7 1 2 3\n"),
                ["proc", "driver"] => new Entry.Folder([Home]),
                ["proc", "driver", Home] => new Entry.Folder(["gpus"]),
                ["proc", "driver", Home, "gpus"] => new Entry.Folder([.. _devices.Keys]),
                ["proc", "driver", Home, "gpus", var address] when _devices.ContainsKey(address) => new Entry.Folder(["information"]),
                ["proc", "driver", Home, "gpus", var address, "information"] when _devices.ContainsKey(address) =>
                    new Entry.Attribute(() => "Device Minor: 0\n"),
                ["proc", "modules"] => new Entry.Attribute(() => ""),
                ["proc", "sys"] => new Entry.Folder(["kernel"]),
                ["proc", "sys", "kernel"] => new Entry.Folder(["tainted"]),
                ["proc", "sys", "kernel", "tainted"] => new Entry.Attribute(() => "0\n"),
                ["sys"] => new Entry.Folder(["bus"]),
                ["sys", "bus"] => new Entry.Folder(["pci"]),
                ["sys", "bus", "pci"] => new Entry.Folder(["devices", "drivers", "drivers_probe"]),
                ["sys", "bus", "pci", "devices"] => new Entry.Folder([.. _devices.Keys]),
                ["sys", "bus", "pci", "drivers"] => new Entry.Folder([Home, Vfio]),
                ["sys", "bus", "pci", "drivers", Home or Vfio] => new Entry.Folder(["bind", "unbind"]),
                ["sys", "bus", "pci", "drivers", Home or Vfio, "unbind" or "bind"] or ["sys", "bus", "pci", "drivers_probe"] =>
                    Writable(path, ""),
                ["sys", "bus", "pci", "devices", var address, .. var below] when _devices.TryGetValue(address, out var device) =>
                    Device(path, below, device),
                _ => null,
            };
        }
    }

    private Entry? Device(string path, string[] below, (string? Driver, string? Override) device) => below switch
    {
        [] => new Entry.Folder(["class", "vendor", "device", "driver_override", .. device.Driver is null ? (string[])[] : ["driver"]]),
        ["class"] => new Entry.Attribute(() => "0x030000\n"),
        ["vendor"] => new Entry.Attribute(() => "0x10de\n"),
        ["device"] => new Entry.Attribute(() => "0x2684\n"),
        ["driver"] when device.Driver is { } driver => new Entry.Link($"../../drivers/{driver}"),
        ["driver_override"] => Writable(path, $"{device.Override ?? "(null)"}\n"),
        _ => null,
    };

    private Entry.Attribute Writable(string path, string content) => new(() => content, text => WriteAsync(new BusWrite(path, text)));

    private async Task<int> WriteAsync(BusWrite write)
    {
        lock (_gate) _writes.Add(write);
        if (await Before(write) is not { } error) return 0;
        if (error != 0) return error;
        lock (_gate) error = Apply(write);
        if (error == 0) After(write);
        return error;
    }

    private int Apply(BusWrite write)
    {
        var parts = write.File.Split('/');
        var address = write.Name == "driver_override" ? parts[^2] : write.Text.TrimEnd('\n');
        if (!_devices.TryGetValue(address, out var device)) return ENODEV;
        switch (write.Name)
        {
            case "driver_override":
                _devices[address] = device with { Override = write.Text.TrimEnd('\n') is { Length: > 0 } name ? name : null };
                return 0;
            case "unbind" when device.Driver != parts[^2]: return ENODEV;
            case "unbind": _devices[address] = device with { Driver = null }; return 0;
            case "bind" when device.Driver is not null: return ENODEV;
            case "bind": _devices[address] = device with { Driver = parts[^2] }; return 0;
            default:
                if (device.Driver is null && (device.Override ?? Home) is Home or Vfio)
                    _devices[address] = device with { Driver = device.Override ?? Home };
                return 0;
        }
    }
}
