using System.Collections.Immutable;
using System.Reflection;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Formats;

/// <summary>
/// Writes the files that the program keeps, as it keeps them: its own runner and its own files, on simulated machines. How the files below
/// Formats/v1 came about, and how those of a later format will: <c>dotnet run --project tests/GpuTty.Tests -- formats FOLDER</c>.
/// </summary>
internal sealed class FormatRecorder : IDisposable
{
    private static readonly UnitName s_ollama = new("ollama.service");
    private readonly string _root = Directory.CreateTempSubdirectory("gputty-formats").FullName;
    private readonly string _folder;
    private readonly FakeClock _clock = new();
    private readonly StatePaths _state;
    private readonly SimulatedHost _host;

    private FormatRecorder(string folder, Machine machine, FaultPlan? drill = null)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var parent in (string[])["run", "var/lib", "var/log"]) Directory.CreateDirectory($"{_root}/{parent}");
        _state = StatePaths.Below(_root);
        _state.Ensure();
        _host = new SimulatedHost(machine, _clock, drill);
    }

    /// <param name="folder">Gets a folder for each case.</param>
    public static void Write(string folder)
    {
        var desktop = Machines.Find("desktop")!.Machine;
        var toVm = new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true, HolderConsent.Terminate);
        Record("to-vm-finished", desktop, run =>
        {
            run.Switch(toVm with { Desktop = DesktopAccess.HiddenFromSeat, ConfirmWithin = TimeSpan.FromSeconds(30) }, person: run.Keep);
            run.KeepAll("journal", "home.json", "request", "lock", "log.jsonl");
            run.Switch(Home(DesktopAccess.Allowed), diesAt: step => step is BindDevice);
            run.KeepIn("to-host-interrupted", "journal", "home.json", "log.jsonl");
        });
        Record("to-host-finished", desktop, run =>
        {
            run.Switch(toVm);
            run.Switch(Home(DesktopAccess.Allowed));
            run.KeepAll("journal", "home.json");
        });
        Record("to-vm-interrupted", Machines.Find("stubborn")!.Machine, run =>
        {
            run.Switch(
                toVm with { EndHolders = HolderConsent.Kill, Desktop = DesktopAccess.HiddenPermanently },
                diesAt: step => step is BindDevice { Device.Function: 1 });
            run.KeepAll("journal", "home.json");
            run.Switch(InterruptedRun.UndoOf(run.Journal, run.Look())!, diesAt: step => step is BindDevice);
            run.KeepIn("undo-interrupted", "journal", "home.json");
        });
        Record("to-vm-interrupted-and-cleared-up", desktop, run =>
        {
            run.Switch(toVm, diesAt: step => step is BindDevice);
            run.ClearUp();
            run.KeepAll("journal", "home.json", "lock", "log.jsonl");
        });
        Record("to-vm-taken-back", desktop.WithServices(new Service(
            s_ollama, [new Software("ollama") { Opens = [NodeKind.Nvidia], OpensAlso = ["/dev/nvidiactl"] }])
        {
            State = "inactive",
        }), run =>
        {
            run.Switch(toVm with { ConfirmWithin = TimeSpan.FromSeconds(30) }, person: run.WaitOnAndStop);
            run.KeepAll("journal", "home.json");
        });
        Record("to-vm-left-halfway", desktop, run =>
        {
            run.Switch(toVm);
            run.KeepAll("journal", "home.json");
        }, new FaultPlan(
            new Fault(FaultKind.Refused, Verb.Unbind, Times: Fault.ForEver),
            new Fault(FaultKind.Refused, Verb.Load, "nvidia", Times: Fault.ForEver),
            new Fault(FaultKind.Refused, Verb.Load, "nvidia_drm", Times: Fault.ForEver)));
        Record("to-vm-refused", desktop, run =>
        {
            run.Refuse(toVm);
            run.KeepAll("journal");
        });
        Record("only-card-to-vm-finished", Machines.Find("single")!.Machine, run =>
        {
            run.Switch(toVm with { Card = PciAddress.Parse("0a:00.0"), SingleGpu = true }, person: run.Keep);
            run.KeepAll("journal", "home.json");
        });
        Record("keep-off-interrupted", desktop, run =>
        {
            run.Switch(new SwitchIntent(Machines.Card, Direction.HideFromSeat, EndSessions: true), diesAt: step => step is StartUnit);
            run.KeepAll("journal");
        });
        Record("let-on-finished", Machines.Find("kept-off")!.Machine, run =>
        {
            run.Switch(new SwitchIntent(Machines.Card, Direction.AllowDesktop));
            run.KeepAll("journal");
        });
        Record("pin-interrupted", desktop, run =>
        {
            run.Switch(
                new SwitchIntent(Machines.Card, Direction.Pin) { Desktop = DesktopAccess.HiddenPermanently },
                diesAt: step => step is PinDesktop);
            run.KeepAll("journal");
        });
        Record("unpin-finished", desktop, run =>
        {
            run.Switch(new SwitchIntent(Machines.Card, Direction.Pin));
            run.Switch(new SwitchIntent(Machines.Card, Direction.Unpin));
            run.KeepAll("journal");
        });
        Record("clear-override-finished", desktop.Change(m => PciVerbs.SetOverride(m, Machines.Card, "vfio-pci")), run =>
        {
            run.Switch(new SwitchIntent(Machines.Card, Direction.ClearOverride));
            run.KeepAll("journal");
        });
        Record("kernel-busy", desktop, run =>
        {
            run.NoteKernel();
            run.KeepAll("write", "crash");
        });

        void Record(string name, Machine machine, Action<FormatRecorder> write, FaultPlan? drill = null)
        {
            using var run = new FormatRecorder(Path.Combine(folder, name), machine, drill);
            write(run);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private HostSnapshot Look() => _host.Machine.Snapshot();

    private ImmutableArray<RunEvent> Journal => ((JournalContent.Run)FileJournal.Read(_state.Lib)).Events;

    private static SwitchIntent Home(DesktopAccess use) => new(Machines.Card, Direction.ToHost, EndSessions: true) { Desktop = use };

    /// <summary>As the worker does it: lock, request, wish, log and journal are the real ones.</summary>
    private void Switch(SwitchIntent intent, Func<Step, bool>? diesAt = null, Action<RunEvent, SwitchPlan>? person = null)
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(Look(), intent)).Plan;
        var request = SwitchRequest.NewName();
        SwitchRequest.Of(plan, Look().Caller.Ancestors, "session-1.scope").Write(_state.Run, request);
        Copy(request, Path.Combine(_root, "request"));
        using var mine = SwitchLock.Take(_state.Run);
        Copy("lock", Path.Combine(_root, "lock"));
        Assert.NotNull(SwitchRequest.Take(_state.Run, request));
        using var log = RunLog.Begin(_state);
        using var journal = new FileJournal(_state.Lib);
        var requests = new RequestFile(_state.Run);
        var pen = new Pen(journal, entry =>
        {
            person?.Invoke(entry, plan);
            if (entry is RunEvent.Begun begun && begun.Step < plan.Steps.Length && diesAt?.Invoke(plan.Steps[begun.Step]) == true)
                throw new Killed();
        });
        log.Add(new LogLine(_clock.GetUtcNow(), LogLevel.Debug, LogSource.Unit, "gdm.service: a line of the unit that is stopped"));
        _host.Logged += log.Add;
        _clock.Run(async () =>
        {
            try
            {
                await new SwitchRunner(
                    _host, SavedState.Of(_host, new OriginalStateStore(_state.Run)), pen, _clock, log.Add, requests).RunAsync(
                    plan, Look(), CancellationToken.None);
            }
            catch (Killed)
            {
                // As after SIGKILL: what is on the disk is on the disk.
            }
        });
        _host.Logged -= log.Add;
        _clock.Advance(TimeSpan.FromMinutes(2));
    }

    private void ClearUp()
    {
        using var mine = SwitchLock.Take(_state.Run, recovers: true);
        Copy("lock", Path.Combine(_root, "lock"));
        using var log = RunLog.Continue(_state);
        using var journal = new FileJournal(_state.Lib);
        var run = RunState.Fold(Journal)!;
        _clock.Run(() =>
            new CrashRecovery(_host, SavedState.Of(_host, new OriginalStateStore(_state.Run)), journal, _clock, log.Add).RunAsync(run));
    }

    private void Refuse(SwitchIntent intent)
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(Look(), intent)).Plan;
        using var journal = new FileJournal(_state.Lib);
        journal.Append(new RunEvent.Opened(
            RunEvent.Opened.CurrentSchema,
            Look().BootId,
            5120,
            plan.Intent,
            Owner.HostDriver,
            plan.DesktopImpact,
            plan.Risk,
            plan.Steps,
            plan.Consequences)
        {
            At = _clock.GetUtcNow(),
        });
        journal.Append(new RunEvent.Closed(
            Outcome.Refused, "The machine has changed since the plan was shown. Nothing was done; look at the new plan.")
        {
            At = _clock.GetUtcNow(),
        });
    }

    private void NoteKernel()
    {
        const string unbind = "/sys/bus/pci/drivers/nvidia/unbind";
        new PendingWrite(4321, 987654, ["/usr/bin/tee", unbind], unbind, _clock.GetUtcNow(), true, new LockHolder(5120, 456789))
        {
            Touches = [Machines.Card],
        }.Keep(_state.Run);
        new KernelCrash("BUG: unable to handle page fault for address: ffffb3a2c0e01000", 0).Keep(_state.Run);
    }

    private void Keep(RunEvent entry, SwitchPlan plan)
    {
        if (entry is RunEvent.Begun begun && plan.Steps[begun.Step] is AwaitConsent) Ask(new RunRequest.Keep(begun.Step));
    }

    /// <summary>A service opens the card in the worst moment; a person waits on
    /// once, then has it stopped, and does not answer the last question.</summary>
    private void WaitOnAndStop(RunEvent entry, SwitchPlan plan)
    {
        if (entry is RunEvent.Begun begun
            && begun.Step < plan.Steps.Length
            && plan.Steps[begun.Step] is AwaitRelease
            && _host.Machine.FindService(s_ollama)!.State == "inactive")
            _host.Happen(m => UnitVerbs.Start(m, s_ollama));
        if (entry is RunEvent.Waiting waiting && waiting.For.Contains("ollama", StringComparison.Ordinal))
            Ask(new RunRequest.WaitOn(waiting.Step));
        if (entry is RunEvent.Extended extended) Ask(new RunRequest.Stop(extended.Step, s_ollama));
    }

    private void Ask(RunRequest request)
    {
        new RequestFile(_state.Run).Write(request);
        Copy(
            "wish",
            Path.Combine(_folder, $"wish.{(request is RunRequest.Keep ? "keep" : request is RunRequest.Stop ? "stop" : "wait-on")}"));
    }

    private void KeepAll(params string[] names) => Keep(_folder, names);

    private void KeepIn(string name, params string[] names) =>
        Keep(Directory.CreateDirectory(Path.Combine(_folder, "..", name)).FullName, names);

    private void Copy(string name, string to) => File.WriteAllBytes(to, _state.Run.Read(name)!);

    /// <summary>The journal without the room that is reserved behind its last line.</summary>
    private void Keep(string folder, string[] names)
    {
        foreach (var name in names)
        {
            var path = new[]
            {
                _state.Lib.PathOf(name),
                _state.Run.PathOf(name),
                Path.Combine(_root, name),
            }.First(candidate => File.Exists(candidate) && new FileInfo(candidate).Length > 0);
            var content = File.ReadAllBytes(path);
            File.WriteAllBytes(Path.Combine(folder, name), content[..(content.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)]);
        }
    }

    /// <summary>The journal on disk, and somebody who reads along.</summary>
    private sealed class Pen(FileJournal file, Action<RunEvent> heard) : IJournal
    {
        public void Append(RunEvent entry)
        {
            file.Append(entry);
            heard(entry);
        }
    }
}

/// <summary>A simulated machine whose saved state is also the file of the real one.</summary>
public class SavedState : DispatchProxy
{
    private IHostControls _host = null!;
    private OriginalStateStore _store = null!;

    internal static IHostControls Of(IHostControls host, OriginalStateStore store)
    {
        var proxy = Create<IHostControls, SavedState>();
        (((SavedState)(object)proxy)._host, ((SavedState)(object)proxy)._store) = (host, store);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args is [OriginalState memory, ..])
        {
            if (targetMethod!.Name == nameof(IHostControls.RememberAsync)) _store.Remember(memory);
            else _store.Forget(memory);
        }
        return targetMethod!.Invoke(_host, args);
    }
}
