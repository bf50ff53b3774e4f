using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A card that was pulled, and another one in its slot.</summary>
public sealed class ExchangedCardTests
{
    private static readonly PciId s_other = new(0x10de, 0x2684);

    [Fact]
    public void M20_another_card_at_the_old_address_is_not_taken_for_the_one_that_left()
    {
        var lab = Lab.On("kept-off");
        lab.Run(Direction.ToVm);
        var card = lab.Machine.Find(Machines.Card)!;
        var other = card with { Id = new PciId(0x1002, 0x744c), Driver = null, DriverOverride = null, CandidateModules = ["amdgpu"] };
        Assert.NotNull(lab.Machine.Memory.Find(card));
        Assert.Null(lab.Machine.Memory.Find(other));
        var host = lab.Look();
        host = host with { Devices = [.. host.Devices.Select(device => device.Address == card.Address ? other : device)] };
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToHost, true))).Plan;
        Assert.Equal(
            new BindDevice(card.Address, "amdgpu", "amdgpu"),
            Assert.Single(plan.Steps.OfType<BindDevice>(), bind => bind.Device == card.Address));
        Assert.DoesNotContain(
            plan.Steps,
            step => step is SetDriverOverride { New: "nvidia" } driverOverride && driverOverride.Device == card.Address);
    }

    /// <summary>Exchanged while a switch runs: from then on nothing is written to PCI, neither forward nor back.</summary>
    [Theory]
    [InlineData(Direction.ToVm)]
    [InlineData(Direction.ToHost)]
    public async Task M20_a_card_that_came_back_as_another_one_in_the_middle_is_named_and_nothing_is_written_to_it(Direction direction)
    {
        var steps = 0;
        for (var at = 0; ; at++, steps++)
        {
            var host = new PretendedHost(TimeSpan.Zero);
            if (direction == Direction.ToHost) Assert.Equal(Outcome.Switched, await RunAsync(host, Direction.ToVm, _ => { }));
            var (exchangedAt, doneBefore, last) = (at, -1, -1);
            var events = new List<RunEvent>();
            var outcome = await RunAsync(host, direction, entry =>
            {
                events.Add(entry);
                if (entry is RunEvent.Opened opened)
                    last = opened.Steps.IndexOf(opened.Steps.Last(step => step.TouchesPci() || step.RequiredDevice() is not null));
                if (entry is not RunEvent.Begun begun || begun.Step != exchangedAt) return;
                doneBefore = host.Done.Count;
                host.Now = host.Now with
                {
                    Devices = [.. host.Now.Devices.Select(device =>
                        device.Address == PretendedHost.Card
                            ? device with { Id = s_other, Name = "Another card", Driver = "nvidia", DriverOverride = null }
                            : device)],
                };
            });
            if (at > last) break;
            Assert.NotEqual(Outcome.Switched, outcome);
            Assert.Contains(
                "01:00.0 is gone, and Another card is in its place",
                events.OfType<RunEvent.Closed>().Single().Summary,
                StringComparison.Ordinal);
            Assert.DoesNotContain(
                host.Done.Skip(doneBefore),
                call =>
                    call.StartsWith("aim", StringComparison.Ordinal)
                    || call.StartsWith("unbind", StringComparison.Ordinal)
                    || call == "probe");
            Assert.Equal("nvidia", host.Now.Find(PretendedHost.Card)!.Driver);
        }
        Assert.True(steps > 3, $"{steps} steps");
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
