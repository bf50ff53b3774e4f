using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>A pretend machine behind the same ports as the real one. Its time is the clock's: none in tests, believable in the demo.</summary>
internal sealed class SimulatedHost(Machine machine, TimeProvider clock, Drill? drill = null) : IHostReader, IHostControls
{
    private readonly LiveMachine live = new(machine, clock);
    private readonly Drill drill = drill ?? Drill.None;
    private readonly List<Call> calls = [];
    private readonly HashSet<UnknownFact> blind = [];

    /// <summary>Lines of the machine's kernel, and of the commands given to it, as they come.</summary>
    public event Action<LogLine>? Logged
    {
        add => live.Logged += value;
        remove => live.Logged -= value;
    }

    /// <summary>The machine now.</summary>
    public Machine Machine => live.Now;

    /// <summary>Every call so far.</summary>
    public ImmutableArray<Call> Calls { get { lock (calls) return [.. calls]; } }

    public Task<HostSnapshot> ReadAsync(Facts facts, HostSnapshot? before, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var look = Machine.Snapshot(facts, before) is var seen && seen.Stuck is { } stuck ? seen with { Stuck = stuck.In(clock.LocalTimeZone) } : seen;
        lock (calls) return Task.FromResult(blind.Where(fact => look.LookedAt.HasFlag(new SnapshotPart(fact).ToldBy)).Aggregate(look, Blindness.Without));
    }

    /// <summary>From now on, or until it is taken back, no look can tell this part.</summary>
    public void GoBlind(UnknownFact fact, bool isBlind = true)
    {
        lock (calls) _ = isBlind ? blind.Add(fact) : blind.Remove(fact);
    }

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => live.WaitAsync(atMost, cancel);

    public Task StopUnitAsync(UnitName unit, CancellationToken cancel) =>
        DoAsync(Verb.StopUnit, unit, UnitVerbs.StopTakes(Machine, unit), m => UnitVerbs.Stop(m, unit), cancel,
            m => UnitVerbs.On(m, unit, "deactivating"), m => UnitVerbs.FinishStop(m, unit));

    public Task StartUnitAsync(UnitName unit, CancellationToken cancel) =>
        DoAsync(Verb.StartUnit, unit, UnitVerbs.StartTakes(Machine, unit), m => UnitVerbs.Start(m, unit), cancel, m => UnitVerbs.On(m, unit, "activating"));

    public Task EndSessionAsync(string session, CancellationToken cancel) =>
        DoAsync(Verb.EndSession, session, Pace.EndSession, m => SessionVerbs.End(m, session), cancel);

    public async Task EndProcessAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel)
    {
        await DoAsync(Verb.EndProcess, pid, Pace.Signal, m => SessionVerbs.Signal(m, pid, startTime, EndSignal.Terminate), cancel);
        if (signal == EndSignal.Kill && SessionVerbs.Target(Machine, pid, startTime) is not null)
        {
            await Task.Delay(Pace.UntilKill, clock, cancel);
            Happen(m => SessionVerbs.Signal(m, pid, startTime, EndSignal.Kill));
        }
        while (SessionVerbs.Target(Machine, pid, startTime) is not null) await live.WaitAsync(TimeSpan.FromSeconds(1), cancel);
    }

    public Task StopContainerAsync(string container, CancellationToken cancel) =>
        DoAsync(Verb.StopContainer, container, Pace.Container, m => Programs.StopContainer(m, container), cancel);

    public Task StartContainerAsync(string container, CancellationToken cancel) =>
        DoAsync(Verb.StartContainer, container, Pace.Container, m => Programs.StartContainer(m, container), cancel);

    public Task LoadModuleAsync(string module, CancellationToken cancel)
    {
        live.Update(m => ModuleVerbs.FindsNoHardware(m, module) ? ModuleVerbs.NoHardware(m) : m);
        return DoAsync(Verb.Load, KernelModule.Canonical(module), Pace.Load(Machine, module), m => ModuleVerbs.Load(m, module), cancel);
    }

    public Task UnloadModuleAsync(string module, CancellationToken cancel) =>
        DoAsync(Verb.Unload, KernelModule.Canonical(module), Pace.Unload, m => ModuleVerbs.Unload(m, module), cancel);

    public Task SetDriverOverrideAsync(PciAddress device, string? driver, CancellationToken cancel) =>
        DoAsync(Verb.Aim, device, TimeSpan.Zero, m => PciVerbs.Aim(m, device, driver), cancel);

    public Task UnbindAsync(PciAddress device, string driver, CancellationToken cancel) =>
        DoAsync(Verb.Unbind, device, Pace.Unbind(driver), m => PciVerbs.Unbind(m, device, driver), cancel);

    public Task ProbeAsync(PciAddress device, CancellationToken cancel) =>
        DoAsync(Verb.Probe, device, Pace.Probe(Machine, device), m => PciVerbs.Probe(m, device), cancel);

    public Task RememberAsync(HomeMemory memory, CancellationToken cancel) =>
        DoAsync(Verb.Remember, "", TimeSpan.Zero, m => m with { Memory = m.Memory.With(memory) }, cancel);

    public Task ForgetAsync(HomeMemory memory, CancellationToken cancel) =>
        DoAsync(Verb.Forget, "", TimeSpan.Zero, m => m with { Memory = m.Memory.Without(memory) }, cancel);

    public Task KeepOffAsync(KeepOffRule rule, CancellationToken cancel) =>
        DoAsync(Verb.KeepOff, rule.Device, Pace.Udev, m => SeatVerbs.KeepOff(m, rule), cancel);

    public Task LetOnAsync(KeepOffRule rule, CancellationToken cancel) =>
        DoAsync(Verb.LetOn, rule.Device, Pace.Udev, m => SeatVerbs.LetOn(m, rule), cancel);

    public Task PinAsync(DesktopPin pin, CancellationToken cancel) => DoAsync(Verb.Pin, pin.Path, TimeSpan.Zero, m => SeatVerbs.Pin(m, pin), cancel);

    public Task UnpinAsync(DesktopPin pin, CancellationToken cancel) => DoAsync(Verb.Unpin, pin.Path, TimeSpan.Zero, m => SeatVerbs.Unpin(m, pin), cancel);

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
    public void Happen(Func<Machine, Machine> change) => live.Update(m => m.Change(change));

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
            await (Befalls(call) is { } fault ? FailAsync(fault, call, takes, change, cancel) : WorkAsync(call, takes, change, meanwhile, finish ?? change, cancel));
            live.Update(m => m.Say(LogSource.Command, $"{call}: done"));
        }
        catch (HostException refusal)
        {
            live.Update(m => m.Say(LogSource.Command, $"{call}: {refusal.Message}", LogLevel.Warning));
            throw;
        }
    }

    private Task WorkAsync(
        Call call, TimeSpan takes, Func<Machine, Machine> change, Func<Machine, Machine>? meanwhile, Func<Machine, Machine> finish, CancellationToken cancel)
    {
        var now = Machine;
        if (call.TouchesPci && now.Blocked is { } blocked) throw Refusals.WritesLocked(blocked.Write);
        _ = change(now);
        return live.TakeAsync(takes, finish, meanwhile, cancel);
    }

    private async Task FailAsync(Fault fault, Call call, TimeSpan takes, Func<Machine, Machine> change, CancellationToken cancel)
    {
        switch (fault.Kind)
        {
            case FaultKind.Refused:
                throw Refusals.Drilled(call);
            case FaultKind.Hangs when call.TouchesPci:
                Happen(m => PciVerbs.Hang(m, Refusals.PathOf(m, call), "device_lock"));
                await live.WatchAsync(Machine.Blocked!, cancel);
                return;
            case FaultKind.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
                return;
            case FaultKind.Late:
                _ = live.TakeAsync(takes + fault.Delay, change, null, CancellationToken.None);
                break;
        }
        await Task.Delay(takes, clock, cancel);
    }

    private Fault? Befalls(Call call)
    {
        lock (calls)
        {
            calls.Add(call);
            return drill.Befalls(calls);
        }
    }
}
