using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Steps;

namespace GpuTty.Simulation;

/// <summary>Steps done at once on a machine of one's own: nothing fails, nobody waits, the machine's time passes as it must.</summary>
internal sealed class Rehearsal(Machine machine) : IHostControls
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.1);

    private HostSnapshot _seen = machine.Snapshot();

    public Machine Machine { get; private set; } = machine;

    /// <summary>The machine now, by a reader that has seen what went before.</summary>
    public HostSnapshot Seen => _seen = Machine.Snapshot(Facts.All, _seen);

    /// <returns>False where the step was not seen to happen in its time.</returns>
    public bool Take(Step step)
    {
        var until = Machine.Now + step.Limit();
        while (step.NotYet(Seen) is not null && Machine.Now < until) Pass(Look);
        if (!step.HasHappened(Seen)) step.ApplyAsync(this, CancellationToken.None).GetAwaiter().GetResult();
        while (!step.HasHappened(Seen) && !step.AsksForConsent() && Machine.Now < until) Pass(Look);
        // Whoever is asked says yes.
        return step.HasHappened(Seen) || step.AsksForConsent();
    }

    public void Pass(TimeSpan time) => Machine = Machine.At(Machine.Now + time);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) => Do(m => UnitVerbs.Stop(m, unit));
    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) => Do(m => UnitVerbs.Start(m, unit));
    public Task EndSessionAsync(string session, CancellationToken cancel) => Do(m => SessionVerbs.End(m, session));
    public Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel) => Do(m => SessionVerbs.Signal(m, pid, startTime, signal));
    public Task StopContainerAsync(string container, CancellationToken cancel) => Do(m => Programs.StopContainer(m, container));
    public Task StartContainerAsync(string container, CancellationToken cancel) => Do(m => Programs.StartContainer(m, container));
    public Task LoadModuleAsync(string module, CancellationToken cancel) => Do(m => ModuleVerbs.Load(m, module));
    public Task UnloadModuleAsync(string module, CancellationToken cancel) => Do(m => ModuleVerbs.Unload(m, module));
    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) => Do(m => PciVerbs.Aim(m, device, driver));
    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) => Do(m => PciVerbs.Unbind(m, device, driver));
    public Task ProbeAsync(PciAddress device, CancellationToken cancel) => Do(m => PciVerbs.Probe(m, device));
    public Task RememberAsync(HomeMemory memory, CancellationToken cancel) => Do(m => m with { Memory = m.Memory.With(memory) });
    public Task ForgetAsync(HomeMemory memory, CancellationToken cancel) => Do(m => m with { Memory = m.Memory.Without(memory) });
    public Task KeepOffAsync(KeepOffRule rule, CancellationToken cancel) => Do(m => SeatVerbs.KeepOff(m, rule));
    public Task LetOnAsync(KeepOffRule rule, CancellationToken cancel) => Do(m => SeatVerbs.LetOn(m, rule));
    public Task PinAsync(DesktopPin pin, CancellationToken cancel) => Do(m => SeatVerbs.Pin(m, pin));
    public Task UnpinAsync(DesktopPin pin, CancellationToken cancel) => Do(m => SeatVerbs.Unpin(m, pin));
    public Task AllowVfioAsync(VfioAccess access, CancellationToken cancel) => Do(m => SeatVerbs.AllowVfio(m, access));
    public Task DenyVfioAsync(VfioAccess access, CancellationToken cancel) => Do(m => SeatVerbs.DenyVfio(m, access));
    public Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel) => Do(m => SettingVerbs.Change(m, setting, value));
    public Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel) => Do(m => PciVerbs.Remove(m, device));
    public Task RescanAsync(PciAddress? bridge, CancellationToken cancel) => Do(m => PciVerbs.Rescan(m, bridge));
    public Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel) => Do(m => PciVerbs.Reset(m, device, method));
    public Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel) => Do(m => m with { Saved = m.Saved.Add(path) });
    public Task ShowTerminalAsync(int vt, CancellationToken cancel) => Do(m => m with { ActiveVt = vt });

    private Task Do(Func<Machine, Machine> change)
    {
        Machine = Machine.Change(change);
        return Task.CompletedTask;
    }
}
