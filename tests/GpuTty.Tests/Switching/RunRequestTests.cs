using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>What people ask of a run while it waits.</summary>
public sealed class RunRequestTests
{
    private static readonly SwitchIntent s_asked = new(Machines.Card, Direction.ToVm, EndSessions: true)
    {
        ConfirmWithin = TimeSpan.FromSeconds(30),
    };

    [Theory]
    [InlineData("desktop")]
    [InlineData("kept-off")]
    public void Unless_somebody_keeps_it_everything_is_taken_back(string machine)
    {
        var lab = Lab.On(machine);
        var before = Lab.Shape(lab.Machine);
        var run = Run(lab, s_asked, (_, _) => null);
        Assert.Equal(Outcome.TakenBack, run.Outcome);
        Assert.Contains("Not confirmed within 30 seconds.", run.Summary, StringComparison.Ordinal);
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void Whoever_can_see_it_keeps_it()
    {
        var lab = Lab.On("desktop");
        Assert.Equal(Outcome.Switched, Run(lab, s_asked, KeepWhenAsked).Outcome);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
    }

    [Fact]
    public void The_way_home_can_be_kept_or_taken_back_too()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        var home = s_asked with { Direction = Direction.ToHost };
        Assert.Equal(Outcome.TakenBack, Run(lab, home, (_, _) => null).Outcome);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        Assert.Equal(Outcome.Switched, Run(lab, home, KeepWhenAsked).Outcome);
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
    }

    [Fact]
    public void An_answer_to_another_question_keeps_nothing() =>
        Assert.Equal(
            Outcome.TakenBack,
            Run(Lab.On("desktop"), s_asked, (entry, plan) => entry is RunEvent.Begun begun && plan.Steps[begun.Step] is AwaitConsent
                ? new RunRequest.Keep(begun.Step - 1) : null).Outcome);

    [Fact]
    public void A_wait_takes_as_long_again_when_somebody_asks_but_not_for_ever()
    {
        var lab = WithOllama();
        var opens = StopOllamaOn(lab);
        var run = Run(lab, s_asked with { ConfirmWithin = null }, (entry, plan) =>
            opens(entry, plan) is { } stop ? new RunRequest.WaitOn(stop.Step)
            : entry is RunEvent.Extended again ? new RunRequest.WaitOn(again.Step) : null);
        var longer = lab.Journal.OfType<RunEvent.Extended>().ToList();
        Assert.NotEmpty(longer);
        Assert.Equal(Outcome.TakenBack, run.Outcome);
        var limit = run.Steps[longer[0].Step].Step.Limit();
        var most = limit + RunRequest.Patience;
        Assert.Equal((limit * 2 < most ? limit * 2 : most, most), (longer[0].Limit, longer[^1].Limit));
        Assert.Contains($"{longer[^1].Limit.TotalSeconds:0} seconds", run.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_holds_the_card_up_is_stopped_when_somebody_asks_and_comes_home_with_the_card()
    {
        var lab = WithOllama();
        var before = Awake(lab);
        Assert.Equal(Outcome.Switched, Run(lab, s_asked with { ConfirmWithin = null }, StopOllamaOn(lab)).Outcome);
        Assert.Contains(lab.Journal, entry => entry is RunEvent.Inserted { What: StopUnit { Unit.Name: "ollama.service" } });
        Assert.Equal("inactive", lab.Machine.FindService(new UnitName("ollama.service"))!.State);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void A_service_that_takes_longer_to_stop_than_the_step_had_left_does_not_fail_the_switch()
    {
        var lab = WithOllama("kept-off");
        lab.Host.Happen(m => m.With(m.FindService(s_ollama)! with { StopTakes = TimeSpan.FromSeconds(40) }));
        var run = StopWhenHeld(lab, s_ollama);
        Assert.True(run.Outcome == Outcome.Switched, run.Summary);
        var waited = run.Steps.Single(step => step.Step is AwaitRelease);
        Assert.True(waited.Step.Limit() < TimeSpan.FromSeconds(40) && waited.Limit > TimeSpan.FromSeconds(40), $"{waited.Limit}");
    }

    /// <summary>Nobody can start it again, so nothing may try to.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(null)]
    public void What_systemd_run_has_started_is_ended_and_the_switch_goes_on_without_it(int? uid)
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var name = new UnitName("run-u12.service", uid);
        var trainer = new Service(name, [new Software("trainer") { Opens = [NodeKind.Nvidia], IsPartOfSession = false }])
        {
            State = "inactive",
            IsTransient = true,
            RunsAs = uid is null ? Person.Root : new Person("fernando", 1000),
        };
        var lab = new Lab(machine.WithServices(trainer) with { People = [new Person("fernando", 1000, Lingers: true)] });
        var run = StopWhenHeld(lab, name);
        Assert.True(run.Outcome == Outcome.Switched, run.Summary);
        Assert.Contains(run.Steps, step => step is { Step: EndUnit end, Status: StepStatus.Done } && end.Unit == name);
        Assert.DoesNotContain(run.Steps, step => (step.Step as StartUnit)?.Unit == name || (step.Step as StopUnit)?.Unit == name);
        Assert.DoesNotContain(lab.Machine.Memory.Units, known => known.Unit == name);
    }

    [Fact]
    public void A_service_that_is_gone_for_good_does_not_keep_the_card_from_coming_home()
    {
        var lab = WithOllama();
        Assert.Equal(Outcome.Switched, Run(lab, s_asked with { ConfirmWithin = null }, StopOllamaOn(lab)).Outcome);
        lab.Host.Happen(m => m with { Services = [.. m.Services.Where(service => service.Name != s_ollama)] });
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
    }

    [Fact]
    public void What_was_stopped_on_the_way_is_started_again_when_everything_is_taken_back()
    {
        var lab = WithOllama();
        var before = Awake(lab);
        Assert.Equal(Outcome.TakenBack, Run(lab, s_asked, StopOllamaOn(lab)).Outcome);
        Assert.Contains(lab.Journal, entry => entry is RunEvent.Inserted { What: StopUnit { Unit.Name: "ollama.service" } });
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void What_a_person_has_stopped_is_started_again_although_the_worker_is_killed_after_it()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        var player = new UnitName("player.service", 1000);
        var steps = lab.Journal.OfType<RunEvent.Opened>().Single().Steps;
        var at = steps.IndexOf(steps.OfType<AwaitRelease>().Single());
        RunEvent[] journal =
        [
            .. lab.Journal.TakeWhile(entry => entry is not RunEvent.Begun begun || begun.Step != at),
            new RunEvent.Begun(at, TimeSpan.FromSeconds(60)) { At = lab.Clock.GetUtcNow() },
            new RunEvent.Inserted(steps.Length, new StartUnit(player, "it was running")) { At = lab.Clock.GetUtcNow() },
            new RunEvent.Inserted(at, new StopUnit(player, "you asked for it")) { At = lab.Clock.GetUtcNow() },
            new RunEvent.Begun(at, TimeSpan.FromSeconds(60)) { At = lab.Clock.GetUtcNow() },
            new RunEvent.Done(at, TimeSpan.FromSeconds(1)) { At = lab.Clock.GetUtcNow() },
        ];
        Assert.Contains(player, InterruptedRun.UnitsToStart(RunState.Fold(journal)!));
    }

    /// <summary>What was asked for cannot be done at that moment: the step goes on waiting anyway.</summary>
    [Fact]
    public void A_look_that_fails_while_a_wish_is_heeded_does_not_fail_the_step_that_waits()
    {
        var lab = WithOllama();
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(lab.Look(), s_asked with { ConfirmWithin = null })).Plan;
        var wait = plan.Steps.IndexOf(plan.Steps.OfType<AwaitRelease>().Single());
        var requests = new Once(new RunRequest.Stop(wait, s_ollama));
        lab.Clock.Run(async () => await new SwitchRunner(new BlindForWishes(lab.Host), lab.Host, new Hearing(lab, entry =>
        {
            if (entry is RunEvent.Begun begun && begun.Step == wait) lab.Host.Happen(m => UnitVerbs.Start(m, s_ollama));
        }), lab.Clock, _ => { }, requests).RunAsync(plan, lab.Look(), CancellationToken.None));
        Assert.True(requests.IsTaken);
        Assert.Contains(
            "\"Wait until no process uses 01:00\" did not succeed within 135 seconds: held by ollama",
            lab.Summary,
            StringComparison.Ordinal);
    }

    /// <summary>The service opens the card when that is waited for, and somebody asks to stop it.</summary>
    private static RunState StopWhenHeld(Lab lab, UnitName unit)
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(lab.Look(), s_asked with { ConfirmWithin = null })).Plan;
        var wait = plan.Steps.IndexOf(plan.Steps.OfType<AwaitRelease>().Single());
        var hasBegun = false;
        lab.Clock.Run(async () => await new SwitchRunner(lab.Host, lab.Host, new Hearing(lab, entry =>
        {
            if (hasBegun || entry is not RunEvent.Begun begun || begun.Step != wait) return;
            hasBegun = true;
            lab.Host.Happen(m => UnitVerbs.Start(m, unit));
        }), lab.Clock, _ => { }, new Once(new RunRequest.Stop(wait, unit))).RunAsync(plan, lab.Look(), CancellationToken.None));
        return RunState.Fold(lab.Journal)!;
    }

    private sealed class Once(RunRequest request) : IRunRequests
    {
        public bool IsTaken { get; private set; }

        public RunRequest? Take()
        {
            if (IsTaken) return null;
            IsTaken = true;
            return request;
        }
    }

    private sealed class Hearing(IJournal journal, Action<RunEvent> hears) : IJournal
    {
        public void Append(RunEvent entry)
        {
            journal.Append(entry);
            hears(entry);
        }
    }

    /// <summary>The look that a request needs, and no step, fails.</summary>
    private sealed class BlindForWishes(IHostReader reader) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            facts == (SnapshotSections.Devices | SnapshotSections.Modules | SnapshotSections.Holders | SnapshotSections.Desktop)
                ? throw new HostException("The machine cannot be read.", "Try again.")
                : reader.ReadAsync(facts, before, cancel);

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => reader.WaitForChangeAsync(atMost, cancel);
    }

    [Fact]
    public void Nothing_is_stopped_that_does_not_hold_the_card()
    {
        var lab = WithOllama();
        Run(
            lab,
            s_asked with { ConfirmWithin = null },
            (entry, _) => entry is RunEvent.Waiting waiting ? new RunRequest.Stop(waiting.Step, new UnitName("sshd.service")) : null);
        Assert.DoesNotContain(lab.Journal, entry => entry is RunEvent.Inserted);
        Assert.DoesNotContain(lab.Host.Calls, call => call.Target.StartsWith("sshd", StringComparison.Ordinal));
    }

    private static RunRequest? KeepWhenAsked(RunEvent entry, SwitchPlan plan) =>
        entry is RunEvent.Begun begun && plan.Steps[begun.Step] is AwaitConsent ? new RunRequest.Keep(begun.Step) : null;

    private static readonly UnitName s_ollama = new("ollama.service");

    /// <summary>A service that is there, and asleep until the switch is on its way.</summary>
    private static Lab WithOllama(string machine = "desktop") => new(Machines.Find(machine)!.Machine.WithServices(
        new Service(s_ollama, [new Software("ollama") { Opens = [NodeKind.Nvidia], OpensAlso = ["/dev/nvidiactl"] }])
        {
            State = "inactive",
        }));

    /// <summary>What the machine is like with the service awake.</summary>
    private static string Awake(Lab lab) => Lab.Shape(lab.Machine.With(lab.Machine.FindService(s_ollama)! with { State = "active" }));

    /// <summary>It opens the card in the worst moment, and somebody sees who it is.</summary>
    private static Func<RunEvent, SwitchPlan, RunRequest?> StopOllamaOn(Lab lab) => (entry, plan) =>
    {
        if (entry is RunEvent.Begun begun && begun.Step < plan.Steps.Length && plan.Steps[begun.Step] is AwaitRelease)
            lab.Host.Happen(m => UnitVerbs.Start(m, s_ollama));
        return entry is RunEvent.Waiting waiting && waiting.For.Contains("ollama", StringComparison.Ordinal)
            ? new RunRequest.Stop(waiting.Step, s_ollama)
            : null;
    };

    private static RunState Run(Lab lab, SwitchIntent intent, Func<RunEvent, SwitchPlan, RunRequest?> person)
    {
        var service = new SimulatedSwitchService(lab.Host, lab.Clock);
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(lab.Look(), intent)).Plan;
        lab.Clock.Run(async () =>
        {
            await service.BeginAsync(plan, default);
            await service.FollowAsync(entry =>
            {
                lab.Journal.Add(entry);
                if (person(entry, plan) is { } request) _ = service.RequestAsync(request, default);
            }, _ => { }, default);
        });
        return RunState.Fold(service.LastRun())!;
    }
}
