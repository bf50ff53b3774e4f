using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>On every machine, with whatever is agreed to: what is planned can be done there, and ends as the plan says.</summary>
public sealed class PromiseTests
{
    /// <summary>To try more than a handful of plans is the test; fewer would mean that the machines have changed under it.</summary>
    private const int Fewest = 60;

    [Fact]
    public void Every_plan_of_every_machine_ends_as_it_says()
    {
        var tried = 0;
        foreach (var demo in Machines.All)
            foreach (var card in Card.FindAll(demo.Machine.Snapshot()))
                foreach (var intent in Intents(card.Address))
                {
                    if (SwitchPlanner.Plan(demo.Machine.Snapshot(), intent) is not PlanResult.Ready { Plan: var plan }) continue;
                    if (Asks(plan, demo.Machine)) continue;
                    var there = Check($"{demo.Name} {intent}", demo.Machine, plan);
                    tried++;
                    if (intent.Direction != Direction.ToVm) continue;
                    var back = intent with { Direction = Direction.ToHost, EndSessions = true };
                    if (SwitchPlanner.Plan(there.Snapshot(), back) is not PlanResult.Ready { Plan: var home }) continue;
                    Check($"{demo.Name} {back}", there, home);
                    tried++;
                }
        Assert.True(tried >= Fewest, $"{tried} plans");
    }

    private static IEnumerable<SwitchIntent> Intents(PciAddress card) =>
        from direction in (Direction[])[Direction.ToVm, Direction.ToHost, Direction.HideFromSeat, Direction.AllowDesktop]
        from endSessions in (bool[])[false, true]
        from consent in (HolderConsent[])[HolderConsent.Never, HolderConsent.Terminate]
        from singleGpu in (bool[])[false, true]
        select new SwitchIntent(card, direction, endSessions, consent) { SingleGpu = singleGpu };

    /// <summary>Whether a program listens to SIGTERM is not known to a plan.</summary>
    private static bool Asks(SwitchPlan plan, Machine machine) =>
        plan.Steps
            .OfType<EndProcess>()
            .Any(step => machine.Processes.Any(process => process.Pid == step.Pid && process.Software.IgnoresTerm));

    private static Machine Check(string name, Machine machine, SwitchPlan plan)
    {
        var ended = plan.Steps.OfType<EndSession>().Select(step => step.Session).ToHashSet();
        Assert.True(plan.Intent.EndSessions || ended.Count == 0, $"{name}: closes sessions unasked");
        if (ended.Count > 0)
            foreach (var start in plan.Steps.OfType<StartUnit>())
                Assert.True(machine.FindService(start.Unit) is not null, $"{name}: starts {start.Unit}, which only a desktop can");

        var run = new Replay(machine);
        foreach (var step in plan.Steps)
            Assert.True(run.Take(step), $"{name}: {step.Describe()} does not happen: {step.PendingReason(run.Seen)}");
        var now = run.Machine.Snapshot();
        Assert.True(new Scenario(machine, plan).IsReached(now), $"{name}: the card is not where the plan ends");
        foreach (var session in machine.Sessions.Where(session =>
            SessionClass.IsPersons(session.Class) && session.State != "closing" && !ended.Contains(session.Id)))
            Assert.True(run.Machine.Sessions.Contains(session), $"{name}: {session.Label} is gone, and nobody was told");
        foreach (var start in plan.Steps.OfType<StartUnit>())
            Assert.True(run.Machine.FindService(start.Unit)!.IsActive, $"{name}: {start.Unit} does not run");
        return run.Machine;
    }
}
