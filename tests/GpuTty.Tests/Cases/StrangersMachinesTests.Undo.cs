using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public Task Simpledrm_below_nvidia_and_the_printed_command() => Right("simpledrm-below-nvidia", async machine => // (15)
    {
        var said = await machine.RunAsync("plan vm --card 01:00.0 --single-gpu --end-sessions --end-holders term");
        Assert.Equal(Done, said.Code);
        Assert.Matches("gputty switch vm .*--single-gpu", said.Out + said.Error);
        Assert.DoesNotContain("started again at the end", said.Out);
        Assert.Contains("stays down until the card is returned to the host", said.Out);
    });
}
