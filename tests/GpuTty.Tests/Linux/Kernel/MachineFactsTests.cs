using GpuTty.Host;
using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux.Kernel;

public sealed class MachineFactsTests
{
    [Theory]
    [InlineData(
        "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme hypervisor lahf_lm\n\nprocessor\t: 1\n",
        ProcessorMaker.Intel,
        Platform.Guest)]
    [InlineData("processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu vme svm\n\n", ProcessorMaker.Amd, Platform.Hardware)]
    [InlineData("processor\t: 0\nvendor_id\t: HygonGenuine\nflags\t\t: fpu\n", ProcessorMaker.Amd, Platform.Hardware)]
    [InlineData("processor\t: 0\nvendor_id\t: CentaurHauls\nflags\t\t: fpu\n", ProcessorMaker.Other, Platform.Hardware)]
    [InlineData("processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\n", ProcessorMaker.Arm, Platform.Unknown)]
    [InlineData("processor\t: 0\nhart\t: 1\nisa\t: rv64imafdc\n", ProcessorMaker.Other, Platform.Unknown)]
    [InlineData("processor\t: 0\ncpu\t: POWER9, altivec supported\n", ProcessorMaker.Other, Platform.Unknown)]
    [InlineData("nonsense", ProcessorMaker.Unknown, Platform.Unknown)]
    public void The_processor_tells_its_maker_and_whether_it_is_a_guests(string cpuinfo, ProcessorMaker processor, Platform platform)
    {
        using var machine = new MachineTree();
        machine.File("proc/cpuinfo", cpuinfo);
        Assert.Equal(new MachineKind(processor, platform, Chassis.Unknown), MachineFacts.Read(machine.Root));
    }

    [Theory]
    [InlineData("8", Chassis.Portable)]
    [InlineData("10", Chassis.Portable)]
    [InlineData("31", Chassis.Portable)]
    [InlineData("35", Chassis.Compact)]
    [InlineData("3", Chassis.Desktop)]
    [InlineData("23", Chassis.Server)]
    [InlineData("2", Chassis.Unknown)]
    [InlineData("x", Chassis.Unknown)]
    public void The_case_is_told_by_the_DMI_tables(string type, Chassis chassis)
    {
        using var machine = new MachineTree();
        machine.File("sys/class/dmi/id/chassis_type", $"{type}\n").File("sys/class/dmi/id/sys_vendor", "LENOVO\n");
        Assert.Equal(new MachineKind(ProcessorMaker.Unknown, Platform.Hardware, chassis), MachineFacts.Read(machine.Root));
    }

    [Fact]
    public void A_board_without_DMI_tells_its_case_in_the_device_tree()
    {
        using var machine = new MachineTree();
        machine.File("proc/device-tree/chassis-type", "laptop\0").File("proc/cpuinfo", "CPU implementer\t: 0x61\n");
        Assert.Equal(new MachineKind(ProcessorMaker.Arm, Platform.Hardware, Chassis.Portable), MachineFacts.Read(machine.Root));
    }

    [Theory]
    [InlineData("00000bff", null, Platform.XenControlDomain)]
    [InlineData("000002fd", "control_d", Platform.Guest)]
    [InlineData(null, "control_d", Platform.XenControlDomain)]
    [InlineData(null, "", Platform.Unknown)]
    [InlineData(null, null, Platform.Unknown)]
    public void Xens_control_domain_is_told_apart_from_its_guests(string? features, string? capabilities, Platform platform)
    {
        using var machine = new MachineTree();
        machine.File("sys/hypervisor/type", "xen\n").File("proc/cpuinfo", "vendor_id\t: GenuineIntel\nflags\t: fpu hypervisor\n");
        if (features is not null) machine.File("sys/hypervisor/properties/features", $"{features}\n");
        if (capabilities is not null) machine.File("proc/xen/capabilities", $"{capabilities}\n");
        Assert.Equal(platform, MachineFacts.Read(machine.Root).Platform);
    }

    [Fact]
    public void WSL_is_told_by_its_kernel()
    {
        using var machine = new MachineTree();
        machine.File("proc/sys/kernel/osrelease", "6.6.87.2-microsoft-standard-WSL2\n");
        Assert.Equal(Platform.Wsl, MachineFacts.Read(machine.Root).Platform);
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_unknown()
    {
        using var machine = new MachineTree();
        Assert.Equal(MachineKind.Unknown, MachineFacts.Read(machine.Root));
    }
}
