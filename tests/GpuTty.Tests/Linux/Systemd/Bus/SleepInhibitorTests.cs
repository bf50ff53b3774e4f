using GpuTty.Interop;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Systemd.DBus;

namespace GpuTty.Tests.Linux.Systemd.Bus;

public sealed class SleepInhibitorTests
{
    /// <summary>A laptop whose lid is closed sleeps as soon as its desktop is gone and the last monitor with it.</summary>
    [BusFact]
    public async Task Sleep_idleness_and_a_closed_lid_wait_for_the_end_of_a_switch()
    {
        using var machine = await BusMachine.StartAsync();
        var (read, write) = Spawn.Pipe();
        using (read)
        {
            machine.Logind.Inhibitor = write;
            using (var held = await SleepInhibitor.TakeAsync(machine.Tree.Root, "A graphics card is being switched"))
            {
                Assert.NotNull(held);
                Assert.Equal(
                    ["sleep:idle:handle-lid-switch", "GpuTty", "A graphics card is being switched", "block"], machine.Logind.Inhibited);
                write.Dispose();
                Assert.False(Native.WaitReadable(read, TimeSpan.FromMilliseconds(100)));
            }
            // logind lets go when the last holder has closed it.
            Assert.True(Native.WaitReadable(read, TimeSpan.FromSeconds(10)));
        }
    }

    [BusFact]
    public async Task A_logind_that_gives_no_lock_is_told_and_nothing_waits_for_it()
    {
        using var machine = await BusMachine.StartAsync();
        await Assert.ThrowsAsync<BusException>(() => SleepInhibitor.TakeAsync(machine.Tree.Root, "why"));
    }

    [Fact]
    public async Task Without_a_bus_there_is_nobody_to_ask()
    {
        using var tree = new MachineTree();
        Assert.Null(await SleepInhibitor.TakeAsync(tree.Root, "why"));
    }
}
