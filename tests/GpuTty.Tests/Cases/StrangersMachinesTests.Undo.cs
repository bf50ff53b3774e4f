using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
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

    [RootFact]
    public async Task Consoles_on_the_firmwares_screen_that_nvidias_driver_leaves_alone_are_dark_until_a_reboot_and_what_helps_is_said()
    {
        const string lost = "The text consoles stay dark until a reboot", helps = "With nvidia_drm.fbdev=1";
        using var machine = StrangersMachine.Load("simpledrm-below-nvidia");
        var said = (await machine.RunAsync("plan vm --card 01:00.0 --single-gpu --end-sessions --end-holders term")).Out;
        Assert.Contains(lost, said);
        Assert.Contains(helps, said);
        // Drawn by the driver itself they come back with the card; and before Linux 6.0 nothing takes the firmware's screen away.
        var host = await machine.ReadAsync();
        var card = Assert.Single(Card.FindAll(host));
        foreach (var (other, isLost) in ((HostSnapshot, bool)[])
            [
                (host, true),
                (host with { Kernel = "5.15.0" }, false),
                (host with { Console = host.Console with { Shown = host.Console.Shown! with { Name = "nvidia-drmdrmfb" } } }, false),
            ])
            Assert.Equal(
                isLost, SwitchChecks.For(other, card, Direction.ToVm, singleGpu: true).Any(check => check.Finding.Contains(lost)));
    }

    [RootFact]
    public async Task On_a_display_controller_with_simpledrm_in_its_memory_the_switch_does_not_say_that_Linux_6_0_takes_it_away()
    {
        using var machine = StrangersMachine.Of(
            "kernel 6.17.4",
            "cmdline quiet",
            "vfio loaded",
            "pci 00:08.1 0604 1022:14eb driver=pcieport module=builtin group=11",
            "pci c3:00.0 0380 1002:1586 behind=00:08.1 driver=vfio-pci module=vfio_pci group=20 reset=\"\" name=\"AMD/ATI|Strix Halo\"",
            "vfio-group 20 511:0",
            "framebuffer 0 simpledrmdrmfb of=c3:00.0 via=simple-framebuffer.0",
            "console 1 \"(M) frame buffer device\" bound");
        var host = await machine.ReadAsync();
        var check = Assert.Single(
            SwitchChecks.For(host, Assert.Single(Card.FindAll(host)), Direction.ToVm), check => check.Code == CheckCode.FirmwareScreen);
        Assert.DoesNotContain("Linux 6.0", check.Finding);
        Assert.Contains("takes it away only from VGA controllers", check.Finding);
        Assert.Contains("Reboot with initcall_blacklist=sysfb_init", check.Finding);
    }
}
