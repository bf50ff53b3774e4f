using GpuTty.Diagnosis;
using GpuTty.Host.Settings;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What is done with disks, USB controllers and network cards is no card's leftover.</summary>
public sealed class OtherDevicesTests
{
    [Theory]
    [InlineData("etc/modprobe.d/vfio.conf", "options vfio-pci ids=144d:a808\n")]
    [InlineData("etc/initramfs-tools/modules", "vfio_pci ids=144d:a808\n")]
    [InlineData("etc/modprobe.d/vfio.conf", "alias pci:v0000144Dd0000A808sv*sd*bc*sc*i* vfio-pci\n")]
    [InlineData("etc/driverctl.d/0000:03:00.0", "vfio-pci\n")]
    [InlineData(
        "etc/libvirt/qemu/nas.xml",
        "<domain><name>nas</name><devices><hostdev mode='subsystem' type='pci' managed='yes'><source>"
            + "<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source></hostdev></devices></domain>\n")]
    [InlineData(
        "etc/systemd/system/usb.service",
        "[Service]\nExecStart=/bin/sh -c 'echo 0000:00:14.0 > /sys/bus/pci/drivers/xhci_hcd/unbind'\n[Install]\nWantedBy=a.target\n")]
    [InlineData("usr/local/bin/nic-away", "#!/bin/sh\necho 0000:03:00.0 > /sys/bus/pci/drivers/igc/unbind\n")]
    [InlineData(
        "etc/initramfs-tools/scripts/init-top/disk",
        "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:02:00.0/driver_override\n")]
    [InlineData("etc/libvirt/hooks/qemu", "#!/bin/sh\nvirsh_less=1\necho 0000:03:00.0 > /sys/bus/pci/drivers/igc/unbind\n")]
    public async Task Nobody_is_told_to_undo_it(string path, string text)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File(path, text);
        File.SetUnixFileMode(machine.Tree.At(path), (UnixFileMode)0x1ed);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Empty(said.Found);
        Assert.Empty(said.Fix().Changes);
    }

    [Fact]
    public async Task A_disk_that_another_program_has_given_away_by_new_id_is_nobody_s_leftover()
    {
        using var machine = OtherDevices.Machine();
        File.Delete(machine.Tree.At("sys/devices/pci0000:00/0000:02:00.0/driver"));
        machine.Tree.Driver(OtherDevices.Disk, "vfio-pci", "vfio_pci");
        Assert.Empty((await Diagnosed.OfAsync(machine)).Found);
    }

    [Theory]
    [InlineData("etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:2684,144d:a808,10de:22ba\n", "")]
    [InlineData("etc/initramfs-tools/modules", "vfio_pci ids=10de:2684,144d:a808,10de:22ba\n", "")]
    [InlineData("etc/kernel/cmdline", "root=/dev/sda1\n", "vfio-pci.ids=10de:2684,144d:a808,10de:22ba")]
    public async Task Ids_of_a_card_and_of_a_disk_are_told_apart_and_left(string path, string text, string parameter)
    {
        using var machine = OtherDevices.Machine().With(new Recipe("", [], parameter));
        machine.Tree.File(path, text);
        var said = await Diagnosed.OfAsync(machine);
        var finding = Assert.Single(said.Found);
        Assert.Equal(
            "vfio-pci takes 01:00.0, 01:00.1 at boot, and 02:00.0 as well, which is no part of a card; "
                + "gputty returns the card to the host anyway, but only until the next boot.",
            finding.Sentence);
        Assert.Equal(
            "To leave the card on the host at boot, remove 10de:2684, 10de:22ba from these ids, and keep the others.", finding.Action);
        Assert.Empty(said.Fix().Changes);
        Assert.Empty(said.Fix(DiagnosisCode.VfioIds).Changes);
    }

    [Fact]
    public async Task The_ids_of_a_card_go_and_those_of_a_disk_in_another_line_stay()
    {
        const string Text = "options vfio-pci ids=144d:a808\noptions vfio-pci ids=10de:2684\n";
        using var machine = OtherDevices.Machine();
        machine.Tree.File("etc/modprobe.d/vfio.conf", Text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal("options vfio-pci ids=144d:a808\n", said.After(new SettingsFile("/etc/modprobe.d/vfio.conf", Text)));
    }

    [Fact]
    public async Task Where_a_file_is_changed_for_one_line_a_person_is_still_told_of_another()
    {
        const string Text = "options vfio-pci ids=144d:a808,10de:22ba\noptions vfio-pci ids=10de:2684\n";
        using var machine = OtherDevices.Machine();
        machine.Tree.File("etc/modprobe.d/vfio.conf", Text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal("options vfio-pci ids=144d:a808,10de:22ba\n", said.After(new SettingsFile("/etc/modprobe.d/vfio.conf", Text)));
        Assert.Contains("remove 10de:22ba from these ids", Assert.Single(said.Fix().ByHand).Finding.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_modprobe_runs_for_a_disk_is_named_because_gputty_runs_it_too_and_left()
    {
        using var machine = OtherDevices.Machine();
        machine.Tree
            .File("etc/modprobe.d/disk.conf", "install vfio-pci /usr/local/bin/disk-away\n")
            .File("usr/local/bin/disk-away", "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:02:00.0/driver_override\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(DiagnosisCode.VfioInstallCommand, Assert.Single(said.Found).Code);
        Assert.Empty(said.Fix().Changes);
        Assert.Single(said.Fix().Optional);
    }

    [Theory]
    [InlineData("echo $1 > /sys/bus/pci/devices/$1/driver/unbind", "Whether this concerns a card cannot be told.")]
    [InlineData(
        "for d in 0000:01:00.0 0000:00:14.0; do echo $d > /sys/bus/pci/devices/$d/driver/unbind; done",
        "This concerns 00:14.0 as well, which is no part of a card.")]
    public async Task A_unit_that_is_not_a_card_s_alone_is_named_and_left(string script, string sentence)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree
            .File("etc/systemd/system/away.service", "[Service]\nExecStart=/usr/local/sbin/away\n[Install]\nWantedBy=multi-user.target\n")
            .LinkText("etc/systemd/system/multi-user.target.wants/away.service", "/etc/systemd/system/away.service")
            .File("usr/local/sbin/away", $"#!/bin/sh\n{script}\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(
            $"away.service binds and unbinds drivers at boot. {sentence}",
            Assert.Single(said.Found, one => one.Code == DiagnosisCode.UnitTouchesCard).Sentence);
        Assert.Empty(said.Fix().Changes);
    }

    [Theory]
    [InlineData("[ $2 = prepare ] || [ $2 = start ] && systemctl start hugepages", true)]
    [InlineData("[ $2 = prepare ] || [ $2 = start ] && echo 0000:03:00.0 > /sys/bus/pci/drivers/igc/unbind", true)]
    [InlineData("[ $2 = prepare ] || [ $2 = start ] && virsh nodedev-detach pci_0000_03_00_0", true)]
    [InlineData("[ $2 = prepare ] || [ $2 = start ] && echo 0000:01:00.0 > /sys/bus/pci/drivers/nvidia/unbind", false)]
    public async Task A_hook_that_does_something_else_twice_is_named_and_left(string text, bool isLeft)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File("etc/libvirt/hooks/qemu", $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(machine.Tree.At("etc/libvirt/hooks/qemu"), (UnixFileMode)0x1ed);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Contains(said.Found, finding => finding.Code == DiagnosisCode.HookRunsTwice);
        Assert.Equal(isLeft, said.Fix().Changes.IsEmpty);
    }

    [Fact]
    public async Task After_a_card_s_rule_is_gone_another_one_in_its_file_is_no_failure()
    {
        const string Text = "KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n"
            + "KERNEL==\"0000:0?:00.0\", ATTR{driver_override}=\"vfio-pci\"\n";
        using var machine = OtherDevices.Machine();
        machine.Tree.File("etc/udev/rules.d/10-vfio.rules", Text);
        var said = await Diagnosed.OfAsync(machine);
        var plan = said.Fix();
        machine.Tree.File(
            "etc/udev/rules.d/10-vfio.rules", said.After(new SettingsFile("/etc/udev/rules.d/10-vfio.rules", Text))!);
        var after = await Diagnosed.OfAsync(machine);
        Assert.Single(after.Found);
        Assert.Empty(plan.Remaining(after.All));
    }
}
