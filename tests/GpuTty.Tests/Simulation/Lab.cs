using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Simulation;

/// <summary>A pretend machine, a clock that jumps, and a journal in memory.</summary>
internal sealed class Lab : IJournal
{
    private readonly SwitchPlan? _planned;
    private Action _askBack = () => { };

    public Lab(Machine machine, FaultPlan? drill = null) => Host = new SimulatedHost(machine, Clock, drill);

    public FakeClock Clock { get; } = new();
    public SimulatedHost Host { get; }
    public List<RunEvent> Journal { get; } = [];

    /// <summary>The user asks for everything back as soon as this holds.</summary>
    public Func<RunEvent, bool> AsksBackAt { get; init; } = _ => false;

    /// <summary>What it is about to run, where a test compares with it.</summary>
    public SwitchPlan Planned { get => _planned ?? throw new InvalidOperationException("No plan was named."); init => _planned = value; }

    /// <summary>Told each line of the journal when it is written.</summary>
    public Action<RunEvent> Hears { get; init; } = _ => { };

    public Machine Machine => Host.Machine;
    public string Summary => Journal.OfType<RunEvent.Closed>().Last().Summary;

    public static Lab On(string machine, FaultPlan? drill = null) =>
        new(Machines.Find(machine)!.Machine, drill ?? Machines.Find(machine)!.FaultPlan);

    public HostSnapshot Look() => Machine.Snapshot();
    public PciDevice Device(string address) => Machine.Find(PciAddress.Parse(address))!;
    public Owner OwnerOf(PciAddress card) => Card.FindAt(Look(), card)!.Owner;

    /// <summary>Does something with the machine and lets it take its time.</summary>
    public void Do(Func<IHostControls, Task> call) => Clock.Run(() => call(Host));

    public void Pass(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public SwitchPlan Plan(Direction direction, PciAddress? card = null, HolderConsent holders = HolderConsent.Never) =>
        SwitchPlanner.Plan(Look(), new SwitchIntent(card ?? Machines.Card, direction, EndSessions: true, holders)) switch
        {
            PlanResult.Ready ready => ready.Plan,
            PlanResult.Blocked blocked =>
                throw new InvalidOperationException(string.Join(' ', blocked.Obstacles.Select(obstacle => obstacle.Problem))),
            var other => throw new InvalidOperationException(other.ToString()),
        };

    public Outcome Run(SwitchPlan plan)
    {
        using var request = new CancellationTokenSource();
        _askBack = request.Cancel;
        var outcome = Outcome.Refused;
        Clock.Run(async () => outcome = await new SwitchRunner(Host, Host, this, Clock, _ => { }).RunAsync(plan, Look(), request.Token));
        return outcome;
    }

    public Outcome Run(Direction direction, PciAddress? card = null, HolderConsent holders = HolderConsent.Never) =>
        Run(Plan(direction, card, holders));

    public void Append(RunEvent entry)
    {
        Journal.Add(entry);
        Hears(entry);
        if (AsksBackAt(entry)) _askBack();
    }

    /// <summary>What a switch may change, in words: compared before and after.</summary>
    public static string Shape(Machine machine) => string.Join('\n',
    [
        .. machine.Devices.Select(device => $"{device.Address} {device.Driver ?? "-"} {device.DriverOverride ?? "-"}"),
        .. machine.Modules
            .Where(module => module.IsLoaded && !module.Name.StartsWith("vfio", StringComparison.Ordinal))
            .Select(module => module.Name),
        .. machine.Services.Where(service => service.Name.Uid is null).Select(service => $"{service.Name} {service.State}"),
        .. machine.Sessions
            .Where(session => !IsOfDesktop(machine, session))
            .Select(session => $"{session.Label} {session.State}")
            .Order(StringComparer.Ordinal),
        .. machine.HiddenFromSeat.Select(rule => $"{rule}").Order(StringComparer.Ordinal),
        .. machine.Pinned.Select(pin => $"{pin}").Order(StringComparer.Ordinal),
        .. machine.Memory.Devices.Select(device => $"{device}").Order(StringComparer.Ordinal),
        .. machine.Memory.Modules.Select(module => $"{module}").Order(StringComparer.Ordinal),
        .. machine.Memory.Units.Select(unit => $"{unit}").Order(StringComparer.Ordinal),
    ]);

    /// <summary>The same with what belongs to people, where a plan leaves their
    /// sessions alone: those, and the units of their own managers.</summary>
    public static string Shape(Machine machine, SwitchPlan plan) =>
        plan.DesktopImpact == DesktopImpact.Restart ? Shape(machine) : string.Join('\n',
        [
            Shape(machine),
            .. machine.Sessions
                .Where(session => IsOfDesktop(machine, session))
                .Select(session => $"{session.Label} {session.State}")
                .Order(StringComparer.Ordinal),
            .. machine.Services
                .Where(service => service.Name.Uid is not null)
                .Select(service => $"{service.Name} {service.State}")
                .Order(StringComparer.Ordinal),
        ]);

    private static bool IsOfDesktop(Machine machine, LoginSession session) =>
        session.IsGraphical || (machine.Desktop is { } desktop && SessionVerbs.IsOf(desktop, session));
}
