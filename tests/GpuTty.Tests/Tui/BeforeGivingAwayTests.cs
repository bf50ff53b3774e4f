using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>What a person wants to see before a card is given away.</summary>
public sealed class BeforeGivingAwayTests
{
    [Fact]
    public void The_page_of_a_card_tells_monitor_version_board_link_and_the_parameters_that_decide()
    {
        var words = Page("desktop").Words;
        foreach (var fact in (string[])[
            "HDMI-A-2: LG TV SSCR2", "570.86.16, open modules", "board ASUSTeK Computer Inc.",
            "x16 16.0 GT/s PCIe now, x16 16.0 GT/s PCIe possible", "BAR 1: 256 MiB of up to 32 GiB", "iommu=pt",
            "off: the desktop may use it",
        ])
            Assert.Contains(fact, words, StringComparison.Ordinal);
        Assert.Contains("24 GiB", Page("amd").Words, StringComparison.Ordinal);
        Assert.Contains("on, also after a reboot", Page("kept-off").Words, StringComparison.Ordinal);
        Assert.Contains("monitor on HDMI-A-2 (LG TV SSCR2)", Demo.On("desktop", 160, 50).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_sleeps_is_not_asked_and_says_so()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.Details);
        var asleep = host with
        {
            Details = host.Details! with { Links = [] },
            Devices = [.. host.Devices.Select(device => device.Address == Machines.Card ? device with { PowerState = "D3cold" } : device)],
        };
        Assert.Contains("not asked: the card sleeps (D3cold)", Play.At(asleep, 120, 60).Type("\n").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void An_updated_driver_that_waits_for_a_restart_is_warned_of()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.Details);
        var updated = host with { Details = host.Details! with { NvidiaInstalled = "575.51.02" } };
        Assert.Contains("Version 575.51.02 is installed on the disk", Play.At(updated, 120, 60).Type("\n").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_program_tells_since_when_from_where_and_how_much_it_keeps()
    {
        var host = Machines.Find("stubborn")!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.Details) with
        {
            TakenAt = DesktopMachine.Idle.TakenAt,
        };
        var python = host.Holders.Single(holder => holder.Name == "python3");
        var told = host with
        {
            Details = host.Details! with
            {
                HeldMemory = [new HeldMemory(python.Pid, Machines.Card, 18L << 30)],
                BootedAt = host.TakenAt - TimeSpan.FromMinutes(192) - TimeSpan.FromSeconds(python.StartTime / 100.0),
            },
        };
        var words = Play.At(told, 120, 60).Type("4/python\n\n").Words;
        foreach (var fact in (string[])[", for 3 h 12 min", "from session 5, over the network", "18 GiB on 01:00"])
            Assert.Contains(fact, words, StringComparison.Ordinal);
        Assert.Contains("its driver does not tell", Play.At(host, 120, 60).Type("4/python\n\n").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void How_long_it_took_last_time_stands_on_the_plan()
    {
        var switched = Play.At(DesktopMachine.Idle, 100, 60)
            .Type("vS\n\ny")
            .Report(Runs.Switched)
            .Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.Idle));
        Assert.Contains("Last time it took 30 seconds.", switched.Type("vS\n").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_it_is_read_for_anything_but_its_page()
    {
        Assert.False(Demo.On("desktop").Model.Needs.HasFlag(SnapshotSections.Details));
        Assert.True(Demo.On("desktop").Type("\n").Model.Needs.HasFlag(SnapshotSections.Details));
        Assert.False(Demo.On("desktop").Type("\n\e").Model.Needs.HasFlag(SnapshotSections.Details));
    }

    private static Play Page(string machine) =>
        Play.At(Machines.Find(machine)!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.Details), 140, 70).Type("\n");
}
