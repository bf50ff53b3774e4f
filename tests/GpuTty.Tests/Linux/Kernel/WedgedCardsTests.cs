using System.Text;
using GpuTty.Host.Pci;
using GpuTty.Linux.Kernel;
using GpuTty.Simulation;
using GpuTty.Tui;

namespace GpuTty.Tests.Linux.Kernel;

public sealed class WedgedCardsTests
{
    private const string Card = "/devices/pci0000:00/0000:00:01.0/0000:01:00.0";
    private static readonly PciAddress s_card = PciAddress.Parse("0000:01:00.0");
    private readonly WedgedCards _cards = new();

    [Theory]
    [InlineData("rebind")]
    [InlineData("rebind,bus-reset")]
    [InlineData("vendor-specific")]
    public void A_driver_that_says_that_it_cannot_go_on_is_remembered_until_it_is_unbound(string recovery)
    {
        Hear(
            $"change@{Card}/drm/card1",
            "ACTION=change",
            $"DEVPATH={Card}/drm/card1",
            "SUBSYSTEM=drm",
            $"WEDGED={recovery}",
            "DEVNAME=dri/card1");
        Assert.Equal(recovery, _cards.Of(s_card));
        Assert.Null(_cards.Of(PciAddress.Parse("0000:00:01.0")));
        Hear($"unbind@{Card}", "ACTION=unbind", $"DEVPATH={Card}", "SUBSYSTEM=pci");
        Assert.Null(_cards.Of(s_card));
    }

    [Theory]
    [InlineData("ACTION=change", $"DEVPATH={Card}/drm/card1", "SUBSYSTEM=drm", "WEDGED=none")]
    [InlineData("ACTION=change", $"DEVPATH={Card}/drm/card1", "SUBSYSTEM=drm", "HOTPLUG=1")]
    [InlineData("ACTION=change", $"DEVPATH={Card}/sound/card1", "SUBSYSTEM=sound", "WEDGED=rebind")]
    [InlineData("ACTION=change", "DEVPATH=/devices/platform/vgem/drm/card1", "SUBSYSTEM=drm", "WEDGED=rebind")]
    [InlineData("WEDGED=rebind")]
    [InlineData("")]
    public void Other_messages_say_nothing_of_that(params string[] fields)
    {
        Hear(fields);
        Assert.Null(_cards.Of(s_card));
    }

    [Fact]
    public void What_the_message_says_cannot_steer_a_terminal()
    {
        Hear("ACTION=change", $"DEVPATH={Card}/drm/card1", "SUBSYSTEM=drm", "WEDGED=\u001b[2Jrebind");
        Assert.Equal("\\x1b[2Jrebind", _cards.Of(s_card));
    }

    [Theory]
    [InlineData(
        "rebind",
        "the driver of 01:00.0 cannot go on (rebind). "
            + "Z plans the way to vfio-pci, off that driver; from there h binds the card to it again.")]
    [InlineData("unknown", "the driver of 01:00.0 cannot go on (unknown). Only a reboot helps.")]
    public void The_log_says_it_once_with_what_helps(string recovery, string line)
    {
        var before = Machines.Find("desktop")!.Machine.Snapshot();
        var now = before with
        {
            Devices = [.. before.Devices.Select(device => device.Address == s_card ? device with { Wedged = recovery } : device)],
        };
        Assert.Equal([line], Changes.Between(before, now).Select(said => said.Text));
        Assert.Empty(Changes.Between(now, now));
    }

    private void Hear(params string[] fields) => _cards.Hear(Encoding.UTF8.GetBytes(string.Join('\0', fields) + "\0"));
}
