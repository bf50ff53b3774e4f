using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>PCI functions below /sys/bus/pci/devices, as far as their own folders tell.</summary>
internal sealed class PciFunctionReader(FileSystemRoot root)
{
    private readonly HangTolerantScan<string> _scan = new();
    private readonly ConcurrentDictionary<(PciAddress, PciId), int> _headerTypes = new();
    private readonly ConcurrentDictionary<string, PciFunction> _last = new();

    /// <summary>Every function, by address. One with a write under way, or that does not answer, is told as it was last seen.</summary>
    /// <param name="busy">Addresses whose files must not be read now, but for those that take no lock.</param>
    /// <param name="unknowns">Gets what is unknown.</param>
    public ImmutableArray<PciFunction> Read(Func<PciAddress, bool> busy, List<Unknown> unknowns)
    {
        var names = new PartFiles(unknowns, UnknownFact.PciDevices, "PCI devices").Names(root.PciDevices);
        // A kernel without PCI has a sysfs anyway.
        if (names.IsEmpty && !SysFiles.Exists(root.Sys("bus")))
            unknowns.Add(new Unknown(UnknownFact.PciDevices, "PCI devices", $"{root.PciDevices} is missing."));
        var known = names.Where(name => PciAddress.TryParse(name, out _)).ToList();
        foreach (var odd in names.Except(known))
            unknowns.Add(new Unknown(UnknownFact.PciDevices, "PCI devices", $"{Visible.Text(odd, 80)} is not a PCI address.")
            {
                Of = Visible.Text(odd, 80),
            });
        var (read, late) = _scan.Read(
            known,
            name =>
                PciAddress.Parse(name) is var address && busy(address)
                    ? _last.GetValueOrDefault(name) ?? Read(name, address, isBusy: true)
                    : Read(name, address, isBusy: false));
        foreach (var name in late)
            unknowns.Add(new Unknown(
                UnknownFact.PciDevices, $"device {name}", HangTolerantScan.TimedOut)
            {
                Of = $"{PciAddress.Parse(name)}",
            });
        var functions = known.Zip(read, (name, function) => function ?? _last.GetValueOrDefault(name) ?? Bare(PciAddress.Parse(name)))
            .OrderBy(function => function.Device.Address).ToImmutableArray();
        foreach (var nameless in functions.Where(function => function.Device.Id.Vendor == 0).Select(function => function.Device.Address))
            unknowns.Add(new Unknown(UnknownFact.DeviceIds, $"the ids of {nameless}", "It has no readable vendor or device file.")
            {
                Of = $"{nameless}",
            });
        return functions;
    }

    /// <param name="isBusy">driver_override and sriov_numvfs take the device's
    /// lock, config wakes it: they would hang behind the write.</param>
    private PciFunction? Read(string name, PciAddress address, bool isBusy)
    {
        var path = $"{root.PciDevices}/{name}";
        using var folder = DirectoryHandle.Open(path);
        // Gone between listing and reading: hot-unplugged.
        if (folder is null) return Bare(address);
        var id = new PciId(
            Hex(folder.Word("vendor")) ?? 0,
            Hex(folder.Word("device")) ?? 0,
            Hex(folder.Word("subsystem_vendor")),
            Hex(folder.Word("subsystem_device")));
        var power = folder.Word("power_state");
        var driver = folder.LinkName("driver");
        var device = new PciDevice
        {
            Address = address,
            Class = new PciClass(Hex(folder.Word("class")) ?? 0),
            Id = id,
            Name = id.ToString(),
            Driver = driver,
            DriverOverride = !isBusy && folder.Word("driver_override") is { } driverOverride and not "(null)" ? driverOverride : null,
            IommuGroup = int.TryParse(folder.LinkName("iommu_group"), NumberStyles.None, null, out var group) ? group : null,
            IsBootVga = folder.Word("boot_vga") switch { "1" => true, "0" => false, _ => null },
            HeaderType = isBusy ? null : HeaderType(folder, (address, id), power),
            ResetMethods = [.. folder.Word("reset_method")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []],
            PowerState = power,
            VirtualFunctions = !isBusy && int.TryParse(folder.Word("sriov_numvfs"), NumberStyles.None, null, out var virtuals)
                ? virtuals
                : 0,
            PhysicalFunction = PciAddress.TryParse(folder.LinkName("physfn"), out var parent) ? parent : null,
            Parent = SysFiles.Link(path) is { } link ? PciPath.Parent(link) : null,
        };
        var function =
            new PciFunction(device, folder.Word("modalias"), driver == "nvidia" && !isBusy ? NvidiaNodes.ReadMinor(root, name) : null);
        if (!isBusy) _last[name] = function;
        return function;
    }

    /// <summary>Reading config wakes a device that sleeps in D3cold, so such a one is told from memory.</summary>
    private int? HeaderType(DirectoryHandle folder, (PciAddress, PciId) key, string? power)
    {
        if (power == "D3cold") return _headerTypes.TryGetValue(key, out var known) ? known : null;
        if (folder.ByteAt("config", 0x0e) is not { } header) return null;
        // Asleep or gone, it reads as all ones: worth showing now, not worth remembering.
        if (header != 0xff) _headerTypes[key] = header & 0x7f;
        return header & 0x7f;
    }

    private static PciFunction Bare(PciAddress address)
    {
        var id = new PciId(0, 0);
        return new PciFunction(new PciDevice { Address = address, Class = new PciClass(0), Id = id, Name = id.ToString() }, null, null);
    }

    /// <summary><c>0x10de</c>; null for anything else.</summary>
    private static int? Hex(string? text) =>
        text is not null && text.StartsWith("0x", StringComparison.Ordinal) && text.Length <= 8
        && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, null, out var value) ? value : null;
}

/// <summary>A function with what other readers need to complete it.</summary>
/// <param name="Alias">modalias, by which modules are found.</param>
/// <param name="NvidiaMinor">N of /dev/nvidiaN where the nvidia driver has it.</param>
internal sealed record PciFunction(PciDevice Device, string? Alias, int? NvidiaMinor);
