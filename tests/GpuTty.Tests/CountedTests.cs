using GpuTty.Tests.Tui;
using GpuTty.Text;

namespace GpuTty.Tests;

public sealed class CountedTests
{
    [Fact]
    public void Words_agree_with_numbers()
    {
        Assert.Equal(["0 steps", "1 step", "2 steps"], Enumerable.Range(0, 3).Select(count => Counted.Of(count, "step")));
        Assert.Equal("1 process", Counted.Of(1, "process", "processes"));
        Assert.Equal(("1 second", "60 seconds"), (Counted.Seconds(TimeSpan.FromSeconds(1)), Counted.Seconds(TimeSpan.FromMinutes(1))));
    }

    /// <summary>On every page that a machine with one of everything shows.</summary>
    [Fact]
    public void Nothing_is_one_things()
    {
        var host = DesktopMachine.WithStrayOverride;
        var one = host with
        {
            Devices = [.. host.Devices.Where(device => device.Class.IsDisplay).Take(1)],
            Groups = [.. host.Groups.Take(1)],
            Holders = [.. host.Holders.Take(1)],
        };
        foreach (var machine in new[] { host, one })
            foreach (var keys in (string[])["", "L", "3O", "3O\n", "v", "vS\n", "vS\n\n", "3jjjj\n", "K", "K\n"])
                Assert.DoesNotMatch(
                    @"\b1 (steps|lines|sessions|functions|groups|references|programs hold|processes|seconds|stand)\b",
                    Play.At(machine, 160, 50).Type(keys).Words);
    }
}
