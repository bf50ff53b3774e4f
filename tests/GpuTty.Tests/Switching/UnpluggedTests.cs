using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Switching;

/// <summary>The card is pulled, or falls off the bus, in the middle of a switch.</summary>
public sealed class UnpluggedTests
{
    [Theory]
    [InlineData(Direction.ToVm, 7)]
    [InlineData(Direction.ToHost, 4)]
    public async Task M19_the_card_is_named_as_gone_and_what_is_left_is_taken_back(Direction direction, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var host = new PretendedHost(TimeSpan.Zero);
            if (direction == Direction.ToHost) Assert.Equal(Outcome.Switched, await RunAsync(host, Direction.ToVm, _ => { }));
            var before = host.Now.Memory;
            var events = new List<RunEvent>();
            var outcome = await RunAsync(host, direction, entry =>
            {
                events.Add(entry);
                if (entry is RunEvent.Begun begun && begun.Step == step)
                    host.Now = host.Now with { Devices = [.. host.Now.Devices.Where(device => device.Address != PretendedHost.Card)] };
            });
            Assert.Equal(Outcome.TakenBack, outcome);
            Assert.StartsWith("01:00.0 is gone", events.OfType<RunEvent.Closed>().Single().Summary, StringComparison.Ordinal);
            Assert.Equal(before, host.Now.Memory);
        }
    }

    private static Task<Outcome> RunAsync(PretendedHost host, Direction direction, Action<RunEvent> onEvent)
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(host.Now, new SwitchIntent(PretendedHost.Card, direction))).Plan;
        return new SwitchRunner(host, host, new Pages(onEvent), TimeProvider.System, _ => { }).RunAsync(
            plan, host.Now, CancellationToken.None);
    }

    private sealed class Pages(Action<RunEvent> onEvent) : IJournal
    {
        public void Append(RunEvent entry) => onEvent(entry);
    }
}
