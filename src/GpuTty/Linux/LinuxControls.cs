using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux;

/// <summary>The verbs on a real machine. Each one that the kernel may hold up goes through <see cref="SupervisedWrite"/>.</summary>
/// <param name="root">Empty on the real machine; a directory with a made-up /sys in tests.</param>
/// <param name="isProtected">Processes that are never signalled: the viewer that asked for the switch, and its ancestors.</param>
internal sealed class LinuxControls(
    StatePaths state,
    CommandRunner tools,
    Buses buses,
    TimeProvider clock,
    Action<LogLine> log,
    string root = "",
    IReadOnlyCollection<int>? isProtected = null) : IHostControls
{
    private readonly SupervisedWrite _write = new(state.Run, tools, clock, log);
    private readonly UnitJobs _units = new(buses, tools, clock, log);
    private readonly UnitCpus _cpus = new(buses, tools, clock, log);
    private readonly ProcessEnding _ending = new(isProtected ?? [], clock, log);
    private readonly Containers _containers = new(tools, clock, log);
    private readonly SplashScreen _splash = new(tools, clock, log);
    private readonly DriverLinks _sysfs = new(root);
    private readonly OriginalStateStore _home = new(state.Run);
    private readonly SeatRuleWriter _seat = new(new FileSystemRoot(root.Length == 0 ? "/" : root), tools, clock, log);

    private readonly VfioAccessRules _vfio = new(new FileSystemRoot(root.Length == 0 ? "/" : root), tools, clock, log);

    private GlDriverAllowLists Pins => new(new FileSystemRoot(root.Length == 0 ? "/" : root), _units.ReloadUserAsync);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) => _units.StopAsync(unit, cancel);

    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) => _units.StartAsync(unit, cancel);

    public Task EndSessionAsync(string session, CancellationToken cancel) => _units.EndSessionAsync(session, cancel);

    public Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel) =>
        _ending.EndAsync(pid, startTime, signal, cancel);

    public Task QuitSplashAsync(CancellationToken cancel) => _splash.QuitAsync(cancel);

    public Task StopContainerAsync(string container, CancellationToken cancel) => _containers.StopAsync(container, cancel);

    public Task StartContainerAsync(string container, CancellationToken cancel) => _containers.StartAsync(container, cancel);

    public async Task LoadModuleAsync(string module, CancellationToken cancel)
    {
        var name = ModuleName(module);
        var (status, errors) = await _write.ToolAsync("modprobe", name, cancel, [.. _sysfs.WithoutDriver()]);
        if (status != 0) throw KernelErrors.OfLoading(name, errors);
    }

    /// <summary>
    /// rmmod and not modprobe -r, which would also unload what the module depended on (the next steps of the plan, and modules that the
    /// plan does not name), and may run commands of modprobe.d instead. Both ask delete_module(2), which refuses a busy module at once.
    /// </summary>
    public async Task UnloadModuleAsync(string module, CancellationToken cancel)
    {
        var name = ModuleName(module);
        var (status, errors) = await _write.ToolAsync("rmmod", name, cancel, [.. _sysfs.DrivenBy(name)]);
        if (status != 0 && !KernelErrors.MeansNotLoaded(errors)) throw KernelErrors.OfUnloading(name, errors);
    }

    /// <summary>Older kernels take the lock of the device for this, so it can hang behind a stuck unbind.</summary>
    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) =>
        _write.ToFileAsync($"{Device(device)}/driver_override", $"{(driver is null ? "" : DriverName(driver))}\n", cancel, device);

    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) =>
        _sysfs.DriverOf(device) == DriverName(driver)
            ? _write.ToFileAsync($"{root}/sys/bus/pci/drivers/{driver}/unbind", device.ToString(), cancel, device)
            : Task.CompletedTask;

    /// <summary>Asked only for a function without a driver: for others the kernel reports success and does nothing.</summary>
    public Task ProbeAsync(PciAddress device, CancellationToken cancel) =>
        _sysfs.DriverOf(device) is null
            ? _write.ToFileAsync($"{root}/sys/bus/pci/drivers_probe", device.ToString(), cancel, device)
            : Task.CompletedTask;

    public Task RememberAsync(OriginalState memory, CancellationToken cancel)
    {
        _home.Remember(memory);
        return Task.CompletedTask;
    }

    public Task ForgetAsync(OriginalState memory, CancellationToken cancel)
    {
        _home.Forget(memory);
        return Task.CompletedTask;
    }

    public Task HideFromSeatAsync(SeatRule rule, CancellationToken cancel) => _seat.WriteAsync(rule, cancel);

    public Task AllowDesktopAsync(SeatRule rule, CancellationToken cancel) => _seat.RemoveAsync(rule, cancel);

    public Task PinAsync(GlDriverAllowList pin, CancellationToken cancel) => Pins.WriteAsync(pin, cancel);

    public Task UnpinAsync(GlDriverAllowList pin, CancellationToken cancel) => Pins.RemoveAsync(pin, cancel);

    public Task AllowVfioAsync(VfioAccess access, CancellationToken cancel) => _vfio.AllowAsync(access, cancel);

    public Task DenyVfioAsync(VfioAccess access, CancellationToken cancel) => _vfio.DenyAsync(access, cancel);

    public Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel) =>
        new SettingWrites(Root, _write, _cpus, clock, log).ChangeAsync(setting, value, cancel);

    /// <summary>Asked only for a function without a driver: for others the kernel would unbind it first.</summary>
    public Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel) => _sysfs.DriverOf(device) is { } driver
        ? throw new HostException(
            $"{device.ShortName} is bound to {Visible.Text(driver, 60)} again.",
            "Look at the card, then decide anew: gputty status")
        : _write.ToFileAsync($"{Device(device)}/remove", "1", cancel, device);

    public Task RescanAsync(PciAddress? bridge, CancellationToken cancel) => bridge is { } above
        ? _write.ToFileAsync($"{Device(above)}/rescan", "1", cancel, above)
        : _write.ToFileAsync($"{root}/sys/bus/pci/rescan", "1", cancel);

    public async Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel)
    {
        var list = $"{Device(device)}/reset_method";
        await _write.ToFileAsync(list, ResetWords(method), cancel, device);
        try
        {
            await _write.ToFileAsync($"{Device(device)}/reset", "1", cancel, device);
        }
        catch (HostException refused) when (refused is not StuckException)
        {
            await _write.ToFileAsync(list, ResetWords(methods), CancellationToken.None, device);
            throw;
        }
        await _write.ToFileAsync(list, ResetWords(methods), CancellationToken.None, device);
    }

    /// <summary>What has no image of a firmware in it is not kept; NVIDIA's own header before the first image is left out.</summary>
    public async Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel)
    {
        var bytes = await new RomReader(Root, tools, _write, clock).ReadAsync(device, state.Run.Path, cancel);
        if (RomImage.Read(bytes) is not { } image)
            throw new HostException(
                $"What {device.ShortName} shows is no firmware image ({Counted.Of(bytes.Length, "byte")}).",
                "Leave --save-rom out; see gputty rom save for other ways.");
        // A worker that was killed before it could say so may have written it already.
        if (!NewFile.IsThere(path, bytes.AsSpan(image.Leading))) NewFile.Write(path, bytes.AsSpan(image.Leading));
        log(new LogLine(clock.GetUtcNow(), LogLevel.Info, LogSource.Command, Visible.Text($"Saved: {path}", 1000)));
    }

    public Task ShowTerminalAsync(int vt, CancellationToken cancel)
    {
        VirtualTerminal.Show(vt);
        return Task.CompletedTask;
    }

    private FileSystemRoot Root => new(root.Length == 0 ? "/" : root);

    private string Device(PciAddress device) => $"{root}/sys/bus/pci/devices/{device}";

    /// <summary>Names become parts of paths and arguments; the kernel's own hold
    /// nothing that could leave a directory or look like an option.</summary>
    private static string DriverName(string driver) =>
        driver.Length > 0 && driver != "." && driver != ".." && !driver.AsSpan().ContainsAny("/\n\0")
            ? driver
            : throw Strange("driver", driver);

    private static string ModuleName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? name
            : throw Strange("module", name);

    private static string ResetWords(string methods) =>
        methods.Length > 0 && methods.All(c => char.IsAsciiLetterLower(c) || c is '_' or ' ')
            ? methods
            : throw Strange("way to reset", methods);

    private static HostException Strange(string what, string name) =>
        new($"'{Visible.Text(name)}' is no name of a {what}.", "Report this; it should not happen.");
}
