using System.Diagnostics;
using GpuTty.Host;

namespace GpuTty.Tests.Linux;

/// <summary>Whatever one file turns into, the reader neither throws nor hangs, and every other device is read as before.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string[] s_attributes =
    [
        "class", "vendor", "device", "subsystem_vendor", "subsystem_device", "config", "driver_override", "driver",
        "iommu_group", "boot_vga",
        "reset_method", "power_state", "sriov_numvfs", "physfn", "modalias", "drm/card0/dev",
        "drm/card0/uevent",
    ];

    public static TheoryData<string> Damages => [.. s_damages.Keys];

    private static readonly Dictionary<string, Action<string>> s_damages = new()
    {
        ["missing"] = _ => { },
        ["empty"] = path => File.WriteAllText(path, ""),
        ["one megabyte"] = path => File.WriteAllText(path, new string('f', 1 << 20)),
        ["NUL"] = path => File.WriteAllBytes(path, new byte[10]),
        ["not UTF-8"] = path => File.WriteAllBytes(path, [0xff, 0xfe, 0x80, 0x0a]),
        ["escape sequences"] = path => File.WriteAllText(path, "\e[2J\e]0;x\a\u202e"),
        ["huge number"] = path => File.WriteAllText(path, "0xffffffffffffffffffff"),
        ["a folder"] = path => Directory.CreateDirectory(path),
        ["a dangling link"] = path => File.CreateSymbolicLink(path, "../nowhere/at/all"),
        ["a looping link"] = path => File.CreateSymbolicLink(path, Path.GetFileName(path)),
        ["a FIFO"] = path => Process.Start("/usr/bin/mkfifo", [path]).WaitForExit(),
        ["unreadable"] = path =>
        {
            File.WriteAllText(path, "0x030000");
            File.SetUnixFileMode(path, UnixFileMode.None);
        },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task M25_D5_the_rest_of_the_list_stays_as_it_was(string damage)
    {
        using var machine = TwoCards();
        foreach (var attribute in s_attributes)
        {
            var path = machine.At($"sys/devices/pci0000:00/0000:01:00.0/{attribute}");
            var wasThere = File.Exists(path) || new FileInfo(path).LinkTarget is not null;
            if (wasThere) Directory.Move(path, machine.At("aside"));
            s_damages[damage](path);

            using var reader = Readers.For(machine);
            var host = await reader.ReadAsync(SnapshotSections.Devices, null, default).WaitAsync(TimeSpan.FromSeconds(10));

            Assert.Equal(["0000:01:00.0", "0000:02:00.0"], host.Devices.Select(device => device.Address.ToString()));
            var other = host.Devices[1];
            Assert.Equal(
                (true, "nvidia", 15, "dri/card1"),
                (other.Class.IsVga, other.Driver, other.IommuGroup, other.Nodes.Single().Path["/dev/".Length..]));
            Assert.DoesNotContain(host.Devices[0].Nodes, node => node.Path.Any(char.IsControl));
            Assert.False(host.Devices[0].Driver?.Any(char.IsControl) ?? false);

            if (Directory.Exists(path)) Directory.Delete(path);
            else File.Delete(path);
            if (wasThere) Directory.Move(machine.At("aside"), path);
        }
    }

    private static MachineTree TwoCards()
    {
        var machine = new MachineTree();
        foreach (var (address, number) in (ReadOnlySpan<(string, int)>)[("0000:01:00.0", 0), ("0000:02:00.0", 1)])
        {
            machine.Pci(address, "030000", "10de:2684").Driver(address, "nvidia", "nvidia").Group(14 + number, address)
                .Class("drm", $"card{number}", $"{address}/drm/card{number}", $"226:{number}", $"dri/card{number}");
            foreach (var name in s_attributes.Where(name =>
                !name.Contains('/') && name is not ("class" or "vendor" or "device" or "driver" or "iommu_group" or "physfn")))
                machine.Attribute(address, name, "1\n");
        }
        return machine;
    }
}
