using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>A pretend machine behind the same ports as the real one. Its
/// time is the clock's: none in tests, believable in the demo.</summary>
internal sealed class SimulatedHost(Machine machine, TimeProvider clock, FaultPlan? drill = null) : IHostReader, IHostControls
{
    private readonly LiveMachine _live = new(machine, clock);
    private readonly FaultPlan _drill = drill ?? FaultPlan.None;
    private readonly List<Call> _calls = [];
    private readonly HashSet<UnknownFact> _blind = [];

    /// <summary>Lines of the machine's kernel, and of the commands given to it, as they come.</summary>
    public event Action<LogLine>? Logged
    {
        add => _live.Logged += value;
        remove => _live.Logged -= value;
    }

    /// <summary>The machine now.</summary>
    public Machine Machine => _live.Now;

    /// <summary>Every call so far.</summary>
    public ImmutableArray<Call> Calls { get { lock (_calls) return [.. _calls]; } }

    public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var look = Machine.Snapshot(facts, before) is var seen && seen.Stuck is { } stuck
            ? seen with { Stuck = stuck.In(clock.LocalTimeZone) }
            : seen;
        lock (_calls)
            return Task.FromResult(_blind
                .Where(fact => look.LookedAt.HasFlag(new SnapshotPart(fact).ToldBy))
                .Aggregate(look, Blindness.Without));
    }

    /// <summary>From now on, or until it is rolled back, no look can tell this part.</summary>
    public void GoBlind(UnknownFact fact, bool isBlind = true)
    {
        lock (_calls) _ = isBlind ? _blind.Add(fact) : _blind.Remove(fact);
    }

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => _live.WaitAsync(atMost, cancel);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) =>
        DoAsync(Verb.StopUnit, unit, UnitVerbs.StopTakes(Machine, unit), m => UnitVerbs.Stop(m, unit), cancel,
            m => UnitVerbs.On(m, unit, "deactivating"), m => UnitVerbs.FinishStop(m, unit));

    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) =>
        DoAsync(
            Verb.StartUnit,
            unit,
            UnitVerbs.StartTakes(Machine, unit),
            m => UnitVerbs.Start(m, unit),
            cancel,
            m => UnitVerbs.On(m, unit, "activating"));

    public Task EndSessionAsync(string session, CancellationToken cancel) =>
        DoAsync(Verb.EndSession, session, Timings.EndSession, m => SessionVerbs.End(m, session), cancel);

    public async Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel)
    {
        await DoAsync(Verb.EndProcess, pid, Timings.Signal, m => SessionVerbs.Signal(m, pid, startTime, EndSignal.Terminate), cancel);
        if (signal == EndSignal.Kill && SessionVerbs.Target(Machine, pid, startTime) is not null)
        {
            await Task.Delay(Timings.UntilKill, clock, cancel);
            Happen(m => SessionVerbs.Signal(m, pid, startTime, EndSignal.Kill));
        }
        while (SessionVerbs.Target(Machine, pid, startTime) is not null) await _live.WaitAsync(TimeSpan.FromSeconds(1), cancel);
    }

    public Task QuitSplashAsync(CancellationToken cancel) =>
        DoAsync(Verb.QuitSplash, "", Timings.Signal, Programs.QuitSplash, cancel);

    public Task StopContainerAsync(string container, CancellationToken cancel) =>
        DoAsync(Verb.StopContainer, container, Timings.Container, m => Programs.StopContainer(m, container), cancel);

    public Task StartContainerAsync(string container, CancellationToken cancel) =>
        DoAsync(Verb.StartContainer, container, Timings.Container, m => Programs.StartContainer(m, container), cancel);

    public Task LoadModuleAsync(string module, CancellationToken cancel)
    {
        _live.Update(m => ModuleVerbs.FindsNoHardware(m, module) ? ModuleVerbs.NoHardware(m) : m);
        return DoAsync(Verb.Load, KernelModule.Canonical(module), Timings.Load(Machine, module), m => ModuleVerbs.Load(m, module), cancel);
    }

    public Task UnloadModuleAsync(string module, CancellationToken cancel) =>
        DoAsync(Verb.Unload, KernelModule.Canonical(module), Timings.Unload, m => ModuleVerbs.Unload(m, module), cancel);

    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) =>
        DoAsync(Verb.SetOverride, device, TimeSpan.Zero, m => PciVerbs.SetOverride(m, device, driver), cancel);

    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) =>
        DoAsync(Verb.Unbind, device, Timings.Unbind(driver), m => PciVerbs.Unbind(m, device, driver), cancel);

    public Task ProbeAsync(PciAddress device, CancellationToken cancel) =>
        DoAsync(Verb.Probe, device, Timings.Probe(Machine, device), m => PciVerbs.Probe(m, device), cancel);

    public Task RememberAsync(OriginalState memory, CancellationToken cancel) =>
        DoAsync(Verb.Remember, "", TimeSpan.Zero, m => m with { Memory = m.Memory.With(memory) }, cancel);

    public Task ForgetAsync(OriginalState memory, CancellationToken cancel) =>
        DoAsync(Verb.Forget, "", TimeSpan.Zero, m => m with { Memory = m.Memory.Without(memory) }, cancel);

    public Task HideFromSeatAsync(SeatRule rule, CancellationToken cancel) =>
        DoAsync(Verb.HideFromSeat, rule.Device, Timings.Udev, m => SeatVerbs.HideFromSeat(m, rule), cancel);

    public Task AllowDesktopAsync(SeatRule rule, CancellationToken cancel) =>
        DoAsync(Verb.AllowDesktop, rule.Device, Timings.Udev, m => SeatVerbs.AllowDesktop(m, rule), cancel);

    public Task PinAsync(GlDriverAllowList pin, CancellationToken cancel) =>
        DoAsync(Verb.Pin, pin.Path, TimeSpan.Zero, m => SeatVerbs.Pin(m, pin), cancel);

    public Task UnpinAsync(GlDriverAllowList pin, CancellationToken cancel) =>
        DoAsync(Verb.Unpin, pin.Path, TimeSpan.Zero, m => SeatVerbs.Unpin(m, pin), cancel);

    public Task AllowVfioAsync(VfioAccess access, CancellationToken cancel) =>
        DoAsync(Verb.AllowVfio, access.Slot, TimeSpan.Zero, m => SeatVerbs.AllowVfio(m, access), cancel);

    public Task DenyVfioAsync(VfioAccess access, CancellationToken cancel) =>
        DoAsync(Verb.DenyVfio, access.Slot, TimeSpan.Zero, m => SeatVerbs.DenyVfio(m, access), cancel);

    public Task ChangeSettingAsync(HostSetting setting, string value, CancellationToken cancel) =>
        DoAsync(Verb.ChangeSetting, setting.Of, TimeSpan.Zero, m => SettingVerbs.Change(m, setting, value), cancel);

    public Task RemoveDeviceAsync(PciAddress device, CancellationToken cancel) =>
        DoAsync(Verb.RemoveDevice, device, Timings.Unload, m => PciVerbs.Remove(m, device), cancel);

    public Task RescanAsync(PciAddress? bridge, CancellationToken cancel) =>
        DoAsync(Verb.Rescan, $"{bridge}", Timings.Unload, m => PciVerbs.Rescan(m, bridge), cancel);

    public Task ResetAsync(PciAddress device, string method, string methods, CancellationToken cancel) =>
        DoAsync(Verb.Reset, device, Timings.Unload, m => PciVerbs.Reset(m, device, method), cancel);

    public Task SaveFirmwareAsync(PciAddress device, string path, CancellationToken cancel) =>
        DoAsync(Verb.SaveFirmware, device, Timings.Unload, m => m with { Saved = m.Saved.Add(path) }, cancel);

    public Task ShowTerminalAsync(int vt, CancellationToken cancel) =>
        DoAsync(Verb.ShowTerminal, vt, TimeSpan.Zero, m => m with { ActiveVt = vt }, cancel);

    /// <summary>The person goes on at a console that nobody has.</summary>
    public async Task<int> OpenConsoleAsync(CancellationToken cancel)
    {
        var now = Machine;
        var vt = Enumerable.Range(3, 9).First(number => now.Sessions.All(session => session.Vt != number));
        await DoAsync(Verb.ShowTerminal, vt, TimeSpan.FromSeconds(0.5), m => SessionVerbs.SitDown(m, vt), cancel);
        return vt;
    }

    /// <summary>Something that no verb does: a user logs in, a process comes.</summary>
    public void Happen(Func<Machine, Machine> change) => _live.Update(m => m.Change(change));

    /// <param name="change">The call's effect. It is pure, so it is tried first: what it refuses is refused at once.</param>
    /// <param name="meanwhile">What shows until it is done.</param>
    /// <param name="finish">What happens in place of <paramref name="change"/> when something else can have happened meanwhile.</param>
    private async Task DoAsync(Verb verb, object target, TimeSpan takes, Func<Machine, Machine> change, CancellationToken cancel,
        Func<Machine, Machine>? meanwhile = null, Func<Machine, Machine>? finish = null)
    {
        cancel.ThrowIfCancellationRequested();
        var call = new Call(verb, $"{target}");
        try
        {
            await (FaultFor(call) is { } fault
                ? FailAsync(fault, call, takes, change, cancel)
                : WorkAsync(call, takes, change, meanwhile, finish ?? change, cancel));
            _live.Update(m => m.Say(LogSource.Command, $"{call}: done"));
        }
        catch (HostException refusal)
        {
            _live.Update(m => m.Say(LogSource.Command, $"{call}: {refusal.Message}", LogLevel.Warning));
            throw;
        }
    }

    private Task WorkAsync(
        Call call,
        TimeSpan takes,
        Func<Machine, Machine> change,
        Func<Machine, Machine>? meanwhile,
        Func<Machine, Machine> finish,
        CancellationToken cancel)
    {
        var now = Machine;
        if (call.TouchesPci && now.Blocked is { } blocked) throw SimulatedErrors.WritesLocked(blocked.Write);
        _ = change(now);
        return _live.TakeAsync(takes, finish, meanwhile, cancel);
    }

    private async Task FailAsync(Fault fault, Call call, TimeSpan takes, Func<Machine, Machine> change, CancellationToken cancel)
    {
        switch (fault.Kind)
        {
            case FaultKind.Refused:
                throw SimulatedErrors.Drilled(call);
            case FaultKind.Hangs when call.TouchesPci:
                Happen(m => PciVerbs.Hang(m, SimulatedErrors.PathOf(m, call), "device_lock"));
                await _live.WatchAsync(Machine.Blocked!, cancel);
                return;
            case FaultKind.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
                return;
            case FaultKind.Late:
                _ = _live.TakeAsync(takes + fault.Delay, change, null, CancellationToken.None);
                break;
            case FaultKind.Slow:
                await _live.TakeAsync(takes + fault.Delay, change, null, cancel);
                return;
        }
        await Task.Delay(takes, clock, cancel);
    }

    private Fault? FaultFor(Call call)
    {
        lock (_calls)
        {
            _calls.Add(call);
            return _drill.FaultFor(_calls);
        }
    }
}
