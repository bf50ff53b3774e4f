using GpuTty.Host.Holders;

namespace GpuTty.Tests.Cli;

/// <summary>Who holds which card, through what, and what a switch does about it.</summary>
public sealed class HoldersTests
{
    [Fact]
    public void Of_a_card_only_its_own_nodes_are_named()
    {
        var said = Gputty.On("desktop").Run("holders", "--card", "10:00").Out;
        Assert.Contains("card2 renderD129", said, StringComparison.Ordinal);
        foreach (var other in (string[])["card1", "renderD128", "nvidia0", "nvidiactl", "controlC0"])
            Assert.DoesNotContain($" {other} ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_document_too()
    {
        var holders = Gputty.On("desktop").Run("holders", "--card", "10:00", "--json").Json
            .GetProperty("cards")[0].GetProperty("holders").EnumerateArray();
        Assert.All(
            holders.SelectMany(holder => holder.GetProperty("nodes").EnumerateArray()),
            node => Assert.StartsWith("0000:10:00.", node.GetProperty("device").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lingering")]
    [InlineData("vnc")]
    public void What_is_in_the_way_names_no_node_of_another_card(string machine)
    {
        var said = Gputty.On(machine).Run("plan", "vm", "--end-sessions").Error;
        Assert.Contains("is using the card through", said, StringComparison.Ordinal);
        Assert.DoesNotContain("renderD129", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stubborn", "python3", "a program of session 5, asked to end only with --end-holders term")]
    [InlineData("accelerators", "docker stop", "gputty stops the container (docker stop")]
    [InlineData("accelerators", "docker stop", "), only with --end-holders term")]
    [InlineData("openrc", "Xorg", "you end it with the desktop")]
    public void What_a_switch_does_about_a_holder_is_said_with_what_it_needs(string machine, string holder, string says)
    {
        var lines = Gputty.On(machine).Run("holders").Out.Split('\n');
        Assert.Contains(says, lines.First(line => line.Contains(holder, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>A shared buffer has no path, whatever the kernel shows and a program has called it.</summary>
    [Theory]
    [InlineData("/dmabuf:", "dmabuf", "dmabuf")]
    [InlineData("/dmabuf:of/a/client", "dmabuf", "dmabuf")]
    [InlineData("anon_inode:dmabuf", "dmabuf", "dmabuf")]
    [InlineData("anon_inode:i915.gem", "anon_inode:i915.gem", "i915.gem")]
    [InlineData("/dev/dri/card1", "/dev/dri/card1", "card1")]
    [InlineData("/dev/snd/pcmC0D3p", "/dev/snd/pcmC0D3p", "pcmC0D3p")]
    [InlineData("/dev/vfio/12", "/dev/vfio/12", "vfio/12")]
    public void What_is_held_is_named_as_people_know_it(string path, string place, string inAList)
    {
        var node = new HeldNode(path, NodeKind.Other, null, null, 5);
        Assert.Equal((place, inAList), (node.Place, node.ShortPlace));
    }

    [Fact]
    public void Without_systemd_the_service_s_script_is_named()
    {
        var said = Gputty.On("openrc").Run("plan", "vm").Error;
        Assert.Contains("rc-service nvidia-persistenced stop", said, StringComparison.Ordinal);
        Assert.Contains("display-manager", Gputty.On("openrc").Run("status").Out.Split("Last switch")[0], StringComparison.Ordinal);
    }
}
