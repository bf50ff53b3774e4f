using GpuTty.Diagnosis;

namespace GpuTty.Tests.Diagnosis;

/// <summary>Rules of udev that their owner needs are neither told wrongly nor taken out.</summary>
public sealed class NeededRulesTests
{
    private const string Rule = "etc/udev/rules.d/90-mine.rules";

    [Theory]
    [InlineData("TAG==\"seat\", ENV{ID_FOR_SEAT}==\"drm-pci-0000_01_00_0\", ENV{ID_SEAT}=\"seat1\"", DiagnosisCode.UdevSeat)]
    [InlineData(
        "SUBSYSTEM==\"drm\", KERNEL==\"card[0-9]*\", KERNELS==\"0000:01:00.0\", TAG-=\"seat\", TAG-=\"master-of-seat\"",
        DiagnosisCode.UdevSeat)]
    [InlineData(
        "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{reset_method}=\"bus\"", DiagnosisCode.UdevResetMethod)]
    [InlineData("SUBSYSTEM==\"drm\", KERNEL==\"card1\", MODE=\"0000\"", DiagnosisCode.UdevNodePermissions)]
    public async Task A_rule_that_only_its_owner_can_judge_is_named_and_left(string text, DiagnosisCode code)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File(Rule, $"{text}\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(code, Assert.Single(said.Found).Code);
        Assert.Empty(said.Fix().Changes);
        Assert.Equal(code, Assert.Single(said.Fix().Optional).Code);
        Assert.Single(said.Fix(code).Changes);
    }

    [Theory]
    // Of a seat, and of nodes, of other devices.
    [InlineData("TAG==\"seat\", ENV{ID_FOR_SEAT}==\"usb-pci-0000_00_14_0-usb-0_3\", ENV{ID_SEAT}=\"seat1\"")]
    [InlineData("SUBSYSTEM==\"drm\", KERNELS==\"0000:09:00.0\", TAG-=\"seat\"")]
    [InlineData("SUBSYSTEM==\"drm\", ATTRS{vendor}==\"0x1002\", MODE=\"0000\"")]
    // How other devices are reset.
    [InlineData("ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x144d\", ATTR{device}==\"0xa808\", ATTR{reset_method}=\"bus\"")]
    [InlineData("ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x1002\", ATTR{reset_method}=\"device_specific\"")]
    // Overrides and drivers of other devices.
    [InlineData("SUBSYSTEM==\"pci\", KERNEL==\"0000:00:14.0\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", KERNEL==\"0000:0[23]:00.0\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x8086\", ATTR{class}==\"0x020000\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", ENV{PCI_ID}==\"144D:A808\", RUN+=\"/bin/sh -c 'echo vfio-pci > /sys$devpath/driver_override'\"")]
    [InlineData("ACTION==\"add\", SUBSYSTEM==\"usb\", RUN+=\"/bin/sh -c 'echo 0000:00:14.0 > /sys/bus/pci/drivers/xhci_hcd/unbind'\"")]
    [InlineData("ACTION==\"add\", SUBSYSTEM==\"net\", RUN+=\"/bin/sh -c 'echo $DEV > /sys/bus/pci/drivers/igc/unbind'\"")]
    [InlineData("SUBSYSTEM==\"pci\", KERNEL==\"0000:03:00.0\", ATTR{enable}=\"0\"")]
    [InlineData("SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x144d\", ATTR{class}==\"0x010802\", ATTR{remove}=\"1\"")]
    [InlineData("SUBSYSTEM==\"pci\", KERNEL==\"0000:03:00.0\", ATTR{remove}=\"1\"")]
    [InlineData("SUBSYSTEM==\"usb\", KERNEL==\"1-2\", ATTR{remove}=\"1\"")]
    [InlineData("SUBSYSTEM==\"usb\", RUN+=\"/bin/sh -c 'echo USB=1 >> /etc/environment'\"")]
    public async Task A_rule_of_other_devices_is_no_card_s(string text)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File(Rule, $"{text}\n");
        Assert.Empty((await Diagnosed.OfAsync(machine)).Found);
    }

    [Theory]
    [InlineData("SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.[01]\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10DE\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", ENV{PCI_SLOT_NAME}==\"0000:01:00.0|0000:01:00.1\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", ATTR{class}==\"0x030000\", ATTR{vendor}!=\"0x8086\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", DEVPATH==\"*/0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("SUBSYSTEM==\"pci\", DRIVER==\"nvidia\", ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("ACTION==\"add\", SUBSYSTEM==\"usb\", RUN+=\"/bin/sh -c 'echo 0000:01:00.0 > /sys/bus/pci/drivers/nvidia/unbind'\"")]
    public async Task A_rule_of_a_card_goes_as_before(string text)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File(Rule, $"{text}\n");
        Assert.Equal($"/{Rule}", Assert.Single((await Diagnosed.OfAsync(machine)).Fix().Changes).Change.Path);
    }

    [Theory]
    [InlineData(
        "SUBSYSTEM==\"pci\", KERNEL==\"0000:0[12]:00.?\", ATTR{driver_override}=\"vfio-pci\"",
        "A rule sets the driver override of a device: at each boot, or each time it appears, the card goes to the driver that the rule "
            + "names. This concerns 02:00.0 as well, which is no part of a card.")]
    [InlineData(
        "SUBSYSTEM==\"usb\", RUN+=\"/usr/local/bin/move $env{X}\"",
        "A rule binds or unbinds drivers, unloads modules or removes devices from the bus, while gputty may be doing the same. "
            + "Whether this concerns a card cannot be told.")]
    public async Task What_is_not_a_card_s_alone_is_named_and_left(string text, string sentence)
    {
        using var machine = OtherDevices.Machine();
        machine.Tree.File(Rule, $"{text}\n").File("usr/local/bin/move", "#!/bin/sh\necho $1 > /sys/bus/pci/devices/$1/driver/unbind\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(sentence, Assert.Single(said.Found, finding => finding.Where!.Path == $"/{Rule}").Sentence);
        Assert.Empty(said.Fix().Changes);
        Assert.Contains(said.Fix().Optional, finding => finding.Where!.Path == $"/{Rule}");
    }

    [Fact]
    public async Task A_reset_that_vendor_reset_does_is_fine_while_its_module_is_loaded()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Rule, "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{reset_method}=\"device_specific\"\n");
        Assert.Equal(DiagnosisCode.UdevResetMethod, Assert.Single((await Diagnosed.OfAsync(machine)).Found).Code);
        machine.Tree.File("proc/modules", "vendor_reset 122880 0 - Live 0x0000000000000000 (OE)\n");
        Assert.Empty((await Diagnosed.OfAsync(machine)).Found);
    }

    /// <summary>As the driver's documentation has them (NVIDIA driver README, chapter PCI-Express Runtime D3 Power Management).</summary>
    private const string PowerRules =
        "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x0c0330\", ATTR{remove}=\"1\"\n"
            + "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x0c8000\", ATTR{remove}=\"1\"\n"
            + "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x040300\", ATTR{remove}=\"1\"\n"
            + "ACTION==\"bind\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x030000\", TEST==\"power/control\", "
            + "ATTR{power/control}=\"auto\"\n";

    [Theory]
    [InlineData("etc/udev/rules.d/80-nvidia-pm.rules")]
    [InlineData("usr/lib/udev/rules.d/80-nvidia-pm.rules")]
    public async Task Rules_that_take_a_card_s_side_functions_off_the_bus_leave_the_card_to_be_seen(string path)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(path, PowerRules);
        var said = await Diagnosed.OfAsync(machine);
        var finding = Assert.Single(said.Found);
        Assert.Equal((DiagnosisCode.UdevRemovesDevice, FindingGroup.Attention), (finding.Code, finding.Group));
        Assert.Equal(
            "A rule removes side functions of a card, such as its sound, from the bus as soon as the kernel has found them: "
                + "the display function stays, and goes to a virtual machine without them.",
            finding.Sentence);
        Assert.Empty(said.Fix().Changes);
    }

    [Theory]
    [InlineData(
        "ATTR{vendor}==\"0x10de\", ATTR{device}==\"0x22bb\", ATTR{remove}=\"1\"",
        "A rule removes side functions of a card, such as its sound, from the bus as soon as the kernel has found them: "
            + "the display function stays, and goes to a virtual machine without them.")]
    [InlineData(
        "SUBSYSTEM==\"pci\", KERNEL==\"0000:07:00.0\", ATTR{remove}=\"1\"",
        "A rule removes a device from the bus as soon as the kernel has found it. Whether this concerns a card cannot be told.")]
    public async Task What_is_not_there_to_be_looked_at_is_left_to_its_owner(string text, string sentence)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Rule, $"{text}\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(sentence, Assert.Single(said.Found).Sentence);
        Assert.Empty(said.Fix().Changes);
    }

    [Fact]
    public async Task Where_the_display_function_goes_as_well_all_of_the_file_is_one_problem()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(
            "lib/udev/rules.d/50-remove-nvidia.rules",
            "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x0c0330\", ATTR{remove}=\"1\"\n"
                + "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x03[0-9]*\", ATTR{remove}=\"1\"\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(FindingGroup.Problem, Assert.Single(said.Found, one => one.Code == DiagnosisCode.UdevRemovesDevice).Group);
        Assert.Equal("/etc/udev/rules.d/50-remove-nvidia.rules", Assert.Single(said.Fix().Changes).Change.Path);
    }
}
