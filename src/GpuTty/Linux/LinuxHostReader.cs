using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Settings;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;

namespace GpuTty.Linux;

/// <summary>The real machine. Every source that is missing becomes an <see cref="Unknown"/> and harms no other.</summary>
/// <param name="root">Where its files begin.</param>
/// <param name="commands">Runs lspci and lsmod; loginctl and systemctl where there is no bus.</param>
/// <param name="readMemory">What was remembered of cards that went to a virtual machine.</param>
/// <param name="readNotes">What is noted of the kernel's state: a write under way, a crash.</param>
/// <param name="clock">Tells when the snapshot was taken.</param>
/// <param name="buses">Where systemd and logind are asked.</param>
internal sealed class LinuxHostReader(
    FileSystemRoot root,
    CommandRunner commands,
    Func<OriginalState> readMemory,
    Func<KernelIncidents> readNotes,
    TimeProvider clock,
    Buses buses) : IHostReader, IDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    /// <summary>A bus takes a limited number of rules from one connection.</summary>
    private const int MostInView = 64;

    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(50);

    private readonly DeviceFacts _devices = new(root, commands);
    private readonly ProcHolders _holders = new(root);
    private readonly Framebuffers _framebuffers = new(root);
    private readonly MachineDetailsReader _details = new(root);
    private readonly ProcPrograms _programs = new(root);
    private readonly ProcMemory _environments = new(root, "environ");
    private readonly CallerLocationReader _caller =
        new(root, new ProcMemory(root, "environ"), root.IsLive ? VirtualTerminal.IsGraphical : _ => null);
    private readonly SystemdUnits _systemd = new(root, buses, commands);

    /// <summary>Readers that remember are asked by one look at a time; what
    /// the desktop shows never waits for a look at who holds what.</summary>
    private readonly SemaphoreSlim _hardwareGate = new(1);
    private readonly SemaphoreSlim _desktopGate = new(1);
    private readonly SessionStarters _starters = new(root, buses, commands);
    private readonly Lazy<Uevents> _uevents = new(Uevents.Open);
    private readonly BusSignals _signals = new(buses, clock);

    /// <summary>Units of the system that were asked about last: changes of their states are waited for.</summary>
    private volatile IReadOnlyCollection<string> _inView = [];

    public LinuxHostReader(
        FileSystemRoot root,
        CommandRunner commands,
        Func<OriginalState> readMemory,
        Func<KernelIncidents> readNotes,
        TimeProvider clock)
        : this(root, commands, readMemory, readNotes, clock, new Buses(root))
    {
    }

    public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
        Task.Run(() => ReadPartsAsync(Needed(facts, before), before, cancel), cancel).WaitAsync(cancel);

    public async Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(atMost);
        try
        {
            Task[] messages = [_uevents.Value.WaitAsync(end.Token), _signals.WaitAsync(_inView, end.Token)];
            var message = Task.WhenAny(messages);
            var (fingerprint, told) = await Task.Run(
                () => (ChangeFingerprint.Read(root, !_signals.IsListening), _signals.IsListening), end.Token);
            while (await Task.WhenAny(message, Task.Delay(s_lookEvery, end.Token)) != message && !end.IsCancellationRequested)
            {
                if (await Task.Run(() => ChangeFingerprint.Read(root, !told), end.Token) != fingerprint) return;
            }
            await await message;
            // A driver that binds sends dozens of messages, and so does a desktop that comes up; one look afterwards answers all of them.
            await Task.Delay(s_burst, end.Token);
            _uevents.Value.Drain();
            _signals.Drain();
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
        _signals.Dispose();
        buses.Dispose();
        if (_uevents.IsValueCreated) _uevents.Value.Dispose();
        _hardwareGate.Dispose();
        _desktopGate.Dispose();
    }

    /// <summary>With the parts that those wanted are told by, and with what a first look at the devices tells in any case.</summary>
    private static SnapshotSections Needed(SnapshotSections facts, HostSnapshot? before)
    {
        if ((facts & (SnapshotSections.Holders | SnapshotSections.Uses)) != 0) facts |= SnapshotSections.Devices;
        return before is null && facts.HasFlag(SnapshotSections.Devices) ? facts | SnapshotSections.Uses : facts;
    }

    private async Task<HostSnapshot> ReadPartsAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
    {
        // One list for each of those that read at the same time.
        List<Unknown> gaps = [], ofModules = [], ofSessions = [], ofConsole = [];
        var now = clock.GetUtcNow();
        var host = KernelFacts.AddTo(before ?? new HostSnapshot { TakenAt = now }, root, gaps) with { TakenAt = now, LookedAt = facts };
        var notes = readNotes();
        if (notes.Problem is { } unreadable)
            gaps.Add(new Unknown(UnknownFact.KernelState, "whether a write has not come back", unreadable));
        host = host with { KernelCrash = notes.Crash?.Words, TaintBeforeCrash = notes.Crash?.TaintBefore, Stuck = notes.Stuck };
        if (facts.HasFlag(SnapshotSections.State))
        {
            host = Remembering(host, gaps) with
            {
                HiddenFromSeat = SeatRuleReader.Read(root, gaps),
                VfioAccesses = VfioAccessRules.Read(root, gaps),
                Pinned = GlDriverAllowLists.Read(root, gaps),
            };
            // What was changed for a virtual machine is put back by what it is now.
            if (host is { Memory.Settings.Length: > 0, TunableSettings: null }) facts |= SnapshotSections.TunableSettings;
        }

        // Settings change rarely, so they are read only where everything is; until then what could not be read stays so.
        var readsSettings = facts.HasFlag(SnapshotSections.All) || before is null;
        if (readsSettings) host = Configured(host, facts, gaps);
        else gaps.AddRange(before!.Unknowns.Where(unknown =>
            unknown.Code is UnknownFact.ModuleSettings or UnknownFact.OtherPrograms or UnknownFact.Guests));

        var modules = facts.HasFlag(SnapshotSections.Modules)
            ? Task.Run(() => ProcModules.ReadAsync(root, commands, ofModules, cancel), cancel)
            : Task.FromResult(host.Modules);
        var logins = facts.HasFlag(SnapshotSections.Desktop)
            ? Task.Run(() => Logind.ReadAsync(root, buses, commands, ofSessions, cancel), cancel)
            : Task.FromResult(new LoginFacts(host.Sessions));
        var console = facts.HasFlag(SnapshotSections.Console)
            ? Task.Run(() => _framebuffers.Read(ofConsole, cancel), cancel)
            : Task.FromResult(host.Console);
        var initramfs = host.SettingsFiles is { } settings && facts.HasFlag(SnapshotSections.SettingsFiles)
            ? Task.Run(
                () => InitramfsReader.ReadAsync(root, commands, host.Kernel, settings, facts.HasFlag(SnapshotSections.Initramfs), cancel),
                cancel)
            : null;
        host = await AddHardwareAsync(host, facts, notes, gaps, cancel);
        host = host with { Modules = await modules, Sessions = (await logins).Sessions, Console = await console };
        if (readsSettings) host = host with { NotInstalled = ModuleFiles.Missing(root, host, ofModules) };
        if (facts.HasFlag(SnapshotSections.SettingsFiles) || facts.HasFlag(SnapshotSections.Details))
            host = host with { Details = _details.Read(host, notes.Busy, gaps, cancel) };
        // Where somebody sits is told with the sessions.
        if (before is null || (facts & (SnapshotSections.Desktop | SnapshotSections.Programs)) != 0)
            host = await AddDesktopAsync(host, facts, await logins, gaps, cancel);
        if (facts.HasFlag(SnapshotSections.TunableSettings)) host = host with { TunableSettings = TunableSettingsReader.Read(root, host) };
        if (initramfs is not null) host = host with { SettingsFiles = host.SettingsFiles! with { Initramfs = await initramfs } };
        // A part that was not read now is as unknown as it was.
        var older = before?.Unknowns.Where(unknown =>
            unknown.Code == UnknownFact.InstalledModules ? !readsSettings : !facts.HasFlag(unknown.Part.ToldBy)) ?? [];
        // A file that comes back late may still add to the list.
        lock (gaps)
            return host with { Unknowns = [.. gaps.Concat(older).Concat(ofModules).Concat(ofSessions).Concat(ofConsole).Distinct()] };
    }

    private HostSnapshot Configured(HostSnapshot host, SnapshotSections facts, List<Unknown> gaps)
    {
        var modprobe = ModprobeConfiguration.Files(root, gaps);
        host = host with { ModuleSettings = ModprobeConfiguration.Parse(modprobe, host.CommandLine) };
        if (facts.HasFlag(SnapshotSections.SettingsFiles))
            host = host with { SettingsFiles = InitramfsBuilder.Told(root, SettingsFilesReader.Read(root, modprobe, gaps)) };
        if (!facts.HasFlag(SnapshotSections.All)) return host;
        host = host with
        {
            ConflictingTools = ConflictingTools.Read(root, gaps),
            GlDrivers = GlDrivers.Read(root, gaps),
            Libvirt = new LibvirtFiles(root, commands).Read(),
        };
        lock (gaps) gaps.AddRange(host.Libvirt.Unknowns);
        return host;
    }

    private async Task<HostSnapshot> AddHardwareAsync(
        HostSnapshot host, SnapshotSections facts, KernelIncidents notes, List<Unknown> gaps, CancellationToken cancel)
    {
        if ((facts & (SnapshotSections.Devices | SnapshotSections.Holders)) == 0) return host;
        await _hardwareGate.WaitAsync(cancel);
        try
        {
            if (facts.HasFlag(SnapshotSections.Devices))
                host = WithWedged(await _devices.AddToAsync(host, facts.HasFlag(SnapshotSections.Uses), notes.Busy, gaps, cancel));
            return facts.HasFlag(SnapshotSections.Holders) ? host with { Holders = _holders.Read(_devices.Nodes, gaps, cancel) } : host;
        }
        finally
        {
            _hardwareGate.Release();
        }
    }

    private HostSnapshot WithWedged(HostSnapshot host) =>
        !_uevents.IsValueCreated ? host
        : host with
        {
            Devices = [.. host.Devices.Select(device =>
                _uevents.Value.Wedged.Of(device.Address) is { } wedged ? device with { Wedged = wedged } : device)],
        };

    private async Task<HostSnapshot> AddDesktopAsync(
        HostSnapshot host, SnapshotSections facts, LoginFacts logins, List<Unknown> gaps, CancellationToken cancel)
    {
        await _desktopGate.WaitAsync(cancel);
        try
        {
            if (facts.HasFlag(SnapshotSections.Desktop))
                host = LoginSettings.AddTo(
                    host with { Sessions = await _starters.AddToAsync(host.Sessions, cancel) }, root, gaps, logins);
            if (facts.HasFlag(SnapshotSections.Programs)) host = host with { Programs = _programs.Read(host.Sessions, gaps, cancel) };
            if (facts.HasFlag(SnapshotSections.Desktop))
            {
                host = host with
                {
                    CompositorDeviceSettings =
                        new CompositorDeviceSettings(root, _environments).Read(host.Sessions, host.Devices, gaps, cancel),
                };
                host = await AddUnitsAsync(host, gaps, cancel);
            }
            return host with
            {
                Caller = _caller.Read(Environment.ProcessId, Environment.GetEnvironmentVariable("TERM"), host.Sessions, gaps, cancel),
            };
        }
        finally
        {
            _desktopGate.Release();
        }
    }

    /// <summary>A look never fails: what cannot be told is a value, and an obstacle where it matters.</summary>
    private HostSnapshot Remembering(HostSnapshot host, List<Unknown> unknowns)
    {
        try
        {
            return host with { Memory = readMemory(), MemoryProblem = null };
        }
        catch (NeedsRootException unreadable)
        {
            // Nothing is wrong with it: it is not for this user.
            unknowns.Add(new Unknown(UnknownFact.OriginalState, "how the cards were before they went away", unreadable.Message));
            return host with { Memory = OriginalState.Nothing, MemoryProblem = null };
        }
        catch (HostException unreadable)
        {
            unknowns.Add(new Unknown(UnknownFact.OriginalState, "what was remembered", unreadable.Message));
            return host with { Memory = OriginalState.Nothing, MemoryProblem = unreadable.Message };
        }
    }

    private async Task<HostSnapshot> AddUnitsAsync(HostSnapshot host, List<Unknown> gaps, CancellationToken cancel)
    {
        var wanted = UnitsInView.Of(host, gaps);
        var (manager, units, absent) = await _systemd.ReadAsync(wanted, gaps, cancel);
        _inView = [.. wanted
            .Where(name => name.Uid is null)
            .Select(name => name.Name)
            .Append(manager?.Name.Name)
            .OfType<string>()
            .Distinct()
            .Take(MostInView)];
        var screen = host.Sessions.FirstOrDefault(session => session is { IsGreeter: true, Vt: not null })
            ?? host.Sessions.FirstOrDefault(session => session is { IsGraphical: true, Vt: not null });
        var prompt = screen is null && manager is { IsActive: true } ? LoginScreen.VtOf(root, manager.Name.Name) : null;
        return host with
        {
            Units = units,
            UsersWithoutManager = absent,
            AskedUnits = [.. wanted.Union(units.Select(unit => unit.Name))],
            DisplayManager = manager is null ? null
                : new DisplayManager(manager, screen?.Vt ?? prompt) { HasLoginScreen = prompt is not null },
        };
    }
}
