using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Steps;

namespace GpuTty.Simulation;

/// <summary>Steps done at once on a machine of one's own: nothing fails, nobody waits, the machine's time passes as it must.</summary>
internal sealed class Replay(Machine machine) : IHostControls
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.1);

    private HostSnapshot _seen = machine.Snapshot();

    public Machine Machine { get; private set; } = machine;

    /// <summary>The machine now, by a reader that has seen what went before.</summary>
    public HostSnapshot Seen => _seen = Machine.Snapshot(SnapshotSections.All, _seen);

    /// <returns>False where the step was not seen to happen in its time.</returns>
    public bool Take(Step step)
    {
        var until = Machine.Now + step.Limit();
        while (step.BlockedBy(Seen) is not null && Machine.Now < until) Pass(s_look);
        for (var way = step; way is not null && !step.HasHappened(Seen); way = way.Next(Seen))
            way.ApplyAsync(this, CancellationToken.None).GetAwaiter().GetResult();
        while (!step.HasHappened(Seen) && !step.AsksForConsent() && Machine.Now < until) Pass(s_look);
        // Whoever is asked says yes.
        return step.HasHappened(Seen) || step.AsksForConsent();
    }

    public void Pass(TimeSpan time) => Machine = Machine.At(Machine.Now + time);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) => Do(m => UnitVerbs.Stop(m, unit));
    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) => Do(m => UnitVerbs.Start(m, unit));
    public Task EndSessionAsync(string session, CancellationToken cancel) => Do(m => SessionVerbs.End(m, session));
    public Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel) =>
        Do(m => SessionVerbs.Signal(m, pid, startTime, signal));
    public Task QuitSplashAsync(CancellationToken cancel) => Do(Programs.QuitSplash);
    public Task StopContainerAsync(string container, CancellationToken cancel) => Do(m => Programs.StopContainer(m, container));
    public Task StartContainerAsync(string container, CancellationToken cancel) => Do(m => Programs.StartContainer(m, container));
    public Task LoadModuleAsync(string module, CancellationToken cancel) => Do(m => ModuleVerbs.Load(m, module));
    public Task UnloadModuleAsync(string module, CancellationToken cancel) => Do(m => ModuleVerbs.Unload(m, module));
    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) =>
        Do(m => PciVerbs.SetOverride(m, device, driver));
    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) => Do(m => PciVerbs.Unbind(m, device, driver));
    public Task ProbeAsync(PciAddress device, CancellationToken cancel) => Do(m => PciVerbs.Probe(m, device));
    public Task RememberAsync(OriginalState memory, CancellationToken cancel) => Do(m => m with { Memory = m.Memory.With(memory) });
    public Task ForgetAsync(OriginalState memory, CancellationToken cancel) => Do(m => m with { Memory = m.Memory.Without(memory) });
    public Task HideFromSeatAsync(SeatRule rule, CancellationToken cancel) => Do(m => SeatVerbs.HideFromSeat(m, rule));
    public Task AllowDesktopAsync(SeatRule rule, CancellationToken cancel) => Do(m => SeatVerbs.AllowDesktop(m, rule));
    public Task PinAsync(GlDriverAllowList pin, CancellationToken cancel) => Do(m => SeatVerbs.Pin(m, pin));
    public Task UnpinAsync(GlDriverAllowList pin, CancellationToken cancel) => Do(m => SeatVerbs.Unpin(m, pin));
    public Task AllowVfioAsync(VfioAccess access, CancellationToken cancel) => Do(m => SeatVerbs.AllowVfio(m, access));
    public Task DenyVfioAsync(VfioAccess access, CancellationToken cancel) => Do(m => SeatVerbs.DenyVfio(m, access));
    public Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel) =>
        Do(m => SettingVerbs.Change(m, setting, value));
    public Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel) => Do(m => PciVerbs.Remove(m, device));
    public Task RescanAsync(PciAddress? bridge, CancellationToken cancel) => Do(m => PciVerbs.Rescan(m, bridge));
    public Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel) =>
        Do(m => PciVerbs.Reset(m, device, method));
    public Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel) =>
        Do(m => m with { Saved = m.Saved.Add(path) });
    public Task ShowTerminalAsync(int vt, CancellationToken cancel) => Do(m => m with { ActiveVt = vt });

    private Task Do(Func<Machine, Machine> change)
    {
        Machine = Machine.Change(change);
        return Task.CompletedTask;
    }
}
