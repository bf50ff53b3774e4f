using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Simulation;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Panel 2: jumping, what would go along and what it costs, and machines with hundreds of groups.</summary>
public sealed class GroupBrowserTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);

    [Fact]
    public void I_goes_from_the_card_to_its_group_and_back()
    {
        var there = s_idle.Type("i");
        Assert.Equal(Panel.Groups, Focus(there));
        Assert.Contains(
            there.Text().Split('\n'),
            line => line.Contains('>', StringComparison.Ordinal) && line.Contains("01:00.0  nvidia", StringComparison.Ordinal));
        var back = there.Type("i");
        Assert.Equal(Panel.Cards, Focus(back));
        Assert.Equal(DesktopMachine.Big, Assert.IsType<OverviewScreen>(back.Model.Top).Function(back.Model)?.Address);
    }

    [Fact]
    public void A_device_that_is_no_card_is_found_among_all_devices()
    {
        var found = s_idle.Type("2jjji");
        Assert.Equal(Panel.Cards, Focus(found));
        Assert.Equal(PciAddress.Parse("03:00.0"), Assert.IsType<OverviewScreen>(found.Model.Top).Function(found.Model)?.Address);
        Assert.Equal(DesktopMachine.Big, found.Model.Card!.Address);
    }

    [Fact]
    public void On_the_pages_of_details_i_goes_there_and_back_too()
    {
        var there = s_idle.Type("\ni");
        Assert.Equal(new Subject.Group(13), Assert.IsType<DetailScreen>(there.Model.Top).Subject);
        Assert.Equal(2, there.Type("i").Model.Screens.Length);
        Assert.True(s_idle.Type("\niiiiiiiiiiii").Model.Screens.Length < 4);
    }

    [Fact]
    public void What_would_travel_along_is_named_with_its_cost()
    {
        var host = Machines.Find("shared-group")!.Machine.Snapshot();
        var text = Play.At(host, 120, 50).Type("i\ni").Words;
        Assert.Contains("06:00.0 Ethernet controller: enp6s0, the way to the network", text, StringComparison.Ordinal);
        var remote = host with
        {
            Sessions = [.. host.Sessions.Select(session => session.Id == host.Caller.Session ? session with { IsRemote = true } : session)],
        };
        Assert.Contains(
            "through which you are logged in: your connection would end",
            Play.At(remote, 120, 50).Type("i\ni").Words,
            StringComparison.Ordinal);
    }

    /// <summary>No device of such a group is the one that is wanted, so all of them are lost.</summary>
    [Fact]
    public void Of_a_group_without_a_card_everything_is_lost_and_the_verdict_says_what_shares_with_what()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var group = host.Groups.Single(group => group.Number == 17);
        var devices = GroupVerdict.Devices(host, group)
            .Where(device => device.Driver is not null)
            .Select(device => device.Address.ShortName)
            .ToList();
        Assert.Contains("06:00.0", devices);
        foreach (var keys in (string[])["2/group 17\n\n", "2/06:00.0\nj\n"])
        {
            var page = Play.At(host, 120, 60).Type(keys).Words;
            Assert.Contains("06:00.0 Ethernet controller shares with", page, StringComparison.Ordinal);
            foreach (var device in devices)
                Assert.Matches($"(lose|network|it) {device} ", page.Replace("you lose", "lose", StringComparison.Ordinal));
        }
        // A card is what people want to give away: it is the price of nothing.
        var shared = Machines.Find("shared-group")!.Machine.Snapshot();
        Assert.DoesNotContain("you lose 01:00", Play.At(shared, 120, 50).Type("i\ni").Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nvme0n1 (/)", "the machine would stop")]
    [InlineData("nvme0n1 (/boot, /)", "the machine would stop")]
    [InlineData("sda (/home)", "which is in use")]
    [InlineData("sda (perhaps ZFS)", "it is unknown whether it is in use")]
    public void A_disk_is_as_vital_as_what_is_on_it(string name, string loss) =>
        Assert.Contains(
            loss,
            PassthroughImpact.Loss(DesktopMachine.Idle, new HostUse(HostUseKind.Storage, name, true)),
            StringComparison.Ordinal);

    [Fact]
    public void A_keyboard_is_known_by_what_its_loss_means() =>
        Assert.Contains(
            "you could not type any more",
            PassthroughImpact.Loss(DesktopMachine.Idle, new HostUse(HostUseKind.Input, "Das keyboard", true)),
            StringComparison.Ordinal);

    [Fact]
    public void Why_devices_share_a_group_is_told_as_far_as_it_can_be()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        string Why(int number) => string.Join('\n', GroupExplanation.Why(host, host.Groups.Single(group => group.Number == number)));
        Assert.Contains("Bridge 05:00.0 is in the group itself", Why(17), StringComparison.Ordinal);
        Assert.Contains("05:00.0, 05:08.0 sit side by side below 04:00.0", Why(17), StringComparison.Ordinal);
        Assert.Contains("functions of one slot", Why(14), StringComparison.Ordinal);
        Assert.Contains("bridge 00:01.2 and all above it keep it apart", Why(15), StringComparison.Ordinal);
        Assert.Contains(
            "pcie_acs_override",
            string.Join('\n', GroupExplanation.Why(host with { CommandLine = "ro pcie_acs_override=downstream" }, host.Groups[0])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_direct_region_is_said_to_forbid_it_and_a_relaxed_one_not()
    {
        var group = DesktopMachine.Idle.Groups.Single(group => group.Number == 13);
        string Page(string type) => Play.At(DesktopMachine.Idle with
        {
            Groups =
                DesktopMachine.Idle.Groups.Replace(group, group with { ReservedRegions = [new ReservedRegion(0xe0000, 0xfffff, type)] }),
        }, 120, 40).Type("i").Press(Key.Left).Press(Key.Left).Type("\n").Words;
        Assert.Contains("forbids giving the group away", Page("direct"), StringComparison.Ordinal);
        Assert.Contains("forbids nothing", Page("direct-relaxable"), StringComparison.Ordinal);
    }

    [Fact]
    public void Three_hundred_groups_with_four_thousand_functions_are_browsed_without_waiting()
    {
        var play = Play.At(Crowd, 160, 50).Type("i");
        Assert.Equal(Panel.Groups, Focus(play));
        play = play.Press(Key.Home, Key.End, Key.PageUp, Key.PageDown);
        var found = play.Type("/0002:7e:1f.7\nji");
        Assert.Equal("0002:7e:1f.7", Assert.IsType<OverviewScreen>(found.Model.Top).Function(found.Model)?.Address.ToString());
    }

    [Fact]
    public void A_key_and_its_frame_cost_what_is_in_sight_and_not_what_there_is()
    {
        // Bytes, not milliseconds: the machine that runs the tests is busy with other things.
        static long Cost(HostSnapshot host)
        {
            var play = Play.At(host, 160, 50).Type("2");
            return OnViews.With(screen =>
            {
                screen.Draw(play.Model);
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 20; i++)
                {
                    play = play.Press(i % 2 == 0 ? Key.PageDown : Key.PageUp);
                    screen.Draw(play.Model);
                }
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
        }
        Assert.InRange(Cost(Crowd), 0, 4 * Cost(Machines.Find("desktop")!.Machine.Snapshot()));
    }

    /// <summary>A server: 300 groups, 4,000 functions, and the usual card.</summary>
    private static HostSnapshot Crowd { get; } = MakeCrowd();

    private static HostSnapshot MakeCrowd()
    {
        var many = Enumerable.Range(0, 4000 - DesktopMachine.Idle.Devices.Length).Select(n => new PciDevice
        {
            Address = new PciAddress(2, 0x70 + (n / 256), n / 8 % 32, n % 8),
            Class = new PciClass(0x020000),
            Id = new PciId(0x8086, 0x1889),
            Name = "Intel Corporation Ethernet Adaptive Virtual Function",
            Driver = "iavf",
            IommuGroup = 20 + (n % 294),
            HeaderType = 0,
            PowerState = "D0",
        }).ToList();
        var groups = many.GroupBy(device => device.IommuGroup!.Value).OrderBy(group => group.Key)
            .Select(group => new IommuGroup(group.Key, "DMA-FQ", [.. group.Select(device => device.Address)], []));
        return DesktopMachine.Idle with
        {
            Devices = [.. DesktopMachine.Idle.Devices, .. many],
            Groups = [.. DesktopMachine.Idle.Groups, .. groups],
        };
    }

    private static Panel Focus(Play play) => Assert.IsType<OverviewScreen>(play.Model.Top).Focus;
}
