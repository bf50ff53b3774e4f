using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Switching;

/// <summary>Over every simulated machine, from each state that its cards can be in: what
/// the plan home says is what comes of it, by that machine's kernel rules.</summary>
public sealed class HomeFromAnyStateTests
{
    private static readonly ImmutableArray<DynamicId> s_nobody = [];

    public static TheoryData<string> Cards =>
        [
            .. Machines.All.SelectMany(demo => Card.FindAll(demo.Machine.Snapshot()).Select(card => $"{demo.Name} {card.Address}")),
            "two-radeons 0000:0b:00.0",
        ];

    [Theory, MemberData(nameof(Cards))]
    public void The_way_home_ends_where_its_plan_says(string name)
    {
        var parts = name.Split(' ');
        var card = PciAddress.Parse(parts[1]);
        foreach (var (state, machine) in States(parts[0] == "two-radeons" ? TwoRadeons() : Machines.Find(parts[0])!.Machine, card))
            Check($"{name}, {state}", machine, card);
    }

    internal static void Check(string state, Machine machine, PciAddress address)
    {
        var before = machine.Snapshot();
        var card = Card.FindAt(before, address)!;
        var intent = new SwitchIntent(address, Direction.ToHost, EndSessions: true, HolderConsent.Kill);
        var result = SwitchPlanner.Plan(before, intent);
        // Nothing was ended, and the user knows why.
        if (result is PlanResult.Blocked blocked)
        {
            Assert.True(blocked.Obstacles.Length > 0, state);
            return;
        }
        if (result is PlanResult.AlreadyThere)
        {
            Assert.True(card.Functions.All(function => !function.IsReserved), $"{state}: said to be at home");
            return;
        }
        var plan = ((PlanResult.Ready)result).Plan;
        var run = new Replay(machine);
        foreach (var step in plan.Steps)
            Assert.True(Taken(run, step, state), $"{state}: {step.Describe()}: {step.PendingReason(run.Machine.Snapshot())}");

        foreach (var function in card.Functions)
        {
            var after = run.Machine.Find(function.Address)!;
            var said = plan.Steps.OfType<BindDevice>().LastOrDefault(bind => bind.Device == function.Address);
            Assert.True(
                said is null ? function.IsReserved ? after.Driver is null : after.Driver == function.Driver
                    : said.Driver is null ? after is { Driver: not null, IsReserved: false } : after.Driver == said.Driver,
                $"{state}: {function.Address} ended on {after.Driver ?? "nothing"}");
            Assert.False(
                after.DriverOverride is { } driverOverride && (driverOverride == VfioSupport.Driver || driverOverride != after.Driver),
                $"{state}: {function.Address} keeps the override {after.DriverOverride}");
        }
        foreach (var other in machine.Devices.Where(other => !card.Contains(other.Address)))
            Assert.True(
                other.Driver == run.Machine.Find(other.Address)!.Driver,
                $"{state}: {other.Address} went from {other.Driver} to {run.Machine.Find(other.Address)!.Driver}");
        Assert.True(
            SwitchPlanner.Plan(run.Machine.Snapshot(), intent) is PlanResult.AlreadyThere,
            $"{state}: there is more to do afterwards");
    }

    private static bool Taken(Replay run, Step step, string state)
    {
        try
        {
            return run.Take(step);
        }
        catch (HostException refused)
        {
            throw new InvalidOperationException($"{state}: {step.Describe()}: {refused.Message}", refused);
        }
    }

    /// <summary>As it is; after each step of the way to the virtual machine, remembered
    /// and forgotten; and there, with everything that somebody may have set up.</summary>
    private static IEnumerable<(string State, Machine Machine)> States(Machine machine, PciAddress card)
    {
        foreach (var variant in Variants("as it is", machine, card)) yield return variant;
        if (SwitchPlanner.Plan(
            machine.Snapshot(),
            new SwitchIntent(card, Direction.ToVm, EndSessions: true, HolderConsent.Kill)
            {
                SingleGpu = true,
            }) is not PlanResult.Ready { Plan: var plan })
            yield break;
        var way = new Replay(machine);
        foreach (var (step, index) in plan.Steps.Select((step, index) => (step, index)))
        {
            if (!way.Take(step)) yield break;
            yield return ($"after step {index + 1} there", way.Machine);
            yield return ($"after step {index + 1} there, forgotten", Forgotten(way.Machine));
        }
        foreach (var variant in Variants("there", way.Machine, card)) yield return variant;
        foreach (var variant in Variants("there, forgotten", Forgotten(way.Machine), card)) yield return variant;
    }

    private static IEnumerable<(string State, Machine Machine)> Variants(string state, Machine machine, PciAddress card)
    {
        var functions = machine.Devices.Where(device => device.Address.SharesSlotWith(card)).ToImmutableArray();
        ImmutableArray<DynamicId> ids = [.. functions.Select(function =>
            new DynamicId(VfioSupport.Driver, function.Id.Vendor, function.Id.Device))];
        var display = functions.First(function => function.IsGraphics);
        yield return (state, machine);
        yield return ($"{state}, ids at boot", Told(machine, ids, ids, functions));
        yield return ($"{state}, new_id", Told(machine, ids, s_nobody, functions));
        yield return ($"{state}, ids and a kernel that may refuse overrides", Told(machine, ids, ids, functions) with { Kernel = "7.2.0" });
        // Where vfio-pci was told the ids as well, such a kernel leaves no way at all.
        if (machine.Modules.All(module => module.DynamicIds.IsEmpty))
            yield return ($"{state}, a kernel that refuses overrides", machine with { Kernel = "7.2.0", RefusesOverrides = true });
        foreach (var kind in (ModuleRuleKind[])[ModuleRuleKind.Blacklist, ModuleRuleKind.InstallNothing])
            foreach (var module in (string[])["snd_hda_intel", "nvidia", "nouveau", .. display.CandidateModules.Take(1)])
            {
                var barred = machine with { ModuleSettings = new([new ModuleRule(kind, module, "x.conf")], []) };
                yield return ($"{state}, {kind} {module}", barred);
                yield return ($"{state}, {kind} {module}, ids", Told(barred, ids, ids, functions));
            }
        if (functions.Any(function =>
            function.Nodes.Any(node => machine.Processes.Any(process => process.Open.Any(open => open.Node.Path == node.Path)))))
            yield break;
        yield return (
            $"{state}, unbound",
            functions.Aggregate(machine, (m, function) => m.Change(now => PciVerbs.Unbound(now, now.Find(function.Address)!))));
        foreach (var function in functions)
            yield return ($"{state}, {function.Address} unbound", machine.Change(m => PciVerbs.Unbound(m, m.Find(function.Address)!)));
        yield return ($"{state}, on pci-stub", OnStub(machine, ids, functions));
    }

    private static Machine Forgotten(Machine machine) => machine with { Memory = OriginalState.Nothing };

    /// <summary>vfio-pci was there first, and was told the ids of the card; what it has, it has by them.</summary>
    private static Machine Told(
        Machine machine,
        ImmutableArray<DynamicId> ids,
        ImmutableArray<DynamicId> written,
        ImmutableArray<PciDevice> functions) => machine with
        {
            Devices = [.. machine.Devices.Select(device =>
            functions.Any(function => function.Address == device.Address) && device is { IsOnVfio: true }
                ? device with { DriverOverride = null }
                : device)],
            Modules = [.. machine.Modules.Select(module =>
            module.Driver == VfioSupport.Driver && module.IsLoaded ? module with { Registered = -1, DynamicIds = ids } : module)],
            ModuleSettings = machine.ModuleSettings with { Ids = written },
        };

    private static Machine OnStub(Machine machine, ImmutableArray<DynamicId> ids, ImmutableArray<PciDevice> functions) =>
        machine.Change(m => m with
        {
            Devices = [.. m.Devices.Select(device =>
                functions.Any(function => function.Address == device.Address)
                    ? device with { Driver = PlaceholderDrivers.PciStub, DriverOverride = null }
                    : device)],
            Modules = [
                .. m.Modules,
                new ModuleFile("pci_stub", PlaceholderDrivers.PciStub)
                {
                    IsBuiltIn = true,
                    Registered = -2,
                    DynamicIds = [.. ids.Select(id => id with { Driver = PlaceholderDrivers.PciStub })],
                },
            ],
        });

    /// <summary>Two of a kind of driver, the second reserved at boot: the GPU too would be taken again.</summary>
    private static Machine TwoRadeons()
    {
        var parts = MachineBoot.Of("two-radeons", OtherBoards.Workstation, OtherBoards.WorkstationWirings,
            GraphicsCard.Rx7900("0a:00", "00:03.1", 19), GraphicsCard.Rx7900("0b:00", "00:03.2", 30));
        // Two of the same product could not be told apart by their ids.
        parts = parts with
        {
            Devices = [.. parts.Devices.Select(device =>
                device.Address.Bus == 0x0b ? device with { Id = device.Id with { Device = device.Id.Device + 1 } } : device)],
        };
        return ReservedAtBoot.Reserve(parts, PciAddress.Parse("0b:00.0"))
            .WithDesktop(Desktops.Plasma)
            .WithServices(Desktops.SoundOf(Machines.Fernando))
            .Booted(Machines.Fernando);
    }
}
