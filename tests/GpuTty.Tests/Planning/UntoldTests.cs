using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using Xunit.Abstractions;

namespace GpuTty.Tests.Planning;

/// <summary>What could not be told is never nothing: no plan is made from it, and the refusal names it.</summary>
public sealed class UntoldTests(ITestOutputHelper output)
{
    private static readonly HostSnapshot s_desktop = Machines.Find("desktop")!.Machine.Snapshot();

    public static TheoryData<UnknownFact> Facts => [.. Blindness.Facts];

    [Fact]
    public void Where_nobody_can_tell_who_holds_the_card_the_gate_before_an_unbind_is_shut_and_nothing_is_planned()
    {
        var blind = s_desktop.Without(UnknownFact.Holders);
        Assert.False(new AwaitRelease(Machines.Card).HasHappened(blind));
        Assert.Contains("unknown holders", new UnbindDevice(Machines.Card, "amdgpu", "amdgpu").BlockedBy(blind), StringComparison.Ordinal);
        Assert.Equal("could-not-tell", Codes(blind, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
    }

    [Fact]
    public void Where_nobody_can_tell_who_is_logged_in_no_consent_is_taken_for_granted()
    {
        var blind = s_desktop.Without(UnknownFact.Sessions);
        Assert.Equal("could-not-tell", Codes(blind, new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.False(new EndSession("2", "").HasHappened(blind));
        Assert.False(new AwaitDesktop().HasHappened(blind));
    }

    [Fact]
    public void Where_udevs_database_cannot_be_read_the_card_is_neither_off_the_seat_nor_back_on_it()
    {
        var rule = SeatRule.For(s_desktop.Find(Machines.Card)!, isPermanent: false);
        var ruled = s_desktop with
        {
            HiddenFromSeat = [rule],
            Devices = [.. s_desktop.Devices.Select(device => device with
            {
                Nodes = [.. device.Nodes.Select(node => node with { IsOnSeat = false, IsOffSeatByRule = true })],
            })],
        };
        Assert.True(new HideFromSeat(rule).HasHappened(ruled));
        Assert.False(new HideFromSeat(rule).HasHappened(ruled.Without(UnknownFact.SeatTags)));
        Assert.False(new AllowDesktop(rule).HasHappened(ruled.Without(UnknownFact.SeatTags) with { HiddenFromSeat = [] }));
    }

    [Fact]
    public void Where_nobody_can_tell_whether_the_modules_can_be_loaded_again_none_is_unloaded()
    {
        var loaded = s_desktop with { Vfio = new VfioSupport(true, true) };
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true);
        Assert.Contains(
            Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(loaded, intent)).Plan.Steps, step => step is UnloadModule);
        Assert.Equal("could-not-tell", Codes(loaded.Without(UnknownFact.ModuleSettings), intent));
        var forbidden = new ModuleRule(ModuleRuleKind.InstallNothing, "nvidia_modeset", "/etc/modprobe.d/x.conf");
        Assert.Equal(
            "nvidia_modeset, which 01:00.0 uses on the host, could not be loaded again after the switch: "
                + "it is not allowed to be loaded (/etc/modprobe.d/x.conf).",
            Refusals(loaded with { ModuleSettings = new ModuleSettings([forbidden], []) }, intent).Single().Problem);
    }

    [Fact]
    public void One_process_that_does_not_answer_may_hold_the_card_and_another_one_is_seen_to_be_gone_all_the_same()
    {
        var late = s_desktop with
        {
            Holders = [],
            Unknowns = [new Unknown(UnknownFact.Holders, "holders in process 812", "It does not answer.") { Of = "812" }],
        };
        Assert.False(new AwaitRelease(Machines.Card).HasHappened(late));
        Assert.False(new EndProcess(812, 1, "x", EndSignal.Terminate).HasHappened(late));
        Assert.True(new EndProcess(813, 1, "x", EndSignal.Terminate).HasHappened(late));
        Assert.Contains(
            "-p 812",
            Refusals(late, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)).Single().Remedy,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_function_elsewhere_does_not_keep_a_card_that_is_only_unbound()
    {
        var silent = new Unknown(UnknownFact.PciDevices, "device 0000:0a:00.0", "Reading its sysfs files timed out.")
        {
            Of = "0000:0a:00.0",
        };
        var mine = silent with { Of = $"{Machines.Card}" };
        Assert.True(new SetDriverOverride(Machines.Card, null, null).HasHappened(s_desktop with { Unknowns = [silent] }));
        Assert.False(new SetDriverOverride(Machines.Card, null, null).HasHappened(s_desktop with { Unknowns = [mine] }));
    }

    [Fact]
    public void What_nobody_has_looked_at_now_proves_nothing()
    {
        var old = s_desktop with { Holders = [], LookedAt = Host.SnapshotSections.Devices };
        Assert.False(new AwaitRelease(Machines.Card).HasHappened(old));
        Assert.Contains("it was not read", new AwaitRelease(Machines.Card).PendingReason(old), StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_nobody_was_asked_about_is_not_taken_for_stopped()
    {
        var unit = new Host.Desktop.UnitName("ollama.service");
        Assert.False(new StopUnit(unit, "").HasHappened(s_desktop with { AskedUnits = [] }));
        Assert.True(new StopUnit(unit, "").HasHappened(s_desktop with { AskedUnits = [unit] }));
    }

    [Fact]
    public void A_check_that_rests_on_it_says_that_it_could_not_tell()
    {
        var card = Card.FindAt(s_desktop, Machines.Card)!;
        var check = SwitchChecks.For(
            s_desktop.Without(UnknownFact.Holders),
            card,
            Direction.ToVm).Single(one => one.Question.Contains("virtual machine using", StringComparison.Ordinal));
        Assert.Null(check.Holds);
        Assert.IsType<Obstacle.CouldNotTell>(check.Obstacle);
    }

    /// <summary>Over every machine, card and direction: without a part the
    /// answer is the same as with it, or that it is unknown.</summary>
    [Theory, MemberData(nameof(Facts))]
    public void Without_a_part_the_answer_is_the_same_or_that_it_could_not_be_told(UnknownFact fact)
    {
        var (asked, refused) = (0, 0);
        foreach (var machine in Machines.All
            .Select(demo => demo.Machine)
            .Concat(Simulation.Scenario.All.Values.Select(scenario => scenario.Machine))
            .Distinct())
        {
            var host = machine.Snapshot();
            foreach (var card in Card.FindAll(host))
                foreach (var direction in Enum.GetValues<Direction>())
                    foreach (var consent in (bool[])[false, true])
                    {
                        var intent = new SwitchIntent(card.Address, direction, consent, consent ? HolderConsent.Kill : HolderConsent.Never)
                        {
                            SingleGpu = consent,
                            Tuning = consent ? new GuestTuning { Governor = "performance" } : null,
                        };
                        var (told, untold) = (SwitchPlanner.Plan(host, intent), SwitchPlanner.Plan(host.Without(fact), intent));
                        asked++;
                        if (untold is PlanResult.Blocked { Obstacles: var why } && why.Any(one => IsAbout(one, fact))) refused++;
                        else Assert.True(
                            Same(told, untold),
                            $"{machine.Name} {intent}: {told} became "
                                + $"{(untold is PlanResult.Blocked { Obstacles: var others } ? string.Join(" ", others) : untold)}");
                    }
        }
        output.WriteLine($"{refused} of {asked} is unknown");
        if (fact is not UnknownFact.DesktopSettings and not UnknownFact.Units) Assert.NotEqual(0, refused);
        Counts.Add(output, "plans asked for without a part of the machine", asked);
    }

    /// <summary>What was remembered has a refusal of its own.</summary>
    private static bool IsAbout(Obstacle obstacle, UnknownFact fact) =>
        obstacle is Obstacle.CouldNotTell { Unknown.Code: var code } ? code == fact : fact switch
        {
            UnknownFact.OriginalState => obstacle is Obstacle.HomeUnknown,
            UnknownFact.DeviceModules => obstacle is Obstacle.HostModulesUnknown,
            _ => false,
        };

    private static bool Same(PlanResult told, PlanResult untold) => (told, untold) switch
    {
        (PlanResult.Ready one, PlanResult.Ready other) => one.Plan.SameStepsAs(other.Plan),
        // What is refused stays refused; once that is out of the way, the part that is missing is asked for.
        (PlanResult.Blocked one, PlanResult.Blocked other) => other.Obstacles.All(why => one.Obstacles.Any(told => told.Code == why.Code)),
        (PlanResult.AlreadyThere, PlanResult.AlreadyThere) => true,
        _ => false,
    };

    private static System.Collections.Immutable.ImmutableArray<Obstacle> Refusals(HostSnapshot host, SwitchIntent intent) =>
        Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, intent)).Obstacles;

    private static string Codes(HostSnapshot host, SwitchIntent intent) =>
        string.Join(' ', Refusals(host, intent).Select(obstacle => obstacle.Code).Distinct());
}
