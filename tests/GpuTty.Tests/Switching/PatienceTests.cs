using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>What takes its time, and is not to be taken for stuck or for stubborn.</summary>
public sealed class PatienceTests
{
    /// <summary>The kernel gives a card 60 s to answer when its power comes back, and does so in the middle of the write.</summary>
    [Theory]
    [InlineData("twins", nameof(Verb.Unbind))]
    [InlineData("desktop", nameof(Verb.Unload))]
    public void A_card_that_has_to_wake_up_before_its_driver_goes_is_waited_for(string machine, string write)
    {
        var verb = Enum.Parse<Verb>(write);
        var lab = Lab.On(machine, new FaultPlan(Slow(verb, 40)));
        var outcome = lab.Run(Direction.ToVm, CardChoice.Find(lab.Look(), machine == "twins" ? "0b:00" : null).Card!.Address);
        Assert.True(outcome == Outcome.Switched, lab.Summary);
        Assert.Contains(lab.Host.Calls, call => call.Verb == verb);
    }

    /// <summary>A project or a checkpoint on a slow disk; nobody is told to use force meanwhile.</summary>
    [Fact]
    public void A_program_that_saves_for_half_a_minute_when_it_is_asked_to_end_is_waited_for()
    {
        var stubborn = Machines.Find("stubborn")!.Machine;
        var polite = stubborn with
        {
            Processes =
            [
                .. stubborn.Processes.Select(process => process with { Software = process.Software with { IgnoresTerm = false } }),
            ],
        };
        var lab = new Lab(polite, new FaultPlan(Slow(Verb.EndProcess, 30)));
        Assert.True(lab.Run(Direction.ToVm, holders: HolderConsent.Terminate) == Outcome.Switched, lab.Summary);
    }

    /// <summary>TimeoutStopSec= of a database, or of a server that unloads its model.</summary>
    [Theory]
    [InlineData(300, 320)]
    [InlineData(90, 110)]
    [InlineData(86400, 900)]
    [InlineData(null, 110)]
    public void A_service_is_given_the_time_to_stop_that_its_manager_gives_it(int? given, int limit)
    {
        var name = new UnitName("ollama.service");
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with
        {
            Units = host.Units.Add(new SystemdUnit(name, "active")
            {
                Traits = new UnitTraits { StopTimeout = given is { } seconds ? TimeSpan.FromSeconds(seconds) : null },
            }),
            Holders = host.Holders.Add(new Holder
            {
                Pid = 812,
                StartTime = 5,
                Name = "ollama",
                Uid = 999,
                User = "ollama",
                Unit = name.Name,
                Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, Machines.Card, null, 7)],
            }),
        };
        var ready = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true, HolderConsent.Terminate)));
        Assert.Equal(TimeSpan.FromSeconds(limit), ready.Plan.Steps.OfType<StopUnit>().Single(stop => stop.Unit == name).Limit());
    }

    private static Fault Slow(Verb verb, double seconds) => new(FaultKind.Slow, verb) { Delay = TimeSpan.FromSeconds(seconds) };
}
