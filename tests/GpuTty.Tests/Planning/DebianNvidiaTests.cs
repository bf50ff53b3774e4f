using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Planning;

/// <summary>Debian calls the files of NVIDIA's driver nvidia-current*.ko, and has them loaded by its usual names.</summary>
public sealed class DebianNvidiaTests
{
    private static readonly PciAddress s_gpu = PciAddress.Parse("07:00.0");

    private static readonly string[] s_reservedAtBoot =
    [
        "kernel 6.12.43+deb13-amd64",
        "cmdline quiet vfio_pci.ids=10de:2504,10de:228e",
        "vfio loaded",
        "pci 00:01.3 0604 8086:460d driver=pcieport module=builtin group=1",
        "pci 00:02.0 0300 8086:4680 driver=i915 group=0 primary name=\"Intel|UHD Graphics 770\"",
        "pci 07:00.0 0300 10de:2504 behind=00:01.3 driver=vfio-pci module=vfio_pci group=16 name=\"NVIDIA Corporation|GA106\"",
        "pci 07:00.1 0403 10de:228e behind=00:01.3 driver=vfio-pci module=vfio_pci group=16 name=\"NVIDIA Corporation|GA106 HD Audio\"",
        "screen 00:02.0 0 connectors=HDMI-A-1:connected render=128",
        "vfio-group 16 511:0",
        "module i915 20",
        "module vfio_pci 0",
        "module snd_hda_intel 2",
        "modprobe nvidia.conf blacklist nouveau",
        "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia_current_drm",
        "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia_current",
    ];

    private static readonly string[] s_installLines =
    [
        "modprobe nvidia.conf install nvidia modprobe -i nvidia-current $CMDLINE_OPTS",
        "modprobe nvidia.conf install nvidia-modeset modprobe nvidia ; modprobe -i nvidia-current-modeset $CMDLINE_OPTS",
        "modprobe nvidia.conf install nvidia-drm modprobe nvidia-modeset ; modprobe -i nvidia-current-drm $CMDLINE_OPTS",
    ];

    [RootFact]
    public async Task A_card_reserved_at_boot_comes_home_to_the_driver_nvidia_and_to_its_display()
    {
        using var machine = StrangersMachine.Of([.. s_reservedAtBoot, .. s_installLines]);
        Assert.Equal("nvidia_drm nvidia", await OfferedAsync(machine));
        var plan = Assert.IsType<PlanResult.Ready>(await machine.PlanAsync(Direction.ToHost, $"{s_gpu}", endSessions: true)).Plan;
        var bind = Assert.Single(plan.Steps.OfType<BindDevice>(), step => step.Device == s_gpu);
        Assert.Equal(("nvidia", "nvidia"), (bind.Driver, bind.Module));
        Assert.NotNull(bind.Undo());
        Assert.Contains(new LoadModule("nvidia_drm"), plan.Steps);
    }

    [RootFact]
    public async Task A_file_that_no_line_loads_by_another_name_keeps_its_own()
    {
        using var machine = StrangersMachine.Of(s_reservedAtBoot);
        Assert.Equal("nvidia_current_drm nvidia_current", await OfferedAsync(machine));
    }

    private static async Task<string> OfferedAsync(StrangersMachine machine) =>
        string.Join(' ', (await machine.ReadAsync()).Find(s_gpu)!.CandidateModules.Where(module => module.StartsWith("nvidia")));
}
