using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.HostUses;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;

namespace GpuTty.Tests.Linux.Pci;

/// <summary>What tools and tables say, as seen on real machines.</summary>
public sealed class ParsersTests
{
    [Fact]
    public void Modules_with_counts_users_marks_and_without_counts()
    {
        var modules = ProcModules.Parse("""
            nvidia_drm 151552 0 - Live 0x0000000000000000 (PO)
            nvidia 111489024 8 nvidia_uvm,nvidia_modeset, Live 0x0000000000000000 (PO)
            cfg80211 56602624 - - Live 0xffffffffc03e0000
            nvidia_uvm 2232320 -1 - Unloading 0x0000000000000000 (PO)
            i2c_dev 24576 2 [permanent], Live 0x0000000000000000
            """);

        Assert.Equal(
            [("nvidia_drm", 0), ("nvidia", 8), ("cfg80211", (int?)null), ("nvidia_uvm", -1), ("i2c_dev", 2)],
            modules.Select(m => (m.Name, m.References)));
        Assert.Equal(["", "nvidia_uvm,nvidia_modeset", "", "", ""], modules.Select(m => string.Join(',', m.UsedBy)));
    }

    [Fact]
    public void Lsmod_says_the_same_with_a_heading()
    {
        var modules = ProcModules.ParseLsmod(
            "Module                  Size  Used by\nnvidia              12972032  1 nvidia_modeset\nnvidia_drm 45056  3\n");

        Assert.Equal(
            [("nvidia", 1, "nvidia_modeset"), ("nvidia_drm", 3, "")],
            modules.Select(m => (m.Name, m.References!.Value, string.Join(',', m.UsedBy))));
    }

    /// <summary>As any value that .NET reads and writes; whatever the culture, an address is written in one way.</summary>
    [Fact]
    public void An_address_is_read_and_written_like_every_value()
    {
        Assert.Equal(PciAddress.Parse("10000:e1:1f.7"), Read<PciAddress>("10000:e1:1f.7"));
        Assert.Throws<FormatException>(() => Read<PciAddress>("01:00"));
        Span<char> text = stackalloc char[13];
        Assert.True(((ISpanFormattable)PciAddress.Parse("10000:e1:1f.7")).TryFormat(text, out var written, default, null));
        Assert.Equal("10000:e1:1f.7", text[..written].ToString());
        Assert.False(PciAddress.Parse("10000:e1:1f.7").TryFormat(text[..5], out _));

        static T Read<T>(string text) where T : ISpanParsable<T> => T.Parse(text, null);
    }

    [Theory]
    [InlineData("pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00", "nvidia,nouveau,nvidiafb")]
    [InlineData("pci:v00008086d0000A7A0sv00001028sd00000B1Bbc03sc00i00", "i915,xe")]
    [InlineData("pci:v00001AF4d00001050sv00001AF4sd00001100bc03sc00i00", "virtio_pci")]
    [InlineData("pci:v0000168Cd0000003Esv00001A56sd00001535bc02sc80i00", "")]
    [InlineData("", "")]
    public void The_module_with_the_closest_alias_comes_first_and_vfio_never(string alias, string expected)
    {
        var aliases = ModulesAlias.Parse("6.12.0", """
            # Aliases extracted from modules themselves.
            alias pci:v*d*sv*sd*bc03sc*i* vfio_pci
            alias vfio_pci:v000010DEd00002342sv*sd*bc*sc*i* nvgrace_gpu_vfio_pci
            alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau
            alias pci:v000010DEd*sv*sd*bc03sc*i* nvidiafb
            alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia
            alias pci:v00008086d0000A7A0sv*sd*bc03sc*i* i915
            alias pci:v00008086d0000A7A0sv*sd*bc*sc*i* xe
            alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio-pci
            alias usb:v046DpC52Bd*dc*dsc*dp*ic*isc*ip*in* hid_logitech_dj
            """);

        Assert.Equal(
            expected is "nvidia,nouveau,nvidiafb"
                ? ["nvidia", "nouveau", "nvidiafb"]
                : expected.Split(',', StringSplitOptions.RemoveEmptyEntries),
            aliases.Find(alias).AsEnumerable());
    }

    /// <summary>Lines as Linux 6.19 has them; amdgpu's probe refuses every card that is radeon's alone.</summary>
    [Theory]
    [InlineData("pci:v00001002d00006779sv00001043sd000003CAbc03sc00i00", "radeon,amdgpu")]
    [InlineData("pci:v00001002d00006798sv00001043sd0000044Cbc03sc00i00", "radeon,amdgpu")]
    [InlineData("pci:v00001002d0000744Csv00001EAEsd00007905bc03sc00i00", "amdgpu")]
    public void A_module_that_names_the_product_comes_before_one_that_takes_every_display_of_the_maker(string alias, string expected)
    {
        var aliases = ModulesAlias.Parse("6.19.0", """
            alias pci:v00001002d*sv*sd*bc03sc00i00* amdgpu
            alias pci:v00001002d00006779sv*sd*bc*sc*i* radeon
            alias pci:v00001002d00006798sv*sd*bc*sc*i* radeon
            alias pci:v00001002d00006798sv*sd*bc*sc*i* amdgpu
            """);

        Assert.Equal(expected.Split(','), aliases.Find(alias).AsEnumerable());
    }

    [Fact]
    public void An_alias_of_another_product_is_none_and_one_with_wildcards_in_its_number_may_be()
    {
        var aliases = ModulesAlias.Parse("6.12.0", """
            alias pci:v000010DEd00002685sv*sd*bc*sc*i* other
            alias pci:v000010DEd0000268?sv*sd*bc*sc*i* series
            alias pci:v000010DEd00002684sv*sd*bc*sc*i* very
            alias pci:v* all
            """);

        Assert.Equal(["all", "series", "very"], aliases.Find("pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00").Order());
    }

    [Fact]
    public void Lspci_names_products_and_admits_those_it_does_not_know()
    {
        var names = Lspci.Parse("""
            Slot:	0000:01:00.0
            Class:	VGA compatible controller [0300]
            Vendor:	NVIDIA Corporation [10de]
            Device:	AD102 [GeForce RTX 4090] [2684]
            SVendor:	ASUSTeK Computer Inc. [1043]

            Slot:	10000:e1:00.0
            Vendor:	Intel Corporation [8086]
            Device:	Device [a7ff]

            Slot:	nonsense
            """);

        Assert.Equal("NVIDIA Corporation AD102 [GeForce RTX 4090]", names[(PciAddress.Parse("0000:01:00.0"), 0x10de, 0x2684)]);
        Assert.Equal("Intel Corporation Device a7ff", names[(PciAddress.Parse("10000:e1:00.0"), 0x8086, 0xa7ff)]);
        Assert.Equal(2, names.Count);
    }

    [Fact]
    public void Without_lspci_the_list_of_products_names_them()
    {
        var names = PciIds.Parse(
            "# comment\n10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\n\t\t1043 889d  ROG Strix\n8086  Intel "
                + "Corporation\n\t2684  Wrong one\nC 03  Display controller\n\t00  VGA\n",
            new HashSet<(int, int)> { (0x10de, 0x2684), (0x8086, 0x1234) });

        Assert.Equal("NVIDIA Corporation AD102 [GeForce RTX 4090]", names[(0x10de, 0x2684)]);
        Assert.Equal("Intel Corporation Device 1234", names[(0x8086, 0x1234)]);
        Assert.Equal(2, names.Count);
    }

    [Theory]
    [InlineData("0::/system.slice/lightdm.service", "lightdm.service", null, null, null)]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope", "session-2.scope", null, "2", null)]
    [InlineData("0::/user.slice/user-120.slice/session-c1.scope", "session-c1.scope", null, "c1", null)]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/session.slice/org.gnome.Shell@wayland.service",
        "user@1000.service",
        "org.gnome.Shell@wayland.service",
        null,
        null)]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-steam-4711.scope",
        "user@1000.service",
        "app-gnome-steam-4711.scope",
        null,
        null)]
    [InlineData("0::/init.scope", "init.scope", null, null, null)]
    [InlineData("0::/", null, null, null, null)]
    [InlineData("", null, null, null, null)]
    [InlineData("12:devices:/system.slice/gdm.service\n1:name=systemd:/system.slice/gdm.service\n0::/", "gdm.service", null, null, null)]
    [InlineData(
        "1:name=systemd:/user.slice/user-1000.slice/session-4.scope\n0::/user.slice/user-1000.slice/session-4.scope",
        "session-4.scope",
        null,
        "4",
        null)]
    [InlineData(
        "0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        "docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        null,
        null,
        "docker 0123456789ab")]
    [InlineData(
        "4:memory:/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n0::/",
        null,
        null,
        null,
        "docker 0123456789ab")]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/"
            + "libpod-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope/container",
        "user@1000.service",
        "libpod-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope",
        null,
        "podman fedcba987654")]
    [InlineData(
        "0::/kubepods.slice/kubepods-besteffort.slice/"
            + "cri-containerd-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        "cri-containerd-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        null,
        null,
        "kubernetes 0123456789ab")]
    [InlineData(
        "0::/machine.slice/machine-qemu\\x2d1\\x2dwin11.scope/libvirt/emulator",
        "machine-qemu\\x2d1\\x2dwin11.scope",
        null,
        null,
        "machine qemu-1-win11")]
    [InlineData(
        "0::/user.slice/user-1000.slice/user@1000.service/machine.slice/machine-mine.scope",
        "user@1000.service",
        "machine-mine.scope",
        null,
        null)]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/lxc/102/x.service", "user@1000.service", "x.service", null, null)]
    [InlineData(
        "0::/lxc/103/ns/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        "docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope",
        null,
        null,
        "lxc 103")]
    [InlineData("0::/lxc.payload.web/system.slice/x.service", "x.service", null, null, "lxc web")]
    [InlineData("0::/system.slice/nvidia-persistenced.service (deleted)", "nvidia-persistenced.service", null, null, null)]
    [InlineData("0::/user.slice/user-1000.slice/evil\u001b[2J.service", "evil\\x1b[2J.service", null, null, null)]
    public void A_control_group_names_unit_session_and_container(
        string text, string? unit, string? userUnit, string? session, string? container)
    {
        var group = ControlGroup.Parse(text);

        Assert.Equal((unit, userUnit, session, container), (group.Unit, group.UserUnit, group.Session, group.Container));
    }

    [Fact]
    public void A_process_name_with_parentheses_does_not_shift_its_fields()
    {
        const string rest = "S 612 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3";

        Assert.Equal((612, 987654L), ParentAndStart($"42 (Xorg) {rest}"));
        Assert.Equal((612, 987654L), ParentAndStart($"42 (a) R 1 (b) ) {rest}"));
        Assert.Null(ProcessStat.Parse("42 (Xorg"));

        static (int, long) ParentAndStart(string text) => ProcessStat.Parse(text) is { } stat ? (stat.Parent, stat.StartTime) : default;
    }

    [Theory]
    [InlineData("7f00-7f10 rw-s 00100000 00:06 1037                       /dev/dri/card1", true, 0x6u, 1037u)]
    [InlineData("00400000-00452000 r-xp 00000000 fd:1a 173521      /usr/bin/dbus daemon", true, 0xfd0000001au, 173521u)]
    [InlineData("7ffd1000-7ffd2000 rw-p 00000000 00:00 0           [stack]", false, 0u, 0u)]
    [InlineData("", false, 0u, 0u)]
    [InlineData("garbage", false, 0u, 0u)]
    public void A_memory_map_names_its_file(string line, bool hasFile, ulong fileSystem, ulong file)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(line);

        Assert.Equal(hasFile, ProcMaps.TryParse(bytes, out var map));
        if (!hasFile) return;
        Assert.Equal((fileSystem == 0xfd0000001a ? (0xfdul << 32) | 0x1a : fileSystem, file), map.Key);
        Assert.Equal(line[line.IndexOf('/')..], System.Text.Encoding.UTF8.GetString(bytes.AsSpan(map.PathStart)));
    }

    [Fact]
    public void Sessions_are_told_with_seat_terminal_and_kind()
    {
        var sessions = Logind.Parse("""
            Id=2
            User=1000
            Name=fernando
            VTNr=7
            Seat=seat0
            Remote=no
            Leader=1340
            Type=x11
            Class=user
            State=active
            Desktop=cinnamon
            IdleHint=no

            Id=c1
            User=120
            Name=gdm
            VTNr=0
            Seat=
            Type=wayland
            Class=greeter
            State=closing
            """);

        Assert.Equal(
            [
                new LoginSession
                {
                    Id = "2", Uid = 1000, User = "fernando", Vt = 7, Seat = "seat0", Leader = 1340, Type = "x11", Class = "user",
                    State = "active", Desktop = "cinnamon", IsIdle = false,
                },
                new LoginSession { Id = "c1", Uid = 120, User = "gdm", Type = "wayland", Class = "greeter", State = "closing" },
            ],
            sessions.AsEnumerable());
    }

    [Fact]
    public void Session_lists_of_any_version_give_their_ids() =>
        Assert.Equal(
            ["2", "c1", "17"],
            Logind.ParseList(
                "     2 1000 fernando seat0 1340 user tty7 no -\n    c1  120 gdm      seat0\n17 1000 x - 1 \n\n").AsEnumerable());

    [Fact]
    public void Units_are_matched_by_their_place_and_an_alias_gives_the_real_name()
    {
        var shown = SystemdUnits.Parse(
            "Id=lightdm.service\nLoadState=loaded\nActiveState=active\n\nId=ollama.service\nLoadState=not-found\nActiveState=inactive\n"
                + "\nId=x.service\nLoadState=loaded\nActiveState=failed\n",
            [new UnitName("display-manager.service"), new UnitName("ollama.service"), new UnitName("x.service")]);

        Assert.Equal(
            [("display-manager.service", "lightdm.service", "active"), ("x.service", "x.service", "failed")],
            shown.Select(unit => (unit.Asked.Name, unit.Unit.Name.Name, unit.Unit.ActiveState)));
    }

    [Fact]
    public void The_console_is_on_the_only_framebuffer_or_on_the_one_the_kernel_names_or_on_none()
    {
        Framebuffer first = new(0, "simpledrmdrmfb", null), second = new(1, "amdgpudrmfb", new PciAddress(0, 3, 0, 0));
        VtConsole dummy = new(0, "(S) dummy device", true), drawn = new(1, "(M) frame buffer device", true);

        Assert.Equal(first, Framebuffers.Shown([first], [dummy, drawn], () => null));
        Assert.Equal(second, Framebuffers.Shown([first, second], [dummy, drawn], () => 1));
        Assert.Null(Framebuffers.Shown([first, second], [dummy, drawn], () => null));
        Assert.Null(Framebuffers.Shown([first], [dummy, drawn with { IsBound = false }], () => 0));
        Assert.Null(Framebuffers.Shown([], [dummy, drawn], () => 0));
    }

    [Fact]
    public void A_rule_that_keeps_the_desktop_off_is_read_as_it_was_written()
    {
        var card = new PciDevice
        {
            Address = PciAddress.Parse("0000:01:00.0"),
            Class = new PciClass(0x030000),
            Id = new PciId(0x10de, 0x2684, 0x1043, 0x889d),
            Name = "",
        };
        var rule = SeatRule.For(card, isPermanent: true);

        Assert.Equal([rule], SeatRuleText.Parse(SeatRuleText.Of(rule), isPermanent: true));
        Assert.Empty(SeatRuleText.Parse(
            $"#{SeatRuleText.Of(rule).Split('\n')[1]}\nKERNELS==\"0000:02:00.0\"\nKERNELS==\"usb*\"\n", isPermanent: true));
    }

    [Theory]
    [InlineData("Q:seat\nQ:uaccess\nV:1\n", true)]
    [InlineData("G:seat\nG:mutter-device-ignore\nQ:mutter-device-ignore\nV:1\n", false)]
    [InlineData("G:master-of-seat\n", true)]
    [InlineData(null, null)]
    public void A_card_is_on_a_seat_as_long_as_its_current_tags_say_so(string? database, bool? expected)
    {
        using var machine = new MachineTree();
        if (database is not null) machine.File("run/udev/data/c226:1", database);

        var unknowns = new List<Unknown>();
        var files = new PartFiles(unknowns, UnknownFact.SeatTags, "");
        Assert.Equal(expected, SeatRuleReader.SeatOf(machine.Root, 226, 1, files).IsOnSeat);
        Assert.Empty(unknowns);
    }

    /// <summary>Here the entry leads in a circle, so that root cannot read it either.</summary>
    [Fact]
    public async Task A_database_of_udev_that_cannot_be_read_leaves_it_unknown_whether_a_card_is_on_a_seat()
    {
        using var machine = new MachineTree()
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .Class("drm", "card1", "0000:01:00.0/drm/card1", "226:1", "dri/card1")
            .LinkText("run/udev/data/c226:1", "c226:1");
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.Devices | SnapshotSections.State, null, default);
        var unknown = Assert.Single(host.Unknowns, one => one.Code == UnknownFact.SeatTags);
        Assert.Equal("0000:01:00.0", unknown.Of);
        Assert.Contains("/run/udev/data/c226:1 cannot be read: ", unknown.Reason, StringComparison.Ordinal);
        Assert.Null(host.Devices.Single().Nodes.Single().IsOnSeat);
    }

    [Theory]
    [InlineData("HOME=/root\0WAYLAND_DISPLAY=wayland-0\0", true)]
    [InlineData("DISPLAY=:0\0", true)]
    [InlineData("DISPLAY=localhost:10.0\0SSH_TTY=/dev/pts/1\0", false)]
    [InlineData("OLD_DISPLAY=:0\0", false)]
    [InlineData(null, false)]
    public void A_shell_in_a_window_of_this_machine_is_inside_the_desktop(string? environment, bool expected) =>
        Assert.Equal(expected, CallerLocationReader.NamesDesktop(environment));

    [Fact]
    public void Default_routes_of_both_protocols_count_and_the_kernels_own_on_lo_does_not() =>
        Assert.Equal(
            ["enp3s0", "wlan0"],
            NetworkUses.DefaultRoutes(
                "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                    + "enp3s0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
                "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000064 "
                    + "00000001 00000000 00000003    wlan0\n00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                    + "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n")
                .Order());

    [Fact]
    public void Reserved_regions_are_read_and_nonsense_is_not() =>
        Assert.Equal(
            [new ReservedRegion(0x1000, 0xffffffffffffffff, "direct")],
            IommuGroups.ParseRegions("0x0000000000001000 0xffffffffffffffff direct\nnonsense\n0x1 direct\n").AsEnumerable());

    [Fact]
    public void Nodes_of_the_whole_nvidia_driver_pin_the_right_module() =>
        Assert.Equal(
            [
                new DriverNode(195, 255, NodeKind.Nvidia, "nvidia"),
                new DriverNode(195, 254, NodeKind.Nvidia, "nvidia_modeset"),
                new DriverNode(195, null, NodeKind.Nvidia, "nvidia"),
                new DriverNode(511, null, NodeKind.Nvidia, "nvidia_uvm"),
                new DriverNode(237, null, NodeKind.Nvidia, "nvidia"),
            ],
            NvidiaNodes.OfDriver(
                "Character devices:\n  1 mem\n195 nvidia\n511 nvidia-uvm\n237 nvidia-caps\n\nBlock devices:\n195 nvidia\n"));
}
