using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Pci;

namespace GpuTty.Tests.Linux.Pci;

/// <summary>Lists of depmod(8) that are there and cannot be read: here they lead in a circle, so that not even root can.</summary>
public sealed class UnreadableModuleListsTests : IDisposable
{
    private const string Folder = "lib/modules/6.12.0";
    private const string VfioPci = "kernel/drivers/vfio/pci/vfio-pci.ko";
    private readonly MachineTree _machine = new MachineTree()
        .Pci("0000:01:00.0", "030000", "10de:2684")
        .Attribute("0000:01:00.0", "modalias", "pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00\n")
        .File("proc/sys/kernel/osrelease", "6.12.0\n");

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("modules.dep", "modules.builtin")]
    [InlineData("modules.builtin", "modules.dep")]
    public async Task Vfio_pci_may_be_in_the_list_that_cannot_be_read(string unread, string read)
    {
        Circle($"{Folder}/{unread}");
        _machine.File($"{Folder}/{read}", "kernel/drivers/gpu/drm/drm.ko:\n");
        var host = await LookAsync();
        Assert.Null(host.Vfio.HasModule);
        Assert.Equal("whether the module vfio-pci is installed", Untold(host, UnknownFact.ModuleSettings, unread).Fact);
        _machine.File($"{Folder}/{read}", $"{VfioPci}:\n");
        host = await LookAsync();
        Assert.True(host.Vfio.HasModule);
        Assert.DoesNotContain(host.Unknowns, unknown => unknown.Code == UnknownFact.ModuleSettings);
    }

    [Theory]
    [InlineData("lib/modules")]
    [InlineData("run/booted-system/kernel-modules/lib/modules")]
    public async Task The_list_of_what_fits_the_devices_is_not_called_missing(string modules)
    {
        Circle($"{modules}/6.12.0/modules.alias");
        Assert.Contains(
            "modules.alias cannot be read: ",
            Untold(await LookAsync(), UnknownFact.DeviceModules, "modules.alias").Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_module_needs_is_unknown_until_the_list_can_be_read_and_asked_for_only_where_something_is_forbidden()
    {
        Circle($"{Folder}/modules.dep");
        var dependencies = new ModuleDependencies(_machine.Root, "6.12.0");
        var unknowns = new List<Unknown>();
        dependencies.WithDependents(Of("blacklist nouveau"), ["nvidia"], unknowns);
        Assert.Empty(unknowns);
        var forbids = Of("install i2c_core /bin/false");
        Assert.Null(dependencies.WithDependents(forbids, ["nvidia"], unknowns).Forbids("nvidia"));
        Assert.Equal(UnknownFact.ModuleSettings, Assert.Single(unknowns).Code);

        File.Delete(_machine.At($"{Folder}/modules.dep"));
        _machine.File($"{Folder}/modules.dep", "updates/dkms/nvidia.ko: kernel/drivers/i2c/i2c-core.ko\n");
        unknowns.Clear();
        Assert.Equal(
            ModuleRuleKind.NeedsForbidden, dependencies.WithDependents(forbids, ["nvidia"], unknowns).Forbids("nvidia")?.Kind);
        Assert.Empty(unknowns);
    }

    [Theory]
    [InlineData("", "nvidia nvidia_drm old_driver")]
    [InlineData("install nvidia modprobe -i nvidia-current $CMDLINE_OPTS", "nvidia_drm old_driver")]
    [InlineData("install nvidia-drm modprobe nvidia-modeset ; modprobe -i nvidia-other-drm $OPTS", "nvidia nvidia_drm old_driver")]
    [InlineData("install old-driver /usr/local/sbin/load-it", "nvidia nvidia_drm")]
    [InlineData("install old-driver /sbin/modprobe --ignore-install $CMDLINE_OPTS old-driver", "nvidia nvidia_drm")]
    [InlineData("install old-driver modprobe -i -q old-driver", "nvidia nvidia_drm")]
    [InlineData("install old-driver modprobe -i nvidia-current && modprobe -i gone", "nvidia nvidia_drm")]
    [InlineData("install old-driver modprobe -i old-driver && modprobe -i nvidia-current", "nvidia nvidia_drm old_driver")]
    [InlineData("alias nvidia nvidia-current", "nvidia_drm old_driver")]
    public async Task A_loaded_module_is_installed_where_the_file_is_that_its_name_loads(string settings, string missing)
    {
        _machine
            .File("proc/modules", string.Concat(((string[])["nvidia", "nvidia_drm", "snd_hda_intel", "old_driver"]).Select(name =>
                $"{name} 1 0 - Live 0x0\n")))
            .File(
                $"{Folder}/modules.dep",
                "kernel/sound/pci/hda/snd-hda-intel.ko.xz: kernel/old_driver.ko.xz\nupdates/dkms/nvidia-current.ko.xz:\n")
            .File("etc/modprobe.d/x.conf", $"{settings}\n");
        Assert.Equal(missing.Split(' '), (await LookAtAllAsync()).NotInstalled);
    }

    [Fact]
    public async Task Which_modules_are_installed_is_unknown_where_the_list_is_missing_or_cannot_be_read()
    {
        Assert.Empty((await LookAtAllAsync()).Unknowns.Where(unknown => unknown.Code == UnknownFact.InstalledModules));
        _machine.File("proc/modules", "nvidia 1 0 - Live 0x0\n");
        Assert.EndsWith(
            "is missing.", Untold(await LookAtAllAsync(), UnknownFact.InstalledModules, "modules.dep").Reason, StringComparison.Ordinal);
        Circle($"{Folder}/modules.dep");
        Assert.Contains(
            "modules.dep cannot be read: ",
            Untold(await LookAtAllAsync(), UnknownFact.InstalledModules, "modules.dep").Reason,
            StringComparison.Ordinal);
    }

    private async Task<HostSnapshot> LookAtAllAsync()
    {
        using var reader = Readers.For(_machine);
        return await reader.ReadAsync(SnapshotSections.All, null, default);
    }

    private static ModuleSettings Of(string text) => ModprobeConfiguration.Parse([new SettingsFile("etc/modprobe.d/x.conf", text)], "");

    private static Unknown Untold(HostSnapshot host, UnknownFact fact, string file) =>
        Assert.Single(host.Unknowns, unknown => unknown.Code == fact && unknown.Reason.Contains(file, StringComparison.Ordinal));

    private async Task<HostSnapshot> LookAsync()
    {
        using var reader = Readers.For(_machine);
        return await reader.ReadAsync(SnapshotSections.Devices, null, default);
    }

    private void Circle(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        _machine.LinkText(path, $"{name}.circle").LinkText($"{path}.circle", name);
    }
}
