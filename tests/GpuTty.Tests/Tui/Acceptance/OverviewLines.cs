using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines O1 to O14 of the acceptance list.</summary>
public sealed class OverviewLines
{
    [Theory]
    [InlineData(160, 50, "1 Cards|2 IOMMU groups|3 Drivers and modules 01:00|4 Who holds 01:00|5 Desktop|6 Log")]
    [InlineData(240, 67, "1 Cards|6 Log|Device 0000:01:00.0")]
    [InlineData(100, 30, "1 Cards|2 IOMMU groups|3 Drivers and modules 01:00|4 Who holds 01:00|5 Desktop|6 Log")]
    [InlineData(80, 25, "[1 Cards]|2 Groups|3 Drivers|4 Holders|5 Desktop|6 Log")]
    [InlineData(60, 16, "[1 Cards]|2 Groups|3 Mods|4 Held|5 Desk|6 Log")]
    public void UxO1_six_numbered_panels_as_the_screen_allows(int width, int height, string titles)
    {
        var text = Demo.On("desktop", width, height).Text();
        Assert.All(titles.Split('|'), title => Assert.Contains(title, text, StringComparison.Ordinal));
        Assert.Contains("[5 Desk]", Demo.On("desktop", 45, 12).Type("5").Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twins", "0b:00")]
    [InlineData("laptop", "01:00")]
    [InlineData("desktop", "01:00")]
    public void UxO2_the_cursor_starts_on_the_card_that_can_be_spared(string machine, string card) =>
        Assert.Contains($"Who holds {card}", Demo.On(machine).Text(), StringComparison.Ordinal);

    [Fact]
    public void UxO3_another_card_changes_the_other_panels()
    {
        var moved = Demo.On("twins").Type("g").Text();
        Assert.Contains("Who holds 0a:00", moved, StringComparison.Ordinal);
        Assert.Contains("Drivers and modules 0a:00", moved, StringComparison.Ordinal);
    }

    [Fact]
    public void UxO4_cards_tell_what_decides_about_them()
    {
        var text = Demo.On("desktop", 160, 50).Text();
        foreach (var words in (string[])[
            "01:00", "GeForce RTX 4090", "on the host", "grp 14", "VGA controller", "snd_hda_intel", "monitor", "boot VGA",
            "draws this console",
        ])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains("for the VM", Demo.On("vm-running", 160, 50).Text(), StringComparison.Ordinal);
        Assert.Contains("no driver", Demo.On("interrupted").Type("\n").Sized(160, 50).Text(), StringComparison.Ordinal);
        Assert.Contains("kept off the desktop", Demo.On("kept-off", 160, 50).Text(), StringComparison.Ordinal);
        Assert.Contains("override says vfio-pci", Play.At(DesktopMachine.WithStrayOverride, 160, 50).Text(), StringComparison.Ordinal);
        // The group of a function only where it differs.
        Assert.Single(Demo.On("desktop", 160, 50).Text().Split('\n'), line => line.Contains("grp 14", StringComparison.Ordinal));
    }

    [Fact]
    public void UxO5_all_devices_are_shown_with_what_the_host_needs_of_them()
    {
        var all = Demo.On("desktop", 160, 60).Type("a");
        Assert.Contains("nvme0n1 (/)", all.Text(), StringComparison.Ordinal);
        Assert.Matches("Ethernet controller", all.Text());
        var refused = all.Type("G").Type("v").Notice;
        Assert.Contains("is no graphics card; go to one first.", refused, StringComparison.Ordinal);
        Assert.Contains("(", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void UxO6_groups_are_browsed_from_cards_to_bridges_and_back_to_the_device()
    {
        var groups = Demo.On("desktop", 160, 50).Type("2");
        Assert.Contains("isolated", groups.Text(), StringComparison.Ordinal);
        var lines = groups.Type("G").Text();
        Assert.Contains("bridges only", lines, StringComparison.Ordinal);
        var open = groups.Press(Key.Right);
        Assert.NotEqual(groups.Text(), open.Text());
        Assert.Equal(groups.Text(), open.Press(Key.Left).Text());
        var there = Demo.On("desktop", 160, 50).Type("i");
        Assert.Contains(
            there.Text().Split('\n'),
            line => line.Contains("> ", StringComparison.Ordinal) && line.Contains("01:00.0", StringComparison.Ordinal));
        Assert.Equal(Demo.On("desktop", 160, 50).Model.Card!.Address, there.Type("i").Model.Card!.Address);
        Assert.Matches(@"2 IOMMU groups .* \d+ ", groups.Line("2 IOMMU groups"));
    }

    [Fact]
    public void UxO7_drivers_and_modules_are_told_in_unload_order()
    {
        var text = Demo.On("desktop", 160, 50).Text();
        Assert.Contains("modules, in unload order", text, StringComparison.Ordinal);
        var order = ((string[])["nvidia_drm ", "nvidia_modeset ", "nvidia  "])
            .Select(module => text.LastIndexOf(module, StringComparison.Ordinal))
            .ToList();
        Assert.DoesNotContain(-1, order);
        Assert.Contains("stay loaded, only unbound from the card", text, StringComparison.Ordinal);
        Assert.Contains("also drives", text, StringComparison.Ordinal);
        Assert.Contains("host driver", text, StringComparison.Ordinal);
    }

    [Fact]
    public void UxO8_holders_are_named_with_what_becomes_of_them_and_the_account_adds_up()
    {
        var text = Demo.On("desktop", 160, 50).Text();
        foreach (var words in (string[])["gnome-shell", "2101", "session 2", "lets go", "ends", "nvidia-persistenced.service"])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Matches(
            @"nvidia: \d+ references: \d+ (?:open )?files?, \d+ (?:by other modules and the )?kernel(?!,)",
            Demo.On("desktop", 240, 67).Text());
    }

    [Fact]
    public void UxO9_the_desktop_is_told_with_the_cost_of_the_next_switch()
    {
        var text = Demo.On("desktop", 160, 50).Text();
        foreach (var words in (string[])[
            "gdm.service active", "session 2", "(active)", "uses a card: gnome-shell", "keep off", "next switch",
            "to the VM: the desktop restarts, sessions are closed",
        ])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains("(you)", text, StringComparison.Ordinal);
        Assert.Contains("to the VM: the desktop keeps running", Demo.On("kept-off", 160, 50).Text(), StringComparison.Ordinal);
        Assert.Contains("refused.", Demo.On("no-iommu", 160, 50).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxO10_the_log_follows_and_tells_changes_with_time_and_source()
    {
        var log = Play.At(DesktopMachine.Idle, 120, 40).Hear(new Msg.HostRead(DesktopMachine.WithVm)).Type("L");
        Assert.Matches(@"\d\d:\d\d:\d\d .* gputty .*01:00.0 VGA controller: nvidia -> vfio-pci", log.Text());
        Assert.Contains("has ended", log.Text(), StringComparison.Ordinal);
        Assert.Contains("following", log.Text(), StringComparison.Ordinal);
        var kernel = log.Hear(new Msg.KernelSaid(new LogLine(
            DesktopMachine.WithVm.TakenAt, LogLevel.Info, LogSource.Kernel, "vfio-pci 0000:01:00.0: enabling device")));
        Assert.Matches(@"kernel .*vfio-pci 0000:01:00.0", kernel.Text());
    }

    [Fact]
    public void UxO11_changes_appear_without_a_key_and_the_cursor_stays_on_its_thing()
    {
        var here = Play.At(DesktopMachine.Idle, 120, 40).Type("4j");
        var row = here.Line("> ");
        var later = here.Hear(new Msg.HostRead(DesktopMachine.Idle with { Holders = [.. DesktopMachine.Idle.Holders.Reverse()] }));
        Assert.Contains("> ", later.Line(row.Split('>')[1].Trim().Split(' ')[0]), StringComparison.Ordinal);
        Assert.Contains("for the VM", here.Hear(new Msg.HostRead(DesktopMachine.WithVm)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxO12_a_filter_is_the_panel_s_own_and_tells_that_nothing_matches()
    {
        var typed = Demo.On("desktop", 160, 50).Type("2/samsung");
        Assert.Contains("Samsung", typed.Text(), StringComparison.Ordinal);
        Assert.Contains("/samsung", typed.Type("\n").Line("IOMMU groups"), StringComparison.Ordinal);
        Assert.Contains("GeForce RTX 4090", typed.Text(), StringComparison.Ordinal);
        Assert.Contains("nothing matches \"zzz\"", Demo.On("desktop", 160, 50).Type("2/zzz").Text(), StringComparison.Ordinal);
        Assert.Contains("nothing matches \"zzz\"", Demo.On("desktop", 160, 50).Type("6/zzz").Text(), StringComparison.Ordinal);
        Assert.Contains("/samsung", typed.Type("\n12").Line("IOMMU groups"), StringComparison.Ordinal);
        Assert.DoesNotContain("/samsung", typed.Type("\n\e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxO13_the_header_tells_where_one_is_at_80_columns_too()
    {
        var top = Demo.On("desktop", 160, 50).Top();
        foreach (var words in (string[])["DEMO desktop, nothing is real", "IOMMU on", "Linux 6.", "tty3", "desktop on tty2"])
            Assert.Contains(words, top, StringComparison.Ordinal);
        Assert.Contains("tty3", Demo.On("desktop", 80, 25).Top(), StringComparison.Ordinal);
        var host = DesktopMachine.Idle with { Caller = DesktopMachine.Idle.Caller with { IsRoot = false } };
        Assert.Contains("not root", Play.At(host, 80, 25).Top(), StringComparison.Ordinal);
        Assert.Contains("a switch was interrupted", Demo.On("interrupted", 80, 25).Type("\n").Top(), StringComparison.Ordinal);
        Assert.Contains(
            "a switch is running",
            Play.At(DesktopMachine.Idle, 80, 25).Type("vS\n\ny").Report(Runs.Until(3)).Type("\e").Top(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxO14_what_is_not_there_is_a_sentence_and_no_empty_box()
    {
        Assert.Matches("IOMMU is off|IOMMU off", Demo.On("no-iommu", 160, 50).Type("2").Words);
        var bare = Play.At(new HostSnapshot { TakenAt = DesktopMachine.Idle.TakenAt }, 100, 30);
        foreach (var words in (string[])["Linux sees no graphics card.", "no card", "none on this machine"])
            Assert.Contains(words, bare.Text(), StringComparison.Ordinal);
        Assert.IsType<LogScreen>(bare.Type("L").Model.Top);
    }
}
