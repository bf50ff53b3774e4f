using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Host;

/// <summary>How firmly a process is asked to end.</summary>
public enum EndSignal
{
    /// <summary>SIGTERM, and nothing after it.</summary>
    [JsonStringEnumMemberName("Terminate")]
    Terminate,
    /// <summary>SIGTERM, and SIGKILL if it is still there ten seconds later.</summary>
    [JsonStringEnumMemberName("Kill")]
    Kill,
}

/// <summary>
/// The only verbs. All idempotent; none is believed: every effect is looked for in a fresh snapshot afterwards.
/// Each throws <see cref="HostException"/> when the machine refuses, and <see cref="StuckException"/> when a write does not come back.
/// </summary>
public interface IHostControls
{
    /// <summary>Stops the unit, not its processes, and waits for the job.</summary>
    Task StopUnitAsync(UnitName unit, CancellationToken cancel);

    /// <summary>Clears a failed state first, so that start limits do not count our stops and starts.</summary>
    Task StartUnitAsync(UnitName unit, CancellationToken cancel);

    /// <summary>Ends a login session through logind.</summary>
    Task EndSessionAsync(string session, CancellationToken cancel);

    /// <summary>Signals the process if it is still the same one, and waits until it is gone or the call is cancelled.</summary>
    Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel);

    /// <summary>Tells the splash screen of the boot to quit (plymouth(8)).</summary>
    Task QuitSplashAsync(CancellationToken cancel);

    /// <summary>Stops a container through its manager and waits until that is done.</summary>
    /// <param name="container">Kind and name: <c>docker 0123456789ab</c>.</param>
    Task StopContainerAsync(string container, CancellationToken cancel);

    Task StartContainerAsync(string container, CancellationToken cancel);

    Task LoadModuleAsync(string module, CancellationToken cancel);

    /// <summary>Unloads one module. Refused at once, with nothing changed, while it is in use.</summary>
    Task UnloadModuleAsync(string module, CancellationToken cancel);

    /// <param name="device">The function.</param>
    /// <param name="driver">Null clears the override.</param>
    /// <param name="cancel">Gives up waiting, not the write.</param>
    Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel);

    Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel);

    /// <summary>Asks the kernel to find a driver for an unbound function. Reports success also when it found none.</summary>
    Task ProbeAsync(PciAddress device, CancellationToken cancel);

    /// <summary>Keeps what is needed to go home, below /run: what was remembered becomes <see cref="OriginalState.With"/> this.</summary>
    Task RememberAsync(OriginalState memory, CancellationToken cancel);

    /// <summary>What was remembered becomes <see cref="OriginalState.Without"/> this.</summary>
    Task ForgetAsync(OriginalState memory, CancellationToken cancel);

    /// <summary>Writes the rule, has udev read it and look at the card's nodes again, and waits for udev to finish.</summary>
    Task HideFromSeatAsync(SeatRule rule, CancellationToken cancel);

    /// <summary>Takes the rule away, and likewise.</summary>
    Task AllowDesktopAsync(SeatRule rule, CancellationToken cancel);

    /// <summary>Writes the file and has the managers of users who are logged in read it.</summary>
    Task PinAsync(GlDriverAllowList pin, CancellationToken cancel);

    /// <summary>Takes the file away, and likewise.</summary>
    Task UnpinAsync(GlDriverAllowList pin, CancellationToken cancel);

    /// <summary>Writes the rule, has udev read it, and gives nodes that are there already their new owner.</summary>
    Task AllowVfioAsync(VfioAccess access, CancellationToken cancel);

    /// <summary>Takes the rule away, and gives nodes that are there back to root.</summary>
    Task DenyVfioAsync(VfioAccess access, CancellationToken cancel);

    /// <summary>Changes a setting of the machine until it restarts.</summary>
    Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel);

    /// <summary>Has the kernel forget a function.</summary>
    Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel);

    /// <summary>Has the kernel look for functions on the bus of a bridge and below, or everywhere (null).</summary>
    Task RescanAsync(PciAddress? bridge, CancellationToken cancel);

    /// <summary>Resets a function in one way, and leaves the list of ways as it was.</summary>
    Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel);

    /// <summary>Reads the firmware of a card that nobody uses, checks it, and keeps it in a new file.</summary>
    Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel);

    /// <summary>Puts a virtual terminal on the screen.</summary>
    Task ShowTerminalAsync(int vt, CancellationToken cancel);
}
