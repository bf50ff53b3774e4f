using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Pci;

namespace GpuTty.Tests.Linux.Kernel;

/// <summary>modprobe.d and the kernel command line mean to GpuTty what they mean to modprobe and to the kernel.</summary>
public sealed class ModprobeConfigurationTests
{
    private static readonly PciDevice s_radeon = new()
    {
        Address = PciAddress.Parse("0d:00.0"),
        Class = new PciClass(0x030000),
        Id = new PciId(0x1002, 0x73df, 0x1eae, 0x6701),
        Name = "Radeon",
    };

    [Theory]
    [InlineData("blacklist nouveau", true)]
    [InlineData("  blacklist\tnouveau   ", true)]
    [InlineData("blacklist nou\\\nveau", true)]
    [InlineData("# blacklist nouveau", false)]
    [InlineData("#comment \\\nblacklist nouveau", false)]
    [InlineData("blacklist nouveau2", false)]
    [InlineData("blacklist", false)]
    public void A_blacklisted_module_is_not_loaded_by_itself_but_may_be_by_its_name(string text, bool isKeptBack)
    {
        var settings = Of(text);
        Assert.Equal(isKeptBack, settings.KeepsBack("nouveau") is not null);
        Assert.Null(settings.Forbids("nouveau"));
    }

    [Theory]
    [InlineData("install snd_hda_intel /bin/false", true)]
    [InlineData("install snd-hda-intel /usr/bin/true", true)]
    [InlineData("install snd_hda_* /bin/false", true)]
    [InlineData("alias snd-hda-intel off", true)]
    [InlineData("install snd_hda_intel /bin/true; /sbin/modprobe --ignore-install snd_hda_intel", false)]
    [InlineData("install snd_hda_intel /usr/local/sbin/load-sound", false)]
    [InlineData("install snd_hda_intel", false)]
    [InlineData("remove snd_hda_intel /bin/false", false)]
    [InlineData("install snd_hda_intel /sbin/mine\ninstall snd_hda_intel /bin/false", false)]
    public void A_module_whose_install_line_loads_nothing_cannot_be_loaded_at_all(string text, bool isForbidden)
    {
        Assert.Equal(isForbidden, Of(text).Forbids("snd_hda_intel") is not null);
        Assert.Equal(isForbidden, Of(text).KeepsBack("snd-hda-intel") is not null);
    }

    [Theory]
    [InlineData("quiet modprobe.blacklist=radeon,nouveau splash", true, false)]
    [InlineData("module_blacklist=radeon,nouveau", true, true)]
    [InlineData("module-blacklist=nouveau", true, true)]
    [InlineData("rd.driver.blacklist=nouveau", false, false)]
    [InlineData("quiet -- modprobe.blacklist=nouveau", false, false)]
    [InlineData("dyndbg=\"file x modprobe.blacklist=nouveau\"", false, false)]
    public void The_kernel_command_line_says_so_too(string commandLine, bool isKeptBack, bool isForbidden)
    {
        var settings = ModprobeConfiguration.Parse([], commandLine);
        Assert.Equal((isKeptBack, isForbidden), (settings.KeepsBack("nouveau") is not null, settings.Forbids("nouveau") is not null));
    }

    [Theory]
    [InlineData("options vfio-pci ids=10de:2684,1002:73df disable_vga=1", "", "vfio-pci")]
    [InlineData("options vfio_pci disable_vga=1 ids=1002:73df:1eae:6701", "", "vfio-pci")]
    [InlineData("", "vfio-pci.ids=10de:2684,1002:73df", "vfio-pci")]
    [InlineData("", "vfio_pci.ids=1002:ffffffff:ffffffff:ffffffff:030000:ff0000", "vfio-pci")]
    [InlineData("", "pci-stub.ids=1002:73df", "pci-stub")]
    [InlineData("options vfio-pci ids=1002:73df:1234", "", null)]
    [InlineData("options vfio-pci ids=1002", "", null)]
    [InlineData("", "vfio-pci.ids=ffffffff:ffffffff:ffffffff:ffffffff:040300:ffff00", null)]
    [InlineData("options other ids=1002:73df", "other.ids=1002:73df", null)]
    public void Ids_that_a_placeholder_was_told_are_known_from_wherever_they_are_written(string text, string commandLine, string? driver) =>
        Assert.Equal(
            driver,
            ModprobeConfiguration.Parse([new SettingsFile("x.conf", text)], commandLine).Ids.FirstOrDefault(id =>
                id.Matches(s_radeon))?.Driver);

    [Fact]
    public void A_file_hides_those_of_its_name_in_later_folders_and_the_settings_name_where_they_are_from()
    {
        using var tree = new MachineTree();
        tree.File("usr/lib/modprobe.d/nouveau.conf", "install nouveau /bin/false\n")
            .File("etc/modprobe.d/nouveau.conf", "# mine\n")
            .File("lib/modprobe.d/a.conf", "blacklist radeon\n")
            .File("run/modprobe.d/b.conf", "install amdgpu /bin/false\n")
            .File("etc/modprobe.d/notes.txt", "blacklist i915\n");
        var settings = ModprobeConfiguration.Parse(ModprobeConfiguration.Files(tree.Root, []), "");
        Assert.Null(settings.Forbids("nouveau"));
        Assert.Null(settings.KeepsBack("i915"));
        Assert.Equal("/lib/modprobe.d/a.conf", settings.KeepsBack("radeon")!.Source);
        Assert.Equal("/run/modprobe.d/b.conf", settings.Forbids("amdgpu")!.Source);
    }

    [Theory]
    [InlineData("a link in a circle")]
    [InlineData("a file longer than any")]
    public async Task A_file_that_cannot_be_read_is_said_and_the_others_count(string what)
    {
        using var tree = new MachineTree();
        tree.File("etc/modprobe.d/a.conf", "blacklist radeon\n").Folder("etc/modprobe.d/folder.conf");
        if (what == "a link in a circle")
            tree.LinkText("etc/modprobe.d/b.conf", "b.conf").LinkText("etc/driverctl.d/0000:01:00.0", "0000:01:00.0");
        else tree.File("etc/modprobe.d/b.conf", new byte[5 * 1024 * 1024]).File("etc/libvirt/qemu/win11.xml", new byte[5 * 1024 * 1024]);
        using var reader = Readers.For(tree);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.NotNull(host.ModuleSettings.KeepsBack("radeon"));
        Assert.Contains(
            "/etc/modprobe.d/b.conf cannot be read: ",
            Assert.Single(host.Unknowns, unknown => unknown.Code == UnknownFact.ModuleSettings).Reason,
            StringComparison.Ordinal);
        Assert.Single(host.Unknowns, unknown => unknown.Code == UnknownFact.OtherPrograms);
        // A look at less does not forget it.
        Assert.Single(
            (await reader.ReadAsync(SnapshotSections.Devices, host, default)).Unknowns,
            unknown => unknown.Code == UnknownFact.ModuleSettings);
    }

    [Fact]
    public void A_file_without_an_end_of_line_or_in_latin_1_counts_like_any_other()
    {
        using var tree = new MachineTree();
        tree.File("etc/modprobe.d/a.conf", "# f\u00fcr\nblacklist radeon\nblacklist nouveau").File(
            "etc/modprobe.d/b.conf", [.. "# f"u8, 0xfc, .. "r\nblacklist i915 \nblacklist xe\r\n"u8]);
        var settings = ModprobeConfiguration.Parse(ModprobeConfiguration.Files(tree.Root, []), "");
        Assert.All((string[])["radeon", "nouveau", "i915"], module => Assert.NotNull(settings.KeepsBack(module)));
        // kmod takes a carriage return for a part of the name.
        Assert.Null(settings.KeepsBack("xe"));
    }

    [Fact]
    public void A_blacklist_does_not_keep_a_registered_driver_from_a_function()
    {
        var settings = Of("blacklist nouveau");
        Assert.Equal("nvidia", Assert.Single(settings.Loadable(["nouveau", "nvidia"], [])));
        Assert.Equal("nouveau nvidia", string.Join(' ', settings.Loadable(["nvidia", "nouveau"], [new PciDriver("nouveau", "nouveau")])));
    }

    [Fact]
    public void A_module_that_needs_a_forbidden_one_cannot_be_loaded_either()
    {
        using var tree = new MachineTree();
        tree.File(
            "lib/modules/6.12.0/modules.dep",
            "kernel/sound/pci/hda/snd-hda-intel.ko.xz: kernel/sound/pci/hda/snd-hda-codec.ko.xz kernel/sound/core/snd.ko.xz\n");
        var settings =
            new ModuleDependencies(tree.Root, "6.12.0").WithDependents(
                Of("install snd_hda_codec /bin/false"), ["snd_hda_intel", "nvidia"], []);
        Assert.NotNull(settings.Forbids("snd_hda_intel"));
        Assert.Null(settings.Forbids("nvidia"));
        tree.Folder("sys/module/snd_hda_codec");
        Assert.Null(new ModuleDependencies(tree.Root, "6.12.0")
            .WithDependents(Of("install snd_hda_codec /bin/false"), ["snd_hda_intel"], [])
            .Forbids("snd_hda_intel"));
    }

    [Theory]
    [InlineData("usr/lib/modules")]
    [InlineData("run/booted-system/kernel-modules/lib/modules")]
    [InlineData("run/booted-system/kernel/lib/modules")]
    [InlineData("run/current-system/kernel-modules/lib/modules")]
    public void Modules_are_found_where_nixos_and_guix_have_them(string folder)
    {
        using var tree = new MachineTree();
        tree.File($"{folder}/6.12.0/modules.alias", "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia\n");
        Assert.Equal(
            "nvidia",
            Assert.Single(ModulesAlias.Read(tree.Root, "6.12.0").Find("pci:v000010DEd00002684sv00001043sd0000889Abc03sc00i00")));
    }

    private static ModuleSettings Of(string text) => ModprobeConfiguration.Parse([new SettingsFile("etc/modprobe.d/x.conf", text)], "");
}
