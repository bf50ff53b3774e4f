using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A worker was killed with the machine's only card away, and the machine is slow
/// to look at, or tells too little: nobody could see a question.</summary>
public sealed class OnlyCardRecoveryTests
{
    private static readonly PciAddress s_onlyCard = PciAddress.Parse("0a:00.0");
    private static readonly UnitName s_desktop = new("gdm.service");

    public static TheoryData<Direction> Directions => [Direction.ToVm, Direction.ToHost];

    [Theory, MemberData(nameof(Directions))]
    public void Killed_with_the_only_card_away_on_a_machine_that_can_be_looked_at_only_after_20_seconds_it_is_brought_home(
        Direction direction)
    {
        var (lab, run) = Killed(direction);
        lab.Clock.Run(() => Recovery(lab, new From(lab.Host, lab.Clock, TimeSpan.FromSeconds(20))).RunAsync(run));
        AssertHome(lab);
    }

    [Theory, MemberData(nameof(Directions))]
    public void What_the_first_look_could_not_bring_home_the_look_after_it_does(Direction direction)
    {
        var (lab, run) = Killed(direction);
        lab.Clock.Run(() => Recovery(lab, new From(lab.Host, lab.Clock, TimeSpan.FromSeconds(70))).RunAsync(run));
        AssertHome(lab);
    }

    [Theory, MemberData(nameof(Directions))]
    public void A_recovery_that_cannot_look_at_all_leaves_it_to_the_next_one_and_to_who_goes_on_trying(Direction direction)
    {
        var (lab, run) = Killed(direction);
        var asked = new List<PciAddress>();
        lab.Clock.Run(() => Recovery(lab, new Blind(), asked).RunAsync(run));
        Assert.DoesNotContain(lab.Journal, entry => entry is RunEvent.DesktopRestored);
        Assert.Equal([s_onlyCard], asked);
        lab.Clock.Run(() => Recovery(lab, lab.Host).RunAsync(run));
        AssertHome(lab);
    }

    [Theory, MemberData(nameof(Directions))]
    public void One_whose_holders_are_untold_is_tried_again_as_well(Direction direction)
    {
        var (lab, run) = Killed(direction);
        var asked = new List<PciAddress>();
        lab.Host.GoBlind(UnknownFact.Holders);
        lab.Clock.Run(() => Recovery(lab, lab.Host, asked).RunAsync(run));
        Assert.DoesNotContain(lab.Journal, entry => entry is RunEvent.DesktopRestored);
        Assert.Equal([s_onlyCard], asked);
        lab.Host.GoBlind(UnknownFact.Holders, isBlind: false);
        lab.Clock.Run(() => Recovery(lab, lab.Host).RunAsync(run));
        AssertHome(lab);
    }

    [Fact]
    public void Where_there_is_another_card_the_desktop_is_not_kept_waiting_and_nobody_is_asked_to_go_on()
    {
        var asked = new List<PciAddress>();
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true);
        var left = Interruption.During(Machines.Find("desktop")!.Machine, intent, step => step is GpuTty.Steps.BindDevice);
        var lab = new Lab(left.Machine);
        var run = RunState.Fold(left.Journal)! with { DesktopRestored = false };
        lab.Clock.Run(() => Recovery(lab, lab.Host, asked).RunAsync(run));
        Assert.Empty(asked);
        Assert.Contains(lab.Journal, entry => entry is RunEvent.DesktopRestored);
    }

    private static CrashRecovery Recovery(Lab lab, IHostReader reader, List<PciAddress>? asked = null) =>
        new(reader, lab.Host, lab, lab.Clock, _ => { }, card =>
        {
            asked?.Add(card);
            return Task.CompletedTask;
        });

    private static void AssertHome(Lab lab)
    {
        lab.Pass(60);
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(s_onlyCard));
        Assert.True(lab.Machine.FindService(s_desktop)!.IsActive);
    }

    /// <summary>With everything away, and on the way back.</summary>
    private static (Lab Lab, RunState Run) Killed(Direction direction)
    {
        var machine = Machines.Find("single")!.Machine;
        var away = new SwitchIntent(s_onlyCard, Direction.ToVm, EndSessions: true) { SingleGpu = true };
        var left = Interruption.During(machine, away, step => step is GpuTty.Steps.AwaitConsent);
        if (direction == Direction.ToHost)
            left = Interruption.During(
                left.Machine,
                new SwitchIntent(s_onlyCard, Direction.ToHost, EndSessions: true),
                step => step is GpuTty.Steps.BindDevice);
        return (new Lab(left.Machine), RunState.Fold(left.Journal)! with { DesktopRestored = false });
    }

    private sealed class Blind : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new HostException("Nothing can be read.", "Reboot.");

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }

    /// <summary>Tells nothing before its time: whoever asks earlier waits.</summary>
    private sealed class From(IHostReader reader, TimeProvider clock, TimeSpan first) : IHostReader
    {
        private readonly long _began = clock.GetTimestamp();

        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (first - clock.GetElapsedTime(_began) is { Ticks: > 0 } left) await Task.Delay(left, clock, cancel);
            return await reader.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => reader.WaitForChangeAsync(atMost, cancel);
    }
}
