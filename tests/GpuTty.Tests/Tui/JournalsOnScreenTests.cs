using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Tui;

/// <summary>What commands and other consoles do with earlier switches is seen by a screen that is open meanwhile.</summary>
public sealed class JournalsOnScreenTests
{
    [Fact]
    public async Task An_interrupted_switch_that_is_dismissed_elsewhere_is_not_offered_any_more()
    {
        var machine = Machines.Find("interrupted")!;
        var host = new SimulatedHost(machine.Machine, TimeProvider.System, machine.FaultPlan);
        var service = new SimulatedSwitchService(host, TimeProvider.System, machine.Journal);
        await using var person = new Person(host, service);
        await person.Sees("A switch was interrupted");
        await service.DismissAsync((RunEvent.Opened)machine.Journal[0], CancellationToken.None);
        await person.Types("r", "Nothing is left of the interrupted switch.");
        Assert.DoesNotContain("a switch was interrupted", person.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_began_and_ended_between_two_looks_is_told_and_is_what_u_rolls_back()
    {
        var clock = new FastClock(50);
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, clock);
        var service = new SimulatedSwitchService(host, clock);
        var eyes = new ClosedEyes(host);
        await using var person = new Person(eyes, service);
        await person.Sees("looked at the machine");
        await eyes.CloseAsync(() => person.Types("r"));
        await service.BeginAsync(ToVm(await host.ReadAsync(SnapshotSections.All, null, CancellationToken.None)), CancellationToken.None);
        while (service.IsRunning()) await Task.Delay(20);
        eyes.Open();
        await person.Sees("A switch has ended elsewhere: Card 01:00 is on vfio-pci", "for the VM");
        await person.Types("u", "What will be done");
        await person.Sees("card 01:00 to the host");
    }

    private static SwitchPlan ToVm(HostSnapshot host) =>
        ((PlanResult.Ready)SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true))).Plan;

    /// <summary>Looks when it is let.</summary>
    private sealed class ClosedEyes(IHostReader reader) : IHostReader
    {
        private volatile TaskCompletionSource? _closed;
        private volatile TaskCompletionSource? _waits;

        /// <summary>Until the next look waits.</summary>
        public async Task CloseAsync(Func<Task> look)
        {
            var waits = _waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await look();
            await waits.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        public void Open() => _closed!.SetResult();

        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (_closed is { } closed)
            {
                _waits!.TrySetResult();
                await closed.Task.WaitAsync(cancel);
            }
            return await reader.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => reader.WaitForChangeAsync(atMost, cancel);
    }
}
