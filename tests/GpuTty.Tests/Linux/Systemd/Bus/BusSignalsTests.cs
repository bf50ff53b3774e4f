using GpuTty.Host;
using GpuTty.Linux.Systemd;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>The screen hears of sessions and units from the bus, and believes only who owns the name.</summary>
public sealed class BusSignalsTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60), s_soon = TimeSpan.FromSeconds(20);

    [BusFact]
    public async Task A_session_that_comes_and_a_unit_that_ends_are_heard_of_at_once()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        await reader.ReadAsync(SnapshotSections.Desktop, null, default);
        foreach (var happens in (Action[])[() => machine.Logind.SayNew("9"), () => machine.Systemd.SayChanged("gdm.service")])
        {
            var wait = reader.WaitForChangeAsync(s_long, default);
            await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "Subscribe"), "the reader listens");
            // The rules for single units follow; a signal that comes before is heard of with the next.
            while (!wait.IsCompleted)
            {
                happens();
                await Task.WhenAny(wait, Task.Delay(50));
            }
            await wait.WaitAsync(s_soon);
        }
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task A_sign_that_comes_while_nobody_waits_ends_the_next_wait()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        await reader.ReadAsync(SnapshotSections.Desktop, null, default);
        await reader.WaitForChangeAsync(TimeSpan.FromMilliseconds(500), default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "Subscribe"), "the reader listens");
        machine.Logind.SayNew("9");
        await Task.Delay(200);
        await reader.WaitForChangeAsync(s_long, default).WaitAsync(s_soon);
    }

    [BusFact]
    public async Task A_strangers_signal_wakes_nobody()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var signals = new BusSignals(new Buses(machine.Tree.Root), TimeProvider.System);
        var stranger = new PretendedLogind { Listener = await machine.StrangerAsync() };
        using var enough = new CancellationTokenSource();
        var wait = signals.WaitAsync(["gdm.service"], enough.Token);
        await Tool.UntilAsync(() => signals.IsListening, "the reader listens");
        for (var time = 0; time < 20; time++)
        {
            stranger.SayNew("9");
            await Task.WhenAny(wait, Task.Delay(20));
        }
        Assert.False(wait.IsCompleted);
        machine.Logind.SayNew("9");
        await wait.WaitAsync(s_soon);
    }

    [BusFact]
    public async Task After_a_restart_of_logind_its_sessions_are_heard_of_again()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        await reader.WaitForChangeAsync(TimeSpan.FromMilliseconds(500), default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "Subscribe"), "the reader listens");
        var wait = reader.WaitForChangeAsync(s_long, default);
        machine.Systemd.Calls.Clear();
        await machine.RestartLogindAsync();
        await wait.WaitAsync(s_soon);

        wait = reader.WaitForChangeAsync(s_long, default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "Subscribe"), "the reader listens again");
        while (!wait.IsCompleted)
        {
            machine.Logind.SayNew("9");
            await Task.WhenAny(wait, Task.Delay(50));
        }
    }

    [BusFact]
    public async Task The_end_of_the_bus_is_a_sign_and_waiting_goes_on_without_it()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        await reader.WaitForChangeAsync(TimeSpan.FromMilliseconds(500), default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "Subscribe"), "the reader listens");
        machine.Bus.End();
        await reader.WaitForChangeAsync(s_long, default).WaitAsync(s_soon);
        await reader.WaitForChangeAsync(TimeSpan.FromMilliseconds(50), default).WaitAsync(s_soon);
    }
}
