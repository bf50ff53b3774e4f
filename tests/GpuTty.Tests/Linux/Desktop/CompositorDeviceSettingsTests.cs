using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Desktop;

/// <summary>Settings that tell desktops which cards to open, and the drivers that are installed for them.</summary>
public sealed class CompositorDeviceSettingsTests : IDisposable
{
    private static readonly PciDevice s_card = new()
    {
        Address = PciAddress.Parse("0000:01:00.0"),
        Class = new PciClass(0x030000),
        Id = new PciId(0x10de, 0x2684),
        Name = "Big card",
        HeaderType = 0,
        Nodes = [new DeviceNode("/dev/dri/card1", NodeKind.Card, 226, 1)],
    };

    private static readonly LoginSession s_ada = new()
    {
        Id = "2",
        Uid = 1000,
        User = "ada",
        Type = "wayland",
        Class = "user",
        State = "active",
        Leader = 800,
    };

    private readonly MachineTree _machine = new();

    [Fact]
    public void The_environment_of_a_compositor_is_read_and_its_links_are_followed()
    {
        Compositor(812, "kwin_wayland").Link("dev/dri/by-path/pci-0000:01:00.0-card", "dev/dri/card1")
            .File(
                "proc/812/environ",
                "HOME=/home/ada\0KWIN_DRM_DEVICES=/dev/dri/by-path/pci-0000\\:01\\:00.0-card:/dev/dri/card0\0LANG=C\0")
            .File("proc/900/comm", "bash\n").File("proc/900/environ", "WLR_DRM_DEVICES=/dev/dri/card7\0");
        var pin = Assert.Single(Read());
        Assert.Equal(("KWIN_DRM_DEVICES", "kwin_wayland (812)"), (pin.Setting, pin.Where));
        Assert.Equal("/dev/dri/card1 /dev/dri/card0", string.Join(' ', pin.Nodes));
        Assert.True(pin.Names(s_card));
    }

    [Theory]
    [InlineData("Hyprland", "AQ_DRM_DEVICES=/dev/dri/card0", "AQ_DRM_DEVICES")]
    [InlineData("sway", "WLR_DRM_DEVICES=/dev/dri/card0", "WLR_DRM_DEVICES")]
    [InlineData("sway", "WLR_DRM_DEVICES=", "")]
    [InlineData("sway", "XWLR_DRM_DEVICES=/dev/dri/card0", "")]
    [InlineData("xterm", "WLR_DRM_DEVICES=/dev/dri/card0", "")]
    public void Only_compositors_and_their_own_variables_count(string comm, string environment, string setting)
    {
        Compositor(5, comm).File("proc/5/environ", $"{environment}\0");
        Assert.Equal(setting, string.Join(' ', Read().Select(pin => pin.Setting)));
    }

    [Fact]
    public void The_leader_of_a_graphical_session_counts_whatever_it_is_called()
    {
        Compositor(70, "startmydesktop").File("proc/70/environ", "WLR_DRM_DEVICES=/dev/dri/card0\0");
        Assert.Equal("startmydesktop (70)", Assert.Single(Read(s_ada with { Leader = 70 })).Where);
        Assert.Empty(Read(s_ada with { Leader = 70, Type = "tty" }));
    }

    /// <summary>security: processes are called what their owners like, and
    /// reading the memory of a thousand of them costs gigabytes.</summary>
    [Theory]
    [InlineData(1000, "/user.slice/user-1000.slice/session-2.scope", true)]
    [InlineData(1000, "/user.slice/user-1000.slice/user@1000.service/session.slice/x.service", true)]
    [InlineData(0, "/system.slice/lightdm.service", true)]
    [InlineData(1001, "/user.slice/user-1000.slice/session-2.scope", false)]
    [InlineData(1001, "/user.slice/user-1001.slice/user@1001.service/app.slice/x.service", false)]
    [InlineData(1000, "/system.slice/cron.service", false)]
    public void Only_compositors_of_root_and_of_sessions_are_read(int uid, string group, bool isRead)
    {
        Compositor(5, "Xorg", uid, group).File("proc/5/environ", "WLR_DRM_DEVICES=/dev/dri/card0\0");
        Assert.Equal(isRead ? 1 : 0, Read().Length);
    }

    [Fact]
    public void Not_more_compositors_are_read_than_a_machine_has_and_what_was_left_out_is_said()
    {
        for (var pid = 100; pid < 200; pid++) Compositor(pid, "Xorg").File($"proc/{pid}/environ", $"WLR_DRM_DEVICES=/dev/dri/card{pid}\0");
        var unknowns = new List<Unknown>();
        Assert.Equal(
            32,
            new CompositorDeviceSettings(_machine.Root, new ProcMemory(_machine.Root, "environ")).Read([s_ada], [s_card], unknowns).Length);
        Assert.Contains(unknowns, unknown => unknown.Reason.Contains("More than 32 compositors", StringComparison.Ordinal));
    }

    [Fact]
    public void An_environment_longer_than_any_login_makes_is_not_read_and_that_is_said()
    {
        Compositor(5, "sway").File("proc/5/environ", $"X={new string('A', 200_000)}\0WLR_DRM_DEVICES=/dev/dri/card0\0");
        List<Unknown> unknowns = [];
        Assert.Empty(new CompositorDeviceSettings(_machine.Root, new ProcMemory(_machine.Root, "environ")).Read(
            [s_ada], [s_card], unknowns));
        Assert.Equal("settings of process 5", Assert.Single(unknowns).Fact);
    }

    [Theory]
    [InlineData("Section \"ServerFlags\"\n  Option \"AutoAddGPU\" \"off\"\nEndSection\n", true)]
    [InlineData("  option \"auto_add gpu\" \"FALSE\"\n", true)]
    [InlineData("# Option \"AutoAddGPU\" \"off\"\n", false)]
    [InlineData("Option \"AutoAddGPU\" \"on\"\n", false)]
    [InlineData("Option \"AutoAddGPU\" \"off\"\nOption \"AutoAddGPU\" \"true\"\n", false)]
    public void Xorg_can_be_told_to_add_no_card(string config, bool isOff)
    {
        _machine.File("etc/X11/xorg.conf.d/20-gpu.conf", config);
        Assert.Equal(isOff ? ["/etc/X11/xorg.conf.d/20-gpu.conf"] : [], Read().Select(pin => pin.Where));
    }

    [Fact]
    public void A_tag_of_the_distribution_is_told_with_its_rule_and_our_own_is_not()
    {
        _machine.File("run/udev/data/c226:1", "E:ID_SEAT=seat-gputty\nG:mutter-device-ignore\nQ:mutter-device-ignore\n")
            .File("run/udev/rules.d/72-gputty-0000-01-00.0.rules", SeatRuleText.Of(SeatRule.For(s_card, isPermanent: false)));
        Assert.Empty(Read());
        _machine.File("usr/lib/udev/rules.d/61-vendor.rules", "SUBSYSTEM==\"drm\", TAG+=\"mutter-device-ignore\"\n");
        var pin = Assert.Single(Read());
        Assert.Equal(("mutter-device-ignore", "/usr/lib/udev/rules.d/61-vendor.rules"), (pin.Setting, pin.Where));
        Assert.True(pin.Names(s_card));
    }

    [Fact]
    public void Rules_that_may_have_set_a_tag_and_cannot_be_read_are_unknown()
    {
        _machine.File("run/udev/data/c226:1", "Q:mutter-device-ignore\n")
            .Folder("usr/lib/udev/rules.d")
            .LinkText("usr/lib/udev/rules.d/61-vendor.rules", "61-vendor.rules");
        List<Unknown> unknowns = [];
        Assert.Empty(new CompositorDeviceSettings(_machine.Root, new ProcMemory(_machine.Root, "environ")).Read(
            [s_ada], [s_card], unknowns));
        Assert.Contains(
            unknowns,
            unknown => unknown.Code == UnknownFact.DesktopSettings
                && unknown.Reason.Contains("61-vendor.rules cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void Tags_in_a_database_that_cannot_be_read_are_unknown_and_not_missing()
    {
        _machine.LinkText("run/udev/data/c226:1", "c226:1");
        List<Unknown> unknowns = [];
        Assert.Empty(new CompositorDeviceSettings(_machine.Root, new ProcMemory(_machine.Root, "environ")).Read(
            [s_ada], [s_card], unknowns));
        Assert.Contains("/run/udev/data/c226:1 cannot be read: ", Assert.Single(unknowns).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_from_the_machine_are_made_visible()
    {
        Compositor(5, "sway").File("proc/5/environ", "WLR_DRM_DEVICES=/dev/dri/\u001b[2Jcard0\0");
        Assert.DoesNotContain('\u001b', Assert.Single(Read()).Value + Read()[0].Nodes[0]);
    }

    [Fact]
    public void Installed_drivers_are_told_apart_by_their_libraries()
    {
        _machine
            .File(
                "usr/share/glvnd/egl_vendor.d/10_nvidia.json",
                """{"file_format_version":"1.0.0","ICD":{"library_path":"libEGL_nvidia.so.0"}}""")
            .File(
                    "usr/share/glvnd/egl_vendor.d/50_mesa.json",
                    """{"file_format_version":"1.0.0","ICD":{"library_path":"libEGL_mesa.so.0"}}""")
            .File(
                    "usr/share/vulkan/icd.d/radeon_icd.x86_64.json",
                    """{"ICD":{"library_path":"libvulkan_radeon.so","api_version":"1.3"},"file_format_version":"1.0.0"}""")
            .File("usr/share/vulkan/icd.d/broken.json", "{")
            .File("usr/share/vulkan/icd.d/list.json", "[]")
            .File("usr/share/vulkan/icd.d/od d.json", """{"ICD":{"library_path":"x"}}""")
            .File("etc/vulkan/icd.d/nvidia_icd.json", """{"ICD":{"library_path":"libGLX_nvidia.so.0"}}""");
        Assert.Equal(
            [
                "/usr/share/glvnd/egl_vendor.d/10_nvidia.json True",
                "/usr/share/glvnd/egl_vendor.d/50_mesa.json False",
                "/etc/vulkan/icd.d/nvidia_icd.json True",
                "/usr/share/vulkan/icd.d/radeon_icd.x86_64.json False",
            ],
            GlDrivers.Read(_machine.Root, []).Select(driver => $"{driver.Path} {driver.IsNvidia}"));
    }

    [Theory]
    [InlineData("""{"ICD":{"library_path":"\ud800"}}""")]
    [InlineData("""{"\ud800":1,"ICD":{"library_path":"x\udfff"}}""")]
    [InlineData("""{"ICD":{"\ud800":1,"library_path":"\ud83d"}}""")]
    public async Task M25_a_driver_s_file_with_half_a_letter_is_left_out_and_the_look_goes_on(string json)
    {
        _machine
            .File("usr/share/vulkan/icd.d/half.json", json)
            .File("usr/share/vulkan/icd.d/nvidia_icd.json", """{"ICD":{"library_path":"libGLX_nvidia.so.0"}}""");
        using var reader = Readers.For(_machine);
        Assert.Equal(
            "/usr/share/vulkan/icd.d/nvidia_icd.json",
            Assert.Single((await reader.ReadAsync(SnapshotSections.All, null, default)).GlDrivers).Path);
    }

    public void Dispose() => _machine.Dispose();

    private MachineTree Compositor(int pid, string comm, int uid = 1000, string group = "/user.slice/user-1000.slice/session-2.scope") =>
        _machine
            .File($"proc/{pid}/comm", $"{comm}\n")
            .File($"proc/{pid}/status", $"Name:\t{comm}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n")
            .File($"proc/{pid}/cgroup", $"0::{group}\n");

    private System.Collections.Immutable.ImmutableArray<CompositorDeviceSetting> Read(params LoginSession[] sessions) =>
        new CompositorDeviceSettings(_machine.Root, new ProcMemory(_machine.Root, "environ")).Read(
            sessions.Length == 0 ? [s_ada] : sessions, [s_card], []);
}
