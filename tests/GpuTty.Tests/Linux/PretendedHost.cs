using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux;

/// <summary>A machine in memory with two cards and no desktop: just enough for a worker to plan on and to switch.</summary>
internal sealed class PretendedHost(TimeSpan pace) : IHostReader, IHostControls
{
    public static readonly PciAddress Card = PciAddress.Parse("01:00.0");

    public HostSnapshot Now { get; set; } = Start;
    public List<string> Done { get; } = [];

    /// <summary>The big card has lost its driver.</summary>
    public static HostSnapshot Halfway => Start with { Devices = [Start.Devices[0], Start.Devices[1] with { Driver = null }] };

    public static HostSnapshot Start => new()
    {
        TakenAt = DateTimeOffset.UnixEpoch,
        BootId = BootId.Read(),
        Taint = 0,
        Devices =
        [
            new PciDevice
            {
                Address = PciAddress.Parse("00:02.0"),
                Class = new PciClass(0x030000),
                Id = new PciId(0x8086, 1),
                Name = "Small card",
                Driver = "i915",
                IommuGroup = 1,
                HeaderType = 0,
            },
            new PciDevice
            {
                Address = Card,
                Class = new PciClass(0x030000),
                Id = new PciId(0x1002, 2),
                Name = "Big card",
                Driver = "amdgpu",
                IommuGroup = 2,
                HeaderType = 0,
            },
        ],
        Groups = [new IommuGroup(1, "DMA", [PciAddress.Parse("00:02.0")], []), new IommuGroup(2, "DMA", [Card], [])],
        Drivers = [new PciDriver("i915", "i915"), new PciDriver("amdgpu", "amdgpu")],
        Modules = [new KernelModule("i915", 5, []), new KernelModule("amdgpu", 0, [])],
        Vfio = new VfioSupport(false, true),
        Units = [new SystemdUnit(new UnitName("lightdm.service"), "inactive")],
    };

    public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) => Task.FromResult(Now);

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) => DoAsync($"stop {unit}", host => host, cancel);

    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) =>
        DoAsync($"start {unit}", host => host with { Units = [new SystemdUnit(unit, "active")] }, cancel);

    public Task EndSessionAsync(string session, CancellationToken cancel) => DoAsync($"end {session}", host => host, cancel);

    public Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel) =>
        DoAsync($"end {pid}", host => host, cancel);

    public Task QuitSplashAsync(CancellationToken cancel) => DoAsync("quit splash", host => host, cancel);
    public Task StopContainerAsync(string container, CancellationToken cancel) => DoAsync($"stop {container}", host => host, cancel);

    public Task StartContainerAsync(string container, CancellationToken cancel) => DoAsync($"start {container}", host => host, cancel);

    public Task LoadModuleAsync(string module, CancellationToken cancel) => DoAsync($"load {module}", host => module == VfioSupport.Driver
        ? host with { Vfio = new VfioSupport(true, true), Modules = host.Modules.Add(new KernelModule("vfio_pci", 0, [])) }
        : host with { Modules = host.Modules.Add(new KernelModule(module, 0, [])) }, cancel);

    public Task UnloadModuleAsync(string module, CancellationToken cancel) => DoAsync($"unload {module}", host => host with
    {
        Modules = host.Modules.RemoveAll(m => m.Name == module),
        Devices = [.. host.Devices.Select(d => d.Driver == module ? d with { Driver = null } : d)],
    }, cancel);

    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) =>
        DoAsync($"aim {driver}", host => Change(host, device, d => d with { DriverOverride = driver }), cancel);

    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) =>
        DoAsync($"unbind {driver}", host => Change(host, device, d => d with { Driver = null, Nodes = [] }), cancel);

    public Task ProbeAsync(PciAddress device, CancellationToken cancel) => DoAsync("probe", host => Change(host, device, d => d with
    {
        Driver = d.DriverOverride ?? "amdgpu",
        Nodes = d.DriverOverride == VfioSupport.Driver ? [new DeviceNode("/dev/vfio/2", NodeKind.Vfio, 511, 2)] : [],
    }), cancel);

    public Task RememberAsync(OriginalState memory, CancellationToken cancel) =>
        DoAsync("remember", host => host with { Memory = host.Memory.With(memory) }, cancel);

    public Task ForgetAsync(OriginalState memory, CancellationToken cancel) =>
        DoAsync("forget", host => host with { Memory = host.Memory.Without(memory) }, cancel);

    public Task HideFromSeatAsync(SeatRule rule, CancellationToken cancel) => Task.CompletedTask;

    public Task AllowDesktopAsync(SeatRule rule, CancellationToken cancel) => Task.CompletedTask;

    public Task PinAsync(GlDriverAllowList pin, CancellationToken cancel) => Task.CompletedTask;

    public Task AllowVfioAsync(VfioAccess access, CancellationToken cancel) => Task.CompletedTask;

    public Task DenyVfioAsync(VfioAccess access, CancellationToken cancel) => Task.CompletedTask;

    public Task UnpinAsync(GlDriverAllowList pin, CancellationToken cancel) => Task.CompletedTask;

    public Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel) => Task.CompletedTask;

    public Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel) => Task.CompletedTask;

    public Task RescanAsync(PciAddress? bridge, CancellationToken cancel) => Task.CompletedTask;

    public Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel) => Task.CompletedTask;

    public Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel) => Task.CompletedTask;

    public Task ShowTerminalAsync(int vt, CancellationToken cancel) => Task.CompletedTask;

    private async Task DoAsync(string what, Func<HostSnapshot, HostSnapshot> change, CancellationToken cancel)
    {
        if (pace > TimeSpan.Zero) await Task.Delay(pace, cancel);
        Done.Add(what);
        Now = change(Now);
    }

    private static HostSnapshot Change(HostSnapshot host, PciAddress device, Func<PciDevice, PciDevice> change) =>
        host with { Devices = [.. host.Devices.Select(d => d.Address == device ? change(d) : d)] };
}
