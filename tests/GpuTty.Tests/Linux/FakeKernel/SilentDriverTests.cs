using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Kernel;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>Drivers whose files are silent, as one that is stuck with a lock of its own.</summary>
[Collection("mounts")]
public sealed class SilentDriverTests : StateFixture
{
    private const string Silent = "0000:01:00.0", Other = "0000:02:00.0";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SilentFiles _files = new();
    private readonly string _mount;

    public SilentDriverTests()
    {
        _mount = Directory.CreateDirectory($"{Root}/machine").FullName;
        foreach (var card in (string[])[Silent, Other])
        {
            _files.Link($"sys/bus/pci/devices/{card}", Folder(card));
            foreach (var (name, text) in ((string, string)[])
                [("class", "0x030000"), ("vendor", "0x1002"), ("device", "0x744c"), ("power_state", "D0")])
                _files.File($"{Folder(card)}/{name}", $"{text}\n");
        }
        _files.File("proc/7/comm", "someone\n");
    }

    [FuseFact]
    public async Task M32_a_driver_that_does_not_tell_its_monitors_costs_those_and_no_look()
    {
        Monitor(Silent, "card1-DP-1", SilentFiles.Silence);
        Monitor(Other, "card2-DP-1", () => EdidOf("DELL U2723QE"));
        await LooksAsync(SnapshotSections.Devices, host =>
        {
            Assert.Equal(new Connector("DP-1", true), Card(host, Silent).Connectors.Single());
            Assert.Equal("DELL U2723QE", Card(host, Other).Connectors.Single().Monitor);
            Assert.Equal(UnknownFact.PciDevices, Assert.Single(host.Unknowns, unknown => unknown.Of == Silent).Code);
            // Its driver would not let go either.
            Assert.NotEmpty(host.CannotTell([SnapshotPart.Device(PciAddress.Parse(Silent))]));
            Assert.Empty(host.CannotTell([SnapshotPart.Device(PciAddress.Parse(Other))]));
        });
    }

    [FuseFact]
    public async Task M32_a_card_with_a_write_under_way_is_not_asked_for_its_monitors()
    {
        Monitor(Silent, "card1-DP-1", () => throw new InvalidOperationException("It was asked."));
        var stuck = KernelIncidents.None with { Busy = [PciAddress.Parse(Silent)] };
        await LooksAsync(
            SnapshotSections.Devices,
            host => Assert.DoesNotContain(host.Unknowns, unknown => unknown.Of == Silent),
            stuck);
    }

    [FuseFact]
    public async Task M32_the_name_of_a_monitor_is_asked_again_where_the_socket_says_something_else()
    {
        var (status, asked) = ("connected\n", 0);
        Monitor(Other, "card2-DP-1", () => EdidOf($"MONITOR {++asked}"));
        _files.File($"{Folder(Other)}/drm/card2/card2-DP-1/status", () => status);
        using var kernel = new FuseMount(_mount, _files.At);
        using var reader = Reader();
        string? Named(HostSnapshot host) => Card(host, Other).Connectors.Single().Monitor;
        var first = Named(await reader.ReadAsync(SnapshotSections.Devices, null, default));
        var reads = asked;
        Assert.Equal(first, Named(await reader.ReadAsync(SnapshotSections.Devices, null, default)));
        Assert.Equal(reads, asked);
        status = "disconnected\n";
        Assert.NotEqual(first, Named(await reader.ReadAsync(SnapshotSections.Devices, null, default)));
    }

    [FuseFact]
    public async Task M32_consoles_that_do_not_answer_are_unknown_and_cost_no_look()
    {
        _files.File("sys/class/vtconsole/vtcon0/name", "(S) dummy device\n");
        _files.File("sys/class/vtconsole/vtcon0/bind", "0\n");
        _files.File("sys/class/vtconsole/vtcon1/name", "(M) frame buffer device\n");
        _files.File("sys/class/vtconsole/vtcon1/bind", SilentFiles.Silence);
        await LooksAsync(SnapshotSections.Console, host =>
        {
            Assert.Equal(2, host.Console.VtConsoles.Length);
            Assert.NotEmpty(host.CannotTell([SnapshotPart.Console]));
        });
    }

    [FuseFact]
    public async Task M32_a_usb_device_that_does_not_answer_costs_its_name_and_no_look()
    {
        const string usb = $"sys/devices/pci0000:00/{Silent}/usb1";
        foreach (var port in (string[])["1-1", "1-2"])
        {
            _files.Link($"sys/bus/usb/devices/{port}", $"{usb}/{port}");
            _files.File($"{usb}/{port}/bDeviceClass", "00\n");
        }
        _files.File($"{usb}/1-1/manufacturer", SilentFiles.Silence);
        _files.File($"{usb}/1-2/product", "HD Webcam\n");
        await LooksAsync(SnapshotSections.Devices | SnapshotSections.Uses, host =>
        {
            Assert.Equal(["USB device 1-1", "HD Webcam"], Card(host, Silent).Uses.Select(use => use.Name));
            Assert.NotEmpty(host.CannotTell([SnapshotPart.UsesOf(PciAddress.Parse(Silent))]));
            Assert.Empty(host.CannotTell([SnapshotPart.UsesOf(PciAddress.Parse(Other))]));
        });
    }

    [FuseFact]
    public async Task M32_a_card_that_does_not_tell_its_link_and_a_program_that_does_not_tell_its_memory_cost_those_and_no_look()
    {
        _files.File($"{Folder(Silent)}/current_link_width", SilentFiles.Silence);
        _files.File($"{Folder(Other)}/current_link_width", "16\n");
        _files.File("proc/812/fdinfo/5", SilentFiles.Silence);
        _files.File("proc/813/fdinfo/5", "drm-client-id:\t1\ndrm-memory-vram:\t1 MiB\n");
        using var kernel = new FuseMount(_mount, _files.At);
        using var reader = Reader();
        var held = (await reader.ReadAsync(SnapshotSections.Devices, null, default)) with
        {
            Holders = [.. ((int[])[812, 813]).Select(pid => new Holder
            {
                Pid = pid,
                StartTime = 1,
                Name = "game",
                Uid = 1000,
                Nodes = [new HeldNode("/dev/dri/renderD129", NodeKind.Render, PciAddress.Parse(Other), null, 5)],
            })],
        };
        for (var look = 0; look < 3; look++)
        {
            var host = await reader.ReadAsync(SnapshotSections.Details, held, default).WaitAsync(s_patience);
            Assert.Equal(16, Assert.Single(host.Details!.Links).Lanes);
            Assert.Equal(813, Assert.Single(host.Details.HeldMemory).Pid);
            Assert.Equal(
                [Silent, "812"],
                host.Unknowns.Where(unknown => unknown.Code == UnknownFact.Details).Select(unknown => unknown.Of));
        }
    }

    /// <summary>power_supply_uevent asks for each property, which a driver of a wireless mouse asks of that.</summary>
    [FuseFact]
    public async Task A_look_asks_no_battery()
    {
        var asked = 0;
        const string battery = $"sys/devices/pci0000:00/{Other}/usb1/1-2/1-2:1.0/0003:046D:4082.0005/power_supply/hidpp_battery_0";
        _files.Link("sys/class/power_supply/hidpp_battery_0", battery);
        _files.File($"{battery}/uevent", () => $"POWER_SUPPLY_CAPACITY={++asked}\n");
        using var kernel = new FuseMount(_mount, _files.At);
        using var reader = Reader();
        await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Equal(0, asked);
    }

    /// <summary>A second look finds the first one's readers still out, and does not wait for them again.</summary>
    private async Task LooksAsync(SnapshotSections sections, Action<HostSnapshot> check, KernelIncidents? notes = null)
    {
        using var kernel = new FuseMount(_mount, _files.At);
        using var reader = Reader(notes);
        for (var look = 0; look < 3; look++)
        {
            var watch = Stopwatch.StartNew();
            check(await reader.ReadAsync(sections, null, default).WaitAsync(s_patience));
            if (look > 0) Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        }
    }

    private LinuxHostReader Reader(KernelIncidents? notes = null) => new(
        new FileSystemRoot(_mount), Readers.NoTools, () => OriginalState.Nothing, () => notes ?? KernelIncidents.None, TimeProvider.System);

    private void Monitor(string card, string socket, Func<string> edid)
    {
        var folder = $"{Folder(card)}/drm/{socket.Split('-')[0]}/{socket}";
        _files.Link($"sys/class/drm/{socket}", folder);
        _files.File($"{folder}/status", "connected\n");
        _files.Bytes($"{folder}/edid", edid);
    }

    private static string EdidOf(string name)
    {
        var edid = new char[128];
        "\0ÿÿÿÿÿÿ\0".CopyTo(edid);
        "\0\0\0ü\0".CopyTo(edid.AsSpan(72));
        $"{name}\n".CopyTo(edid.AsSpan(77));
        return new string(edid);
    }

    private static PciDevice Card(HostSnapshot host, string address) => host.Find(PciAddress.Parse(address))!;

    private static string Folder(string card) => $"sys/devices/pci0000:00/{card}";
}
