using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A service of somebody's that was stopped for the card does not start again. A card that goes
/// back to the virtual machine for it, each time, would help nobody.</summary>
public sealed class MissedStartTests
{
    private static readonly UnitName s_ollama = new("ollama.service"), s_sound = new("wireplumber.service", 1000);

    public static TheoryData<string> Ways => [nameof(FaultKind.Refused), nameof(FaultKind.Hangs), nameof(FaultKind.OnlySaysSo)];

    [Theory, MemberData(nameof(Ways))]
    public void A_service_that_fails_does_not_keep_the_card_from_coming_home_and_is_named(string way)
    {
        var lab = Away(WithOllama(), new FaultPlan(new Fault(Enum.Parse<FaultKind>(way), Verb.StartUnit, $"{s_ollama}", 1, Fault.ForEver)));
        Assert.True(lab.Run(Direction.ToHost) == Outcome.Switched, lab.Summary);
        AssertHomeWithout(lab, s_ollama, "ollama.service", "systemctl status ollama.service");
    }

    [Theory, MemberData(nameof(Ways))]
    public void Nor_does_it_take_the_card_from_the_virtual_machine(string way)
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var lab = new Lab(machine, new FaultPlan(new Fault(Enum.Parse<FaultKind>(way), Verb.StartUnit, $"{s_sound}", 1, Fault.ForEver)));
        var plan = lab.Plan(Direction.ToVm);
        Assert.Contains(plan.Steps, step => step is StartUnit start && start.Unit == s_sound);
        Assert.True(lab.Run(plan) == Outcome.Switched, lab.Summary);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        Assert.EndsWith(
            "Not started again: wireplumber.service of user 1000. "
                + "See why: systemctl --user --machine=1000@.host status wireplumber.service",
            lab.Summary,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_was_masked_meanwhile_is_not_started_and_the_plan_says_so()
    {
        var lab = Away(WithOllama(), FaultPlan.None);
        lab.Host.Happen(m => m.With(m.FindService(s_ollama)! with { IsMasked = true }));
        var plan = lab.Plan(Direction.ToHost);
        Assert.DoesNotContain(plan.Steps, step => step is StartUnit start && start.Unit == s_ollama);
        Assert.Contains(plan.Consequences, cost => cost.Text.Contains("systemctl unmask ollama.service", StringComparison.Ordinal));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
        Assert.IsType<PlanResult.AlreadyThere>(SwitchPlanner.Plan(lab.Look(), plan.Intent));
    }

    [Fact]
    public void One_that_is_masked_after_the_plan_was_read_is_named_at_the_end()
    {
        var lab = Away(WithOllama(), FaultPlan.None);
        var plan = lab.Plan(Direction.ToHost);
        lab.Host.Happen(m => m.With(m.FindService(s_ollama)! with { IsMasked = true }));
        Assert.True(lab.Run(plan) == Outcome.Switched, lab.Summary);
        AssertHomeWithout(lab, s_ollama, "ollama.service", "systemctl status ollama.service");
    }

    [Fact]
    public void The_only_card_is_home_as_well_and_what_is_missing_is_no_reason_to_return_it_again_and_again()
    {
        var single = Machines.Find("single")!.Machine;
        var card = PciAddress.Parse("0a:00.0");
        var away = new Replay(single.WithServices(Ollama).Change(m => UnitVerbs.Start(m, s_ollama)));
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(
            away.Machine.Snapshot(),
            new SwitchIntent(card, Direction.ToVm, EndSessions: true, HolderConsent.Terminate) { SingleGpu = true })).Plan;
        Assert.All(plan.Steps, step => Assert.True(step is AwaitConsent || away.Take(step), step.Describe()));
        var lab = new Lab(
            away.Machine, new FaultPlan(new Fault(FaultKind.Refused, Verb.StartUnit, $"{s_ollama}", 1, Fault.ForEver)));
        Assert.True(lab.Run(Direction.ToHost, card) == Outcome.Switched, lab.Summary);
        Assert.Contains("Not started again: ollama.service.", lab.Summary, StringComparison.Ordinal);
        Assert.Empty(lab.Machine.Memory.Devices);
        Assert.True(lab.Machine.FindService(new UnitName("gdm.service"))!.IsActive);
    }

    /// <summary>Without a desktop nobody could see what has become of the card.</summary>
    [Fact]
    public void A_desktop_that_does_not_start_still_undoes_the_switch()
    {
        var desktop = new UnitName("gdm.service");
        var lab = Lab.On("desktop", new FaultPlan(new Fault(FaultKind.OnlySaysSo, Verb.StartUnit, $"{desktop}", 1, 1)));
        Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToVm));
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
    }

    [Fact]
    public void A_recovery_that_cannot_start_a_broken_service_is_over_once_the_desktop_is_back()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true);
        var left = Interruption.During(machine, intent, step => step is BindDevice);
        var run = RunState.Fold(left.Journal)! with { DesktopRestored = false };
        var lab = new Lab(
            left.Machine.With(left.Machine.FindService(s_sound)! with { State = "inactive" }),
            new FaultPlan(new Fault(FaultKind.Refused, Verb.StartUnit, $"{s_sound}", 1, Fault.ForEver)));
        var said = "";
        lab.Clock.Run(async () => said = await new CrashRecovery(lab.Host, lab.Host, lab, lab.Clock, _ => { }).RunAsync(run));
        Assert.Contains("wireplumber.service of user 1000 could not be started again.", said, StringComparison.Ordinal);
        Assert.Contains(lab.Journal, entry => entry is RunEvent.DesktopRestored);
        Assert.DoesNotContain(lab.Journal, entry => entry is RunEvent.Closed);
    }

    private static Service Ollama => new(
        s_ollama, [new Software("ollama") { Opens = [NodeKind.Nvidia], OpensAlso = ["/dev/nvidiactl"] }])
    {
        State = "inactive",
    };

    private static Machine WithOllama() =>
        Machines.Find("desktop")!.Machine.WithServices(Ollama).Change(m => UnitVerbs.Start(m, s_ollama));

    /// <summary>The card is with a virtual machine, and its service stopped with it.</summary>
    private static Lab Away(Machine machine, FaultPlan drill)
    {
        var lab = new Lab(machine, drill);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, holders: HolderConsent.Terminate));
        Assert.Contains(lab.Machine.Memory.Units, known => known.Unit == s_ollama);
        lab.Journal.Clear();
        return lab;
    }

    private static void AssertHomeWithout(Lab lab, UnitName unit, string name, string next)
    {
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
        Assert.Empty(lab.Machine.Memory.Devices);
        Assert.False(lab.Machine.FindService(unit)!.IsActive);
        Assert.EndsWith($"Not started again: {name}. See why: {next}", lab.Summary, StringComparison.Ordinal);
        Assert.Contains(
            RunState.Fold(lab.Journal)!.Steps,
            step => step is { Status: StepStatus.Failed, Step: StartUnit start } && start.Unit == unit);
        Assert.IsType<PlanResult.AlreadyThere>(
            SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToHost, EndSessions: true)));
    }
}
