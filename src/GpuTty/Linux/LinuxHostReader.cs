using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;

namespace GpuTty.Linux;

/// <summary>The real machine. Every source that is missing becomes an <see cref="Unknown"/> and harms no other.</summary>
/// <param name="root">Where its files begin.</param>
/// <param name="commands">Runs lspci, lsmod, loginctl and systemctl.</param>
/// <param name="readMemory">What was remembered of cards that went to a virtual machine.</param>
/// <param name="readNotes">What is noted of the kernel's state: a write under way, a crash.</param>
/// <param name="clock">Tells when the snapshot was taken.</param>
internal sealed class LinuxHostReader(
    MachineRoot root, CommandRunner commands, Func<HomeMemory> readMemory, Func<BootNotes> readNotes, TimeProvider clock) : IHostReader, IDisposable
{
    private static readonly Facts[] s_parts = [Facts.Devices, Facts.Modules, Facts.Holders, Facts.Desktop];
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(50);

    private readonly DeviceFacts _devices = new(root, commands);
    private readonly ProcHolders _holders = new(root);
    private readonly ProcPrograms _programs = new(root);
    private readonly ProcMemory _environments = new(root, "environ");
    private readonly SystemdUnits _systemd = new(root, commands);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Lazy<Uevents> _uevents = new(Uevents.Open);

    /// <summary>What could not be told when each part was last read; a snapshot that keeps an older part keeps its gaps too.</summary>
    private readonly Dictionary<Facts, ImmutableArray<Unknown>> _unknowns = [];

    public Task<HostSnapshot> ReadAsync(Facts facts, HostSnapshot? before, CancellationToken cancel) =>
        Task.Run(() => ReadAloneAsync(facts.HasFlag(Facts.Holders) ? facts | Facts.Devices : facts, before, cancel), cancel).WaitAsync(cancel);

    public async Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(atMost);
        try
        {
            var message = _uevents.Value.WaitAsync(end.Token);
            var signs = await Task.Run(() => ChangeSigns.Read(root), end.Token);
            while (await Task.WhenAny(message, Task.Delay(s_lookEvery, end.Token)) != message && !end.IsCancellationRequested)
            {
                if (await Task.Run(() => ChangeSigns.Read(root), end.Token) != signs) return;
            }
            await message;
            // A driver that binds sends dozens of messages; one look afterwards answers all of them.
            await Task.Delay(s_burst, end.Token);
            _uevents.Value.Drain();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The time is over.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    public void Dispose()
    {
        if (_uevents.IsValueCreated) _uevents.Value.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<HostSnapshot> ReadAloneAsync(Facts facts, HostSnapshot? before, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return await ReadPartsAsync(facts, before, cancel);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<HostSnapshot> ReadPartsAsync(Facts facts, HostSnapshot? before, CancellationToken cancel)
    {
        var gaps = s_parts.Where(part => facts.HasFlag(part)).ToDictionary(part => part, _ => new List<Unknown>());
        var now = clock.GetUtcNow();
        var host = KernelFacts.AddTo(before ?? new HostSnapshot { TakenAt = now }, root) with { TakenAt = now };
        var notes = readNotes();
        host = host with { KernelCrash = notes.Crash };
        if (facts.HasFlag(Facts.State)) host = Remembering(host) with { Stuck = notes.Stuck, KeptOff = KeepOffRules.Read(root), Pinned = DesktopPins.Read(root) };

        // Settings change rarely, so they are read only where everything is.
        if (facts.HasFlag(Facts.All) || before is null) host = host with { ModuleSettings = ModprobeConfiguration.Read(root, host.CommandLine) };
        if (facts.HasFlag(Facts.All)) host = host with { OtherKeepers = OtherKeepers.Read(root), GlDrivers = GlDrivers.Read(root) };

        var modules = facts.HasFlag(Facts.Modules) ? Task.Run(() => ProcModules.ReadAsync(root, commands, gaps[Facts.Modules], cancel), cancel) : Task.FromResult(host.Modules);
        var sessions = facts.HasFlag(Facts.Desktop) ? Task.Run(() => Logind.ReadAsync(commands, gaps[Facts.Desktop], cancel), cancel) : Task.FromResult(host.Sessions);
        var console = facts.HasFlag(Facts.Console) ? Task.Run(() => Framebuffers.Read(root), cancel) : Task.FromResult(host.Console);
        if (facts.HasFlag(Facts.Devices)) host = await _devices.AddToAsync(host, notes.Busy, gaps[Facts.Devices], cancel);
        if (facts.HasFlag(Facts.Holders)) host = host with { Holders = _holders.Read(_devices.Nodes, gaps[Facts.Holders]) };
        host = host with { Modules = await modules, Sessions = await sessions, Console = await console };
        if (facts.HasFlag(Facts.Programs)) host = host with { Programs = _programs.Read(host.Sessions) };
        if (facts.HasFlag(Facts.Desktop)) host = host with { CompositorPins = new CompositorPins(root, _environments).Read(host.Sessions, host.Devices, gaps[Facts.Desktop]) };
        if (facts.HasFlag(Facts.Desktop)) host = await AddUnitsAsync(host, gaps[Facts.Desktop], cancel);
        foreach (var (part, gap) in gaps) _unknowns[part] = [.. gap];
        return host with
        {
            Viewer = ViewerFacts.Read(root, _environments, host.Sessions),
            Unknowns = [.. s_parts.Where(part => before is not null || facts.HasFlag(part)).SelectMany(part => _unknowns.GetValueOrDefault(part, [])), .. host.MemoryProblem is { } problem ? (Unknown[])[new(UnknownFact.OriginalState, "what was remembered", problem)] : []],
        };
    }

    /// <summary>A look never fails: what cannot be told is a value, and an obstacle where it matters.</summary>
    private HostSnapshot Remembering(HostSnapshot host)
    {
        try
        {
            return host with { Memory = readMemory(), MemoryProblem = null };
        }
        catch (HostException unreadable)
        {
            return host with { Memory = HomeMemory.Nothing, MemoryProblem = unreadable.Message };
        }
    }

    private async Task<HostSnapshot> AddUnitsAsync(HostSnapshot host, List<Unknown> gaps, CancellationToken cancel)
    {
        // Units of the look before stay in view: one that was stopped holds nothing any more, and is asked about all the same.
        var wanted = host.Holders.SelectMany(UnitsOf).Concat(host.Memory.Units.Select(known => known.Unit)).Concat(host.Units.Select(unit => unit.Name)).Distinct();
        var (manager, units) = await _systemd.ReadAsync(wanted, gaps, cancel);
        var screen = host.Sessions.FirstOrDefault(session => session is { IsGreeter: true, Vt: not null })
            ?? host.Sessions.FirstOrDefault(session => session is { IsGraphical: true, Vt: not null });
        return host with { Units = units, DisplayManager = manager is null ? null : new DisplayManager(manager, screen?.Vt) };
    }

    private static IEnumerable<UnitName> UnitsOf(Holder holder)
    {
        if (holder.Unit is { } unit) yield return new UnitName(unit);
        if (holder.UserUnit is { } userUnit) yield return new UnitName(userUnit, holder.Uid);
    }
}
