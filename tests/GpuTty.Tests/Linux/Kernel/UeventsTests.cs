using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux.Kernel;

// A mount is a message of the kernel too: what mounts and what listens take turns.
[Collection("mounts")]
public sealed class UeventsTests
{
    private const string Asks = "/sys/class/mem/null/uevent";

    [RootFact]
    public async Task The_kernels_messages_are_heard_and_a_burst_counts_once()
    {
        using var messages = Uevents.Open();
        // Containers get no messages of the kernel: then the periodic look has to do.
        if (!messages.IsOpen || !File.Exists(Asks)) return;
        var heard = messages.WaitAsync(default);
        for (var count = 0; count < 20; count++) Change();
        await heard.WaitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(200);

        messages.Drain();

        var next = messages.WaitAsync(default);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(300)));
        Change();
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Asks the kernel to send a message about /dev/null, which changes nothing.</summary>
    private static void Change()
    {
        using var file = File.Open(Asks, FileMode.Open, FileAccess.Write);
        file.Write("change"u8);
    }
}
