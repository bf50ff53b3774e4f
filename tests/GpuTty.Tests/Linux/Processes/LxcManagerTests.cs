using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Waydroid, Incus and LXD use LXC, and stop their containers with commands of their own.</summary>
public sealed class LxcManagerTests
{
    [Theory]
    [InlineData("var/lib/waydroid/lxc/waydroid", "lxc waydroid", "waydroid waydroid")]
    [InlineData("run/incus/media", "lxc media", "incus media")]
    [InlineData("var/lib/incus/containers/home_media", "lxc home_media", "incus home_media")]
    [InlineData("var/snap/lxd/common/lxd/containers/media", "lxc media", "lxd media")]
    [InlineData("var/lib/lxd/containers/media", "lxc media", "lxd media")]
    [InlineData("var/lib/lxd/containers/other", "lxc media", "lxc media")]
    [InlineData("var/lib/lxc/media", "lxc media", "lxc media")]
    [InlineData("var/lib/lxd/containers/media", "docker media", "docker media")]
    [InlineData("var/lib/lxd/containers", "lxc ..", "lxc ..")]
    public void A_container_is_its_managers_whose_files_have_it(string folder, string container, string named)
    {
        using var machine = new MachineTree();
        machine.Folder(folder);
        Assert.Equal(named, LxcManager.Named(machine.Root, container));
    }

    [Fact]
    public void Docker_that_snapd_has_installed_is_found() =>
        Assert.Contains("/snap/bin", CommandRunner.SystemDirectories);
}
