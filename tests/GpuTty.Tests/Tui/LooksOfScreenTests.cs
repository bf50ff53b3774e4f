using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>The screen looks again whenever something has changed, beside a worker that needs the processor.</summary>
public sealed class LooksOfScreenTests
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task On_a_machine_where_everything_changes_and_a_look_is_long_the_screen_rests_longer_than_it_looks()
    {
        var machine = new ChangingMachine();
        using var end = new CancellationTokenSource();
        var screen = Screen(machine);

        screen.Begin(isRunning: false, SnapshotSections.All, end.Token);
        await machine.LookedAsync(times: 3);
        await end.CancelAsync();

        Assert.All(machine.Rests(), rest => Assert.InRange(rest, s_look * 2, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Whoever_wants_a_look_now_does_not_wait_for_the_rest()
    {
        var machine = new ChangingMachine { Look = TimeSpan.FromSeconds(1) };
        using var end = new CancellationTokenSource();
        var screen = Screen(machine);

        screen.Begin(isRunning: false, SnapshotSections.All, end.Token);
        await machine.LookedAsync(times: 1);
        screen.Perform(new Effect.ReadHost());
        await machine.LookedAsync(times: 2);
        await end.CancelAsync();

        Assert.InRange(machine.Rests()[0], TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    private static EffectRunner Screen(IHostReader machine)
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, TimeProvider.System);
        return new EffectRunner(machine, new SimulatedSwitchService(host, TimeProvider.System), new TuiOptions(), _ => { });
    }

    private sealed class ChangingMachine : IHostReader
    {
        private readonly Lock _gate = new();
        private readonly List<(long Began, long Ended)> _looks = [];

        public TimeSpan Look { get; init; } = s_look;

        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(Look, cancel);
            lock (_gate) _looks.Add((began, Stopwatch.GetTimestamp()));
            return Machines.Find("desktop")!.Machine.Snapshot();
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;

        public async Task LookedAsync(int times)
        {
            while (true)
            {
                lock (_gate)
                    if (_looks.Count >= times) return;
                await Task.Delay(20);
            }
        }

        public List<TimeSpan> Rests() =>
            [.. _looks.Zip(_looks.Skip(1), (before, after) => Stopwatch.GetElapsedTime(before.Ended, after.Began))];
    }
}
