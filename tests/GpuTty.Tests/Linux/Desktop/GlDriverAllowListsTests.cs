using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Desktop;

namespace GpuTty.Tests.Linux.Desktop;

/// <summary>The files that name the drivers a desktop may ask: written, read back, and gone without a trace.</summary>
public sealed class GlDriverAllowListsTests : IDisposable
{
    private const string Mesa = "/usr/share/glvnd/egl_vendor.d/50_mesa.json";
    private const string Radv = "/usr/share/vulkan/icd.d/radeon_icd.x86_64.json:/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";

    private readonly MachineTree _machine = new MachineTree()
        .Folder("run/systemd/user")
        .Folder("etc/systemd/user")
        .Folder("run/environment.d");
    private readonly List<int> _reloaded = [];

    [Theory]
    [InlineData("org.gnome.Shell@wayland.service", false, "run/systemd/user/org.gnome.Shell@wayland.service.d/50-gputty.conf")]
    [InlineData("plasma-kwin_wayland.service", true, "etc/systemd/user/plasma-kwin_wayland.service.d/50-gputty.conf")]
    [InlineData(null, false, "run/environment.d/50-gputty.conf")]
    [InlineData(null, true, "etc/environment.d/50-gputty.conf")]
    public async Task A_pin_is_read_back_as_it_was_written_and_leaves_nothing_behind(string? unit, bool permanent, string path)
    {
        var before = Everything();
        var pin = new GlDriverAllowList(unit, Mesa, Radv, permanent);
        await Pins.WriteAsync(pin, default);
        Assert.Equal(pin, Assert.Single(GlDriverAllowLists.Read(_machine.Root, [])));
        Assert.True(File.Exists(_machine.At(path)));
        await Pins.RemoveAsync(pin, default);
        Assert.Empty(GlDriverAllowLists.Read(_machine.Root, []));
        // The folder for environments is left: other programs use it too.
        Assert.Equal(before, Everything().Except(["etc/environment.d"]));
    }

    [Fact]
    public void The_text_is_what_systemd_reads()
    {
        Assert.Equal(
            $"""
            # Written by gputty: which graphics drivers the desktop may ask. Taken away by: gputty pin off
            [Service]
            Environment=__EGL_VENDOR_LIBRARY_FILENAMES={Mesa}
            Environment=VK_DRIVER_FILES={Radv}

            """, new GlDriverAllowList("plasma-kwin_wayland.service", Mesa, Radv, false).Text);
        Assert.Equal(
            $"""
            # Written by gputty: which graphics drivers the desktop may ask. Taken away by: gputty pin off
            __EGL_VENDOR_LIBRARY_FILENAMES={Mesa}

            """, new GlDriverAllowList(null, Mesa, "", false).Text);
    }

    [Fact]
    public async Task Drop_ins_of_others_stay()
    {
        _machine.File("etc/systemd/user/plasma-kwin_wayland.service.d/own.conf", "[Service]\n");
        var pin = new GlDriverAllowList("plasma-kwin_wayland.service", Mesa, "", true);
        await Pins.WriteAsync(pin, default);
        await Pins.RemoveAsync(pin, default);
        Assert.True(File.Exists(_machine.At("etc/systemd/user/plasma-kwin_wayland.service.d/own.conf")));
    }

    [Fact]
    public async Task Managers_of_users_who_are_logged_in_read_it_at_once()
    {
        _machine.File("run/user/1000/systemd/private", "").Folder("run/user/1001").Folder("run/user/lost+found");
        await Pins.WriteAsync(new GlDriverAllowList(null, Mesa, "", false), default);
        Assert.Equal([1000], _reloaded);
    }

    [Theory]
    [InlineData("../../etc/cron.d/x.service")]
    [InlineData("")]
    [InlineData("a b.service")]
    public async Task A_name_that_is_no_unit_is_refused(string unit) =>
        await Assert.ThrowsAsync<HostException>(() => Pins.WriteAsync(new GlDriverAllowList(unit, Mesa, "", false), default));

    public void Dispose() => _machine.Dispose();

    private GlDriverAllowLists Pins => new(_machine.Root, (uid, _) =>
    {
        _reloaded.Add(uid);
        return Task.CompletedTask;
    });

    private List<string> Everything() =>
        [.. Directory.EnumerateFileSystemEntries(_machine.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_machine.Path, path))
            .Order()];
}
