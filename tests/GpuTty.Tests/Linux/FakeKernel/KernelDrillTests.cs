using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Linux.State;
using GpuTty.Tests.Tui;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>The adapters on trial: a kernel that refuses, waits, forgets, loses the device, or answers a writer that is dead.</summary>
[Collection("mounts")]
public sealed class KernelDrillTests : StateFixture
{
    private const string Card = "0000:01:00.0";
    private readonly PretendedBus _bus = new(Card, "0000:02:00.0");
    private readonly ITestOutputHelper _output;
    private readonly string _mount;

    public KernelDrillTests(ITestOutputHelper output) => (_output, _mount) = (output, Directory.CreateDirectory($"{Root}/bus").FullName);

    [FuseFact]
    public async Task M21_K1_a_plan_goes_through_on_a_kernel_that_is_well()
    {
        using var kernel = Mount();
        Assert.Equal(Outcome.Switched, await KernelDrill.RunAsync(Root, _mount, TimeProvider.System));
        Assert.Equal(PretendedBus.Vfio, _bus.DriverOf(Card));
        Assert.Equal(PretendedBus.Home, _bus.DriverOf("0000:02:00.0"));
        Assert.Equal(
            ["vfio-pci > driver_override", $"{Card} > unbind", "vfio-pci > driver_override", $"{Card} > drivers_probe"],
            _bus.Writes.Select(write => write.ToString()));
    }

    [FuseFact]
    public async Task M4_L6_L9_whichever_write_is_refused_once_the_card_is_where_it_was()
    {
        using var kernel = Mount();
        for (var nth = 1; nth <= 4; nth++)
        {
            var seen = 0;
            _bus.Before = _ => Task.FromResult<int?>(++seen == nth ? PretendedBus.EPERM : 0);
            Assert.Equal(Outcome.TakenBack, await KernelDrill.RunAsync(Root, _mount, TimeProvider.System));
            Assert.Equal(PretendedBus.Home, _bus.DriverOf(Card));
            Assert.Equal("(null)", (await File.ReadAllTextAsync($"{_mount}/sys/bus/pci/devices/{Card}/driver_override")).Trim());
        }
        Counts.Add(_output, "faults injected", 4);
    }

    [FuseFact]
    public async Task M7_a_write_that_waits_for_ever_is_named_stuck_and_nobody_writes_after_it()
    {
        using var kernel = Mount();
        var letGo = new TaskCompletionSource();
        _bus.Before = async write =>
        {
            if (write.Name == "unbind") await letGo.Task;
            return 0;
        };
        var watch = Stopwatch.StartNew();
        Assert.Equal(Outcome.LeftHalfway, await KernelDrill.RunAsync(Root, _mount, new FastClock(10)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        var run = RunState.Fold(((JournalContent.Run)FileJournal.Read(State.Lib)).Events)!;
        Assert.Contains("has not finished the write", run.Summary, StringComparison.Ordinal);
        // The way back would have written too.
        Assert.Equal(["driver_override", "unbind"], _bus.Writes.Select(write => write.Name));
        var stuck = KernelIncidents.Read(State.Run).Stuck!;
        Assert.EndsWith("/unbind", stuck.Path, StringComparison.Ordinal);

        // A kill does not end it: it is in the kernel.
        using (var writer = Native.OpenProcess(stuck.Pid)!)
        {
            Native.Signal(writer, 9);
            Assert.False(Native.WaitReadable(writer, TimeSpan.FromMilliseconds(500)));
        }
        Assert.Equal('D', ProcessStat.Read(stuck.Pid)!.State);
        Assert.Contains("state D", KernelIncidents.Read(State.Run).Stuck!.Where, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StuckException>(() =>
            KernelDrill.Controls(State, _mount).SetDriverOverrideAsync(KernelDrill.Card, "vfio-pci", default));
        Assert.Equal(2, _bus.Writes.Count);

        letGo.SetResult();
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is null, "the kernel has let go");
        await Tool.UntilAsync(() => _bus.DriverOf(Card) is null, "what the dead had asked for has happened");
    }

    [FuseFact]
    public async Task M2_killed_with_a_write_in_flight_what_the_kernel_makes_of_it_counts_and_nothing_is_written_twice()
    {
        using var kernel = Mount();
        var kills = 0;
        foreach (var completes in (bool[])[true, false])
            for (var nth = 1; nth <= 4; nth++)
            {
                Reset();
                await KillAtAsync(nth, completes);
                kills++;
            }
        Counts.Add(_output, "kills with a write in flight survived", kills);
    }

    [FuseFact]
    public async Task M22_when_somebody_else_binds_the_home_driver_after_our_write_it_is_seen_and_taken_back()
    {
        using var kernel = Mount();
        _bus.After = write =>
        {
            if (write.Name == "drivers_probe") _bus.Bind(Card, PretendedBus.Home);
        };
        Assert.Equal(Outcome.TakenBack, await KernelDrill.RunAsync(Root, _mount, new FastClock(10)));
        Assert.Equal(PretendedBus.Home, _bus.DriverOf(Card));
        Assert.Contains("is bound to nvidia", Last().Summary, StringComparison.Ordinal);
        Assert.Single(_bus.Writes, write => write.Name == "drivers_probe");
    }

    [FuseFact]
    public async Task M19_a_card_that_vanishes_in_the_middle_is_named_and_no_write_goes_astray()
    {
        using var kernel = Mount();
        _bus.After = write =>
        {
            if (write.Name == "unbind") _bus.Remove(Card);
        };
        var outcome = await KernelDrill.RunAsync(Root, _mount, new FastClock(10));
        Assert.Contains(outcome, (Outcome[])[Outcome.LeftHalfway, Outcome.TakenBack]);
        Assert.Contains("01:00.0", Last().Summary, StringComparison.Ordinal);
        Assert.Equal(2, _bus.Writes.Count);
        Assert.Equal(PretendedBus.Home, _bus.DriverOf("0000:02:00.0"));
    }

    [FuseFact]
    public async Task A_probe_that_says_success_and_binds_nothing_is_not_believed()
    {
        using var kernel = Mount();
        var probes = 0;
        _bus.Before = write => Task.FromResult<int?>(write.Name == "drivers_probe" && ++probes == 1 ? null : 0);
        Assert.Equal(Outcome.TakenBack, await KernelDrill.RunAsync(Root, _mount, new FastClock(10)));
        Assert.Contains("has no driver yet", Last().Summary, StringComparison.Ordinal);
        Assert.Equal(PretendedBus.Home, _bus.DriverOf(Card));
    }

    [FuseFact]
    public async Task An_answer_that_comes_a_second_late_is_waited_for()
    {
        using var kernel = Mount();
        _bus.Before = async _ =>
        {
            await Task.Delay(1000);
            return 0;
        };
        Assert.Equal(Outcome.Switched, await KernelDrill.RunAsync(Root, _mount, TimeProvider.System));
        Assert.Equal(4, _bus.Writes.Count);
    }

    [FuseFact]
    public async Task A_mistyped_path_is_never_made_in_this_sys()
    {
        using var kernel = Mount();
        await Assert.ThrowsAnyAsync<Exception>(() => File.WriteAllTextAsync($"{_mount}/sys/bus/pci/drivers_prope", "x"));
        Assert.False(File.Exists($"{_mount}/sys/bus/pci/drivers_prope"));
        Assert.Empty(_bus.Writes);
    }

    /// <summary>The worker is killed while the nth write waits in the kernel; a second one then takes the whole plan to its end.</summary>
    private async Task KillAtAsync(int nth, bool completes)
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource<int?>();
        var before = _bus.Writes.Count;
        _bus.Before = _ =>
        {
            if (_bus.Writes.Count - before != nth) return Task.FromResult<int?>(0);
            arrived.TrySetResult();
            return answer.Task;
        };
        using (var worker = OtherProcess.Start("switch", Root, _mount))
        {
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            worker.Kill();
            await worker.WaitForExitAsync();
        }
        // Killed is not done and not undone: nobody writes until the kernel has answered.
        Assert.NotNull(KernelIncidents.Read(State.Run).Stuck);
        await Assert.ThrowsAsync<StuckException>(() =>
            KernelDrill.Controls(State, _mount).SetDriverOverrideAsync(KernelDrill.Card, PretendedBus.Vfio, default));
        Assert.Equal(nth, _bus.Writes.Count - before);
        answer.SetResult(completes ? 0 : null);
        await Tool.UntilAsync(() => PendingWrite.Find(State.Run) is null, "the write is over");
        Assert.False(RunState.Fold(((JournalContent.Run)FileJournal.Read(State.Lib)).Events)!.IsClosed);

        Assert.Equal(Outcome.Switched, await KernelDrill.RunAsync(Root, _mount, TimeProvider.System));
        Assert.Equal(PretendedBus.Vfio, _bus.DriverOf(Card));
        var unbinds = _bus.Writes.Skip(before).Count(write => write.Name == "unbind");
        Assert.True(
            unbinds == (nth == 2 && !completes ? 2 : 1),
            $"{unbinds} unbinds, killed at write {nth}, {(completes ? "completed" : "dropped")}");
    }

    private RunState Last() => RunState.Fold(((JournalContent.Run)FileJournal.Read(State.Lib)).Events)!;

    private void Reset()
    {
        _bus.Before = _ => Task.FromResult<int?>(0);
        _bus.Bind(Card, PretendedBus.Home);
        File.WriteAllText($"{_mount}/sys/bus/pci/devices/{Card}/driver_override", "\n");
    }

    private FuseMount Mount() => new(_mount, _bus.At);
}
