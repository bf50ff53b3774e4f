using System.Diagnostics;
using GpuTty.Cli;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

/// <summary><c>gputty home</c> watches over the only card while it is away. Nobody at the machine can see whether it does.</summary>
public sealed class HomeTests
{
    private static readonly PciAddress s_onlyCard = PciAddress.Parse("0a:00.0");
    private static readonly Software s_guest = new("qemu-system-x86") { Opens = [NodeKind.Vfio] };

    [Fact]
    public void When_its_machine_has_ended_the_only_card_comes_home()
    {
        var gputty = Gputty.On(InMachine(), []);
        Assert.Equal(ExitCodes.Done, Watch(gputty));
        AssertIsHome(gputty);
    }

    [Fact]
    public void A_first_way_home_that_fails_is_not_the_last_one()
    {
        var gputty = Gputty.On(InMachine(), [], new FaultPlan(new Fault(FaultKind.Refused, Verb.Unbind, Times: 4)));
        Assert.Equal(ExitCodes.Done, Watch(gputty));
        AssertIsHome(gputty);
    }

    [Fact]
    public void A_watch_over_the_only_card_whose_program_was_replaced_while_the_machine_ran_brings_the_card_home_all_the_same()
    {
        var gputty = Gputty.On(InMachine(), []);
        gputty.Meanwhile(async () =>
        {
            using var tooLong = new CancellationTokenSource();
            var watch = gputty.RunCancelledAsync(tooLong.Token, "home", "--card", "0a:00.0");
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(5), default);
            gputty.IsReplaced = true;
            gputty.Host.Happen(m => m.End(process => process.Software == s_guest));
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromMinutes(5), default);
            for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20) && !watch.IsCompleted;)
                await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(5), default);
            await tooLong.CancelAsync();
            await watch;
        });
        AssertIsHome(gputty);
    }

    [Fact]
    public void A_watch_that_was_started_again_after_the_machine_has_ended_brings_the_card_home_all_the_same()
    {
        var notes = new Noted();
        var gputty = Gputty.On(InMachine(), []).With(watch: notes);
        var code = -1;
        gputty.Meanwhile(async () =>
        {
            using var killed = new CancellationTokenSource();
            var first = gputty.RunCancelledAsync(killed.Token, "home", "--card", "0a:00.0");
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(5), default);
            await killed.CancelAsync();
            await first;
            gputty.Host.Happen(m => m.End(process => process.Software == s_guest));
            code = (await gputty.RunAsync("home", "--card", "0a:00.0")).Code;
        });
        Assert.Equal(ExitCodes.Done, code);
        AssertIsHome(gputty);
    }

    /// <summary>It failed at its start, say: no look has seen it, and nobody sits before a picture.</summary>
    [Fact]
    public void A_machine_that_came_and_went_between_two_looks_has_had_the_card()
    {
        var gputty = Gputty.On(Away().Machine, []).With(watch: new OpenedOnce());
        var code = -1;
        gputty.Meanwhile(async () =>
        {
            using var tooLong = new CancellationTokenSource();
            var watch = gputty.RunCancelledAsync(tooLong.Token, "home", "--card", "0a:00.0");
            // As long as it takes: the machine's time is not that of the test.
            for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60) && !watch.IsCompleted;)
                await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(5), default);
            await tooLong.CancelAsync();
            code = await watch;
        });
        Assert.Equal(ExitCodes.Done, code);
        AssertIsHome(gputty);
    }

    private sealed class OpenedOnce : IWatchNotes, INodeWatch
    {
        private bool _isHeard;
        public bool WasInUse(PciAddress card) => false;
        public void NoteInUse(PciAddress card) { }
        public INodeWatch? Hear(IReadOnlyCollection<string> paths)
        {
            Assert.All(paths, path => Assert.StartsWith("/dev/vfio/", path, StringComparison.Ordinal));
            return this;
        }
        public void Dispose() { }

        public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancel)
        {
            if (_isHeard) await Task.Delay(Timeout.Infinite, cancel);
            return _isHeard = true;
        }
    }

    private sealed class Noted : IWatchNotes
    {
        private readonly HashSet<PciAddress> _used = [];
        public bool WasInUse(PciAddress card) => _used.Contains(card);
        public void NoteInUse(PciAddress card) => _used.Add(card);
        public INodeWatch? Hear(IReadOnlyCollection<string> paths) => null;
    }

    private static int Watch(Gputty gputty)
    {
        var code = -1;
        gputty.Meanwhile(async () =>
        {
            var watch = gputty.RunAsync("home", "--card", "0a:00.0");
            // It has seen the machine run before that ends.
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(5), default);
            gputty.Host.Happen(m => m.End(process => process.Software == s_guest));
            code = (await watch).Code;
        });
        return code;
    }

    private static void AssertIsHome(Gputty gputty)
    {
        var now = gputty.Host.Machine.Snapshot();
        Assert.All(
            Card.FindAt(now, s_onlyCard)!.Functions,
            function => Assert.False(function.IsOnVfio || function.Driver is null, $"{function.Address} is not at home"));
        Assert.True(now.DisplayManager!.Unit.IsActive);
    }

    /// <summary>The only card in a virtual machine that runs.</summary>
    private static Machine InMachine() => Away().Machine.Start(
        s_guest, new Person("libvirt-qemu", 64055), process => process with { Unit = @"machine-qemu\x2d1\x2dwin11.scope" });

    private static Replay Away()
    {
        var away = new Replay(Machines.Find("single")!.Machine);
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            away.Machine.Snapshot(), new SwitchIntent(s_onlyCard, Direction.ToVm, EndSessions: true) { SingleGpu = true })).Plan;
        Assert.All(plan.Steps, step => Assert.True(away.Take(step), step.Describe()));
        return away;
    }
}
