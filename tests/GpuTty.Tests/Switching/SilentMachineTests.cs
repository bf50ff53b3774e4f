using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

public sealed class SilentMachineTests
{
    [Fact]
    public void M32_a_machine_that_stops_answering_ends_the_step_and_not_the_worker()
    {
        var lab = Lab.On("kept-off");
        var steps = new StepRunner(new AnswersOnce(lab.Host), lab.Host, lab.Clock, lab.Look(), Machines.Card);
        StepFailure? failure = null;
        lab.Clock.Run(async () =>
            failure = await steps.TakeAsync(new SetDriverOverride(Machines.Card, null, "vfio-pci"), _ => { }, CancellationToken.None));
        Assert.Contains("did not succeed within", failure?.Problem, StringComparison.Ordinal);
    }

    /// <summary>security: somebody who makes looking at the machine slow
    /// in the middle of a switch must not keep the desktop down.</summary>
    [Theory]
    [InlineData("desktop")]
    [InlineData("single")]
    public void The_desktop_is_started_again_on_a_machine_that_cannot_be_looked_at_any_more(string machine)
    {
        var answers = true;
        var start = Machines.Find(machine)!.Machine;
        var plan = Ready(start.Snapshot(), singleGpu: machine == "single");
        var lab = new Lab(start)
        {
            Hears = entry => answers &= entry is not RunEvent.Begun { Step: var step } || plan.Steps[step] is not AwaitRelease,
        };
        Assert.Contains(plan.Steps, step => step is AwaitRelease);

        var outcome = Outcome.Refused;
        lab.Clock.Run(async () =>
            outcome = await new SwitchRunner(new AnswersWhile(() => answers, lab.Host), lab.Host, lab, lab.Clock, _ => { })
            .RunAsync(plan, lab.Look(), CancellationToken.None));

        Assert.False(answers);
        Assert.Equal(Outcome.LeftHalfway, outcome);
        var stopped = plan.Steps.OfType<StopUnit>().First().Unit;
        Assert.Contains(lab.Machine.Services, service => service.Name == stopped && service.State is "active" or "activating");
        Assert.Contains(
            lab.Journal.OfType<RunEvent.Failed>(),
            failed => failed.Problem.Contains("could not be looked at within", StringComparison.Ordinal));
    }

    private static SwitchPlan Ready(HostSnapshot host, bool singleGpu) =>
        ((PlanResult.Ready)SwitchPlanner.Plan(
            host,
            new SwitchIntent(
                Card.FindAll(host).First(card => singleGpu || card.Address.SharesSlotWith(Machines.Card)).Address,
                Direction.ToVm,
                EndSessions: true)
            {
                SingleGpu = singleGpu,
            })).Plan;

    private sealed class AnswersWhile(Func<bool> answers, IHostReader machine) : IHostReader
    {
        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (!answers()) await Task.Delay(Timeout.Infinite, cancel);
            return await machine.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => machine.WaitForChangeAsync(atMost, cancel);
    }

    /// <summary>The kernel's files block from the second look on.</summary>
    private sealed class AnswersOnce(IHostReader machine) : IHostReader
    {
        private int _looks;

        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (_looks++ > 0) await Task.Delay(Timeout.Infinite, cancel);
            return await machine.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => machine.WaitForChangeAsync(atMost, cancel);
    }
}
