using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Simulation;

/// <summary>A machine and a switch that it is ready for.</summary>
internal sealed record Scenario(Machine Machine, SwitchPlan Plan)
{
    /// <summary>The user himself has given the card's sound to a virtual machine before: nobody else gives it back.</summary>
    public static Machine SoundGivenAway { get; } = GiveSound(Machines.Find("desktop")!.Machine, PciAddress.Parse("01:00.1"));

    public static IReadOnlyDictionary<string, Scenario> All { get; } = Find();

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Those that nothing keeps from their end; asking a program that does not listen is none.</summary>
    public static TheoryData<string> Reaching => [.. All.Where(pair => pair.Value.Reaches).Select(pair => pair.Key)];

    private bool Reaches => !Plan.Steps.OfType<EndProcess>().Any(step => step.Signal == EndSignal.Terminate
        && Machine.Processes.Any(process => process.Pid == step.Pid && process.Software.IgnoresTerm));

    /// <summary>Every card of every machine, to the VM and, from there, home; with and without consent to end programs.</summary>
    private static Dictionary<string, Scenario> Find()
    {
        var found = new Dictionary<string, Scenario>();
        foreach (var demo in Machines.All)
            foreach (var card in Card.FindAll(demo.Machine.Snapshot()))
            {
                foreach (var consent in Enum.GetValues<HolderConsent>())
                    Add(
                        found,
                        demo.Machine,
                        $"{demo.Name} {card.Address.SlotName} {consent}",
                        new SwitchIntent(card.Address, Direction.ToVm, true, consent));
                foreach (var use in (Direction[])[Direction.HideFromSeat, Direction.AllowDesktop, Direction.Pin, Direction.Unpin])
                    Add(found, demo.Machine, $"{demo.Name} {card.Address.SlotName}", new SwitchIntent(card.Address, use, true));
            }
        Add(found, SoundGivenAway, "sound-away", new SwitchIntent(Machines.Card, Direction.ToVm, true));
        return found;
    }

    private static Machine GiveSound(Machine machine, PciAddress sound)
    {
        var let = machine with
        {
            Processes = [.. machine.Processes.Select(process =>
                process with { Open = process.Open.RemoveAll(open => open.Node.Device == sound) })],
        };
        return let.Change(m =>
            ModuleVerbs.Load(m.With(m.Find(sound)! with { Driver = null, DriverOverride = VfioSupport.Driver }), "vfio_pci"));
    }

    private static void Add(Dictionary<string, Scenario> found, Machine machine, string name, SwitchIntent intent)
    {
        if (SwitchPlanner.Plan(machine.Snapshot(), intent) is not PlanResult.Ready { Plan: var plan }) return;
        if (found.Values.Any(other => other.Machine == machine && other.Plan.SameStepsAs(plan with { Intent = other.Plan.Intent }))) return;
        found.Add($"{name} {intent.Direction}", new Scenario(machine, plan));
        var away = new Replay(machine);
        if (intent.Direction == Direction.ToVm && plan.Steps.All(away.Take))
            Add(found, away.Machine, name, intent with { Direction = Direction.ToHost });
    }

    /// <summary>Whether the machine is what the plan was for.</summary>
    public bool IsReached(HostSnapshot now) => Card.FindAt(now, Plan.Intent.Card)! is var card && Plan.Intent.Direction switch
    {
        Direction.ToVm => card.Owner == Owner.Vfio,
        Direction.ToHost => card.Owner == Owner.HostDriver,
        Direction.HideFromSeat => now.IsKeptOff(card.Display),
        Direction.Pin => !now.Pinned.IsEmpty,
        Direction.Unpin => now.Pinned.IsEmpty,
        _ => !now.IsKeptOff(card.Display),
    };

    public override string ToString() => string.Join('\n', Plan.Steps.Select(step => step.Describe()));
}
