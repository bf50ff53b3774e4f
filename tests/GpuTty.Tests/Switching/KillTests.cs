using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Switching;

/// <summary>
/// SIGKILL before and after every line of the journal and every call to the machine, of every plan of every machine; then what runs after
/// the worker, which is killed at each of its own moments too; then the user takes it back, or goes on.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Never = int.MaxValue;

    public static TheoryData<string> Plans => Scenario.Reaching;

    /// <summary>Every kind of plan once, and not every moment: all of them
    /// would be hundreds of thousands of runs that tell no more.</summary>
    public static TheoryData<string> Kinds => [.. Scenario.All.Keys.Where(name =>
        name.StartsWith("desktop ", StringComparison.Ordinal)
        || name.StartsWith("laptop ", StringComparison.Ordinal)
        || name.StartsWith("twins 01:00 Never", StringComparison.Ordinal)
        || name.StartsWith("kept-off 01:00 Never", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Plans))]
    public void M1_killed_at_any_moment_the_desktop_comes_back_and_the_user_can_go_either_way(string name)
    {
        var kills = 0;
        while (Kill(name, kills) is { } left)
        {
            var at = $"moment {kills}, after {left.Journal.LastOrDefault()?.ToString() ?? "nothing"}";
            CrashRecovery(left, Never);
            AssertDesktop(name, left, at);
            AssertRescuedTwiceIsOnce(left, at);
            AssertBothWays(name, left, at);
            kills++;
        }
        Counts.Add(output, "kills of a worker survived", kills);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void M1_killed_again_at_any_moment_of_the_recovery_it_ends_the_same(string name)
    {
        var kills = 0;
        for (var first = 0; Kill(name, first) is { } left; first += 3)
        {
            for (var second = 0; ; second++)
            {
                var again = left.Copy();
                if (!CrashRecovery(again, second)) break;
                kills++;
                CrashRecovery(again, Never);
                AssertDesktop(name, again, $"moments {first}, {second}");
                AssertBothWays(name, again, $"moments {first}, {second}");
            }
        }
        Counts.Add(output, "kills of a recovery survived", kills);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void M1_killed_again_at_any_moment_of_taking_back_it_can_still_be_taken_back(string name)
    {
        var kills = 0;
        for (var first = 0; Kill(name, first) is { } left; first += 5)
        {
            CrashRecovery(left, Never);
            if (InterruptedRun.Of(left.Journal, left.Machine.Snapshot(), false) is not { } recovery) continue;
            for (var second = first % 3; ; second += 3)
            {
                var again = left.Copy();
                if (!Run(again, recovery.TakeBack, second)) break;
                kills++;
                CrashRecovery(again, Never);
                AssertDesktop(name, again, $"moments {first}, {second}");
                AssertEndsWhole(name, again, $"moments {first}, {second}");
            }
        }
        Counts.Add(output, "kills of a worker that rolls back survived", kills);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void M1_killed_at_any_moment_of_its_own_roll_back_after_a_failure_at_any_step_the_desktop_comes_back(string name)
    {
        var kills = 0;
        for (var failed = 0; failed < Scenario.All[name].Plan.Steps.Length; failed++)
        {
            // Of the last steps, which start what was stopped, each moment; of the others some.
            var isLate = Scenario.All[name].Plan.Steps.Take(failed).Any(step => step is StartUnit);
            if (!isLate && failed % 4 != 0) continue;
            for (var moment = isLate ? 0 : failed % 7; KillRollBack(name, failed, moment) is { } left; moment += isLate ? 1 : 7)
            {
                var at = $"step {failed}, moment {moment}, after {left.Journal[^1]}";
                CrashRecovery(left, Never);
                AssertDesktop(name, left, at);
                AssertRescuedTwiceIsOnce(left, at);
                AssertGoesHome(name, left, at);
                kills++;
            }
        }
        Counts.Add(output, "kills of a worker that rolls back survived", kills);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void M1_killed_at_any_moment_on_its_way_home_and_sent_away_again_the_card_comes_home_as_it_was(string name)
    {
        var (machine, plan) = Scenario.All[name];
        if (plan.Intent.Direction != Direction.ToVm) return;
        var (way, home) = (plan.Intent with { EndSessions = true }, plan.Intent with { EndSessions = true, Direction = Direction.ToHost });
        var away = new Left(machine, []);
        Run(away, way, Never);
        for (var moment = 0; ; moment++)
        {
            var left = away.Copy();
            if (!Run(left, home, moment)) break;
            CrashRecovery(left, Never);
            Run(left, way, Never);
            Run(left, home, Never);
            Assert.True(Lab.Shape(machine) == Lab.Shape(left.Machine), $"moment {moment}:\n{Lab.Shape(left.Machine)}");
        }
    }

    [Fact]
    public void On_a_full_disk_the_recovery_brings_the_desktop_back_and_says_what_it_did()
    {
        const string name = "desktop 01:00 Never ToVm";
        var restored = 0;
        for (var moment = 0; Kill(name, moment) is { } left; moment++)
        {
            if (RunState.Fold(left.Journal) is not { IsClosed: false } run) continue;
            var (clock, said) = (new FakeClock(), "");
            var host = new SimulatedHost(left.Machine, clock);
            if (!host.Machine.FindService(host.Machine.Desktop!.Unit)!.IsActive) restored++;
            var full = new FullDisk(new Victim(host, left.Journal, Never), 0);
            clock.Run(async () => said = await new CrashRecovery(host, host, full, clock, _ => { }).RunAsync(run));
            Assert.True(host.Machine.FindService(host.Machine.Desktop!.Unit)!.IsActive, $"no desktop after moment {moment}");
            Assert.Contains("interrupted", said, StringComparison.Ordinal);
        }
        Assert.NotEqual(0, restored);
    }

    [Fact]
    public void A_run_killed_before_it_changed_anything_is_closed_and_not_offered()
    {
        const string name = "desktop 01:00 Never ToVm";
        var left = Kill(name, 2)!;
        CrashRecovery(left, Never);
        Assert.Equal(Outcome.TakenBack, RunState.Fold(left.Journal)!.Outcome);
        Assert.Contains("Nothing to do", RunState.Fold(left.Journal)!.Summary, StringComparison.Ordinal);
        Assert.Null(InterruptedRun.Of(left.Journal, left.Machine.Snapshot(), false));
    }

    [Fact]
    public void An_interrupted_run_that_somebody_else_has_put_right_is_not_offered_any_more()
    {
        var demo = Machines.Find("interrupted")!;
        Assert.NotNull(InterruptedRun.Of(demo.Journal, demo.Machine.Snapshot(), false));
        var lab = new Lab(demo.Machine);
        lab.Run(Direction.ToHost);
        lab.Pass(60);
        Assert.Null(InterruptedRun.Of(demo.Journal, lab.Look(), false));
    }

    /// <summary>What is on the machine and on the disk.</summary>
    private sealed class Left(Machine machine, IEnumerable<RunEvent> journal)
    {
        public Machine Machine { get; set; } = machine;
        public List<RunEvent> Journal { get; } = [.. journal];

        /// <summary>Runs before that of <see cref="Journal"/> which did not end whole.</summary>
        public ImmutableArray<ImmutableArray<RunEvent>> Before { get; set; } = [];

        public ImmutableArray<ImmutableArray<RunEvent>> Unfinished => UnfinishedRuns.After(Before, [.. Journal]);

        /// <summary>How many processes have been at work: each begins later than the one before.</summary>
        public int Lives { get; set; }

        public Left Copy() => new(Machine, Journal) { Before = Before, Lives = Lives };
    }

    /// <summary>Null when the run ends before that moment.</summary>
    private static Left? Kill(string name, int moment)
    {
        var (machine, plan) = Scenario.All[name];
        var left = new Left(machine, []);
        return Run(left, plan, moment) ? left : null;
    }

    /// <summary>Null when the roll-back ends before that moment of it.</summary>
    private static Left? KillRollBack(string name, int failed, int moment)
    {
        var (machine, plan) = Scenario.All[name];
        var left = new Left(machine, []);
        using var request = new CancellationTokenSource();
        return Live(left, left.Journal, moment, (host, victim, clock) =>
            new SwitchRunner(host, victim.Controls, victim, clock, _ => { }).RunAsync(plan, machine.Snapshot(), request.Token), entry =>
        {
            if (entry is RunEvent.Begun begun && begun.Step == failed) request.Cancel();
            return entry is RunEvent.TakingBack;
        }) ? left : null;
    }

    /// <returns>True when it was killed.</returns>
    private static bool Run(Left left, SwitchIntent intent, int moment) =>
        SwitchPlanner.Plan(left.Machine.Snapshot(), intent) is PlanResult.Ready ready && Run(left, ready.Plan, moment);

    private static bool Run(Left left, SwitchPlan plan, int moment)
    {
        var journal = new List<RunEvent>();
        var killed = Live(left, journal, moment, (host, victim, clock) =>
            new SwitchRunner(host, victim.Controls, victim, clock, _ => { }).RunAsync(
                plan, left.Machine.Snapshot(), CancellationToken.None));
        // A new journal takes the place of the old one with its first line.
        if (journal.Count == 0) return killed;
        left.Before = left.Unfinished;
        left.Journal.Clear();
        left.Journal.AddRange(journal);
        return killed;
    }

    private static bool CrashRecovery(Left left, int moment) =>
        RunState.Fold(left.Journal) is { IsClosed: false, DesktopRestored: false } run
        && Live(
            left,
            left.Journal,
            moment,
            (host, victim, clock) => new CrashRecovery(host, victim.Controls, victim, clock, _ => { }).RunAsync(run));

    /// <param name="isCounted">From which line on moments are counted.</param>
    private static bool Live(
        Left left, List<RunEvent> journal, int moment, Func<SimulatedHost, Victim, FakeClock, Task> work,
        Func<RunEvent, bool>? isCounted = null)
    {
        var clock = new FakeClock();
        clock.Advance(TimeSpan.FromHours(left.Lives++));
        var host = new SimulatedHost(left.Machine, clock);
        var killed = false;
        clock.Run(async () =>
        {
            try { await work(host, new Victim(host, journal, moment, isCounted), clock); }
            catch (Killed) { killed = true; }
        });
        // What was asked of the kernel goes on without who asked.
        clock.Advance(TimeSpan.FromMinutes(2));
        left.Machine = host.Machine;
        return killed;
    }

    private static void AssertDesktop(string name, Left left, string at)
    {
        if (Scenario.All[name].Machine.Desktop is { } desktop && Scenario.All[name].Machine.FindService(desktop.Unit)!.IsActive)
            Assert.True(left.Machine.FindService(desktop.Unit)!.IsActive, $"no desktop: {at}");
    }

    private static void AssertRescuedTwiceIsOnce(Left left, string at)
    {
        var (shape, lines) = (Lab.Shape(left.Machine), left.Journal.Count);
        CrashRecovery(left, Never);
        Assert.True((shape, lines) == (Lab.Shape(left.Machine), left.Journal.Count), $"the second recovery did something: {at}");
    }

    /// <summary>Either the run has ended whole, or both ways out lead to their ends.</summary>
    private static void AssertBothWays(string name, Left left, string at)
    {
        AssertGoesHome(name, left.Copy(), at);
        if (InterruptedRun.Of(left.Journal, left.Machine.Snapshot(), false) is not { } recovery) return;
        var on = left.Copy();
        Run(on, recovery.Resume, Never);
        Assert.True(Scenario.All[name].IsReached(on.Machine.Snapshot()), $"does not arrive: {at}: {RunState.Fold(on.Journal)!.Summary}");
        Assert.Null(InterruptedRun.Of(on.Journal, on.Machine.Snapshot(), false));
    }

    private static void AssertGoesHome(string name, Left left, string at)
    {
        var (machine, plan) = Scenario.All[name];
        var now = left.Machine.Snapshot();
        var end = RunState.Fold(left.Journal) is { } run && run.Outcome is null
            ? InterruptedRun.EndOf(run, now)
            : RunState.Fold(left.Journal)?.Outcome;
        if (InterruptedRun.Of(left.Unfinished, now, false) is { } recovery)
            Run(left, recovery.Run.Opening.Intent.IsUndo ? recovery.Resume : recovery.TakeBack, Never);
        else if (end == Outcome.Switched && RunState.Fold(left.Journal) is { Opening.Intent.IsUndo: false })
        {
            Assert.True(Scenario.All[name].IsReached(now), $"said to have arrived: {at}");
            return;
        }
        // Half of an earlier switch: what it had done goes home too.
        if (Card.FindAt(machine.Snapshot(), plan.Intent.Card)! is { Owner: not (Owner.HostDriver or Owner.Vfio) } halfway
            && machine.Memory.Of(halfway).Devices.Length > 0)
            return;
        var (was, isNow) = (Lab.Shape(machine with { Memory = left.Machine.Memory }), Lab.Shape(left.Machine));
        Assert.True(
            was == isNow,
            $"{at}: {string.Join("; ", isNow.Split('\n').Except(was.Split('\n')))} instead of "
                + $"{string.Join("; ", was.Split('\n').Except(isNow.Split('\n')))}");
        AssertUndoChangesNothing(left, at);
    }

    /// <summary>What was interrupted twice is finished, or nothing of it is left: then the card is at one of its two ends.</summary>
    private static void AssertEndsWhole(string name, Left left, string at)
    {
        if (InterruptedRun.Of(left.Unfinished, left.Machine.Snapshot(), false) is not null) AssertGoesHome(name, left, at);
        else Assert.True(
            Card.FindAt(left.Machine.Snapshot(), Scenario.All[name].Plan.Intent.Card)!.Owner is Owner.HostDriver or Owner.Vfio,
            at);
    }

    private static void AssertUndoChangesNothing(Left left, string at)
    {
        if (InterruptedRun.UndoOf(left.Unfinished, left.Journal, left.Machine.Snapshot()) is { } back)
            Assert.True(
                SwitchPlanner.Plan(left.Machine.Snapshot(), back) is PlanResult.AlreadyThere,
                $"a second undo would do something: {at}");
    }
}
