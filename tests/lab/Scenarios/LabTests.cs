using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The lab proves itself, with nothing but a shell: what a switch needs can be done, seen and judged here.</summary>
public sealed class LabTests : Scenario
{
    [LabFact]
    public Task The_card_and_its_sound_share_a_group_with_nothing_else() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var group = await machine.Pci.GroupOfAsync(Pci.Card);
        Assert.Equal([Pci.Card, Pci.CardSound], await machine.Pci.MembersOfGroupAsync(group));
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [LabFact]
    public Task Xorg_holds_both_gpus_and_the_busy_driver_stays() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.HostGpu));
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
        Assert.NotEqual(0, (await machine.Shell.RunAsync("modprobe -r bochs")).Status);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task The_card_goes_to_a_vm_and_comes_back_with_plain_writes() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Desktop.StopAsync();
        await machine.Shell.DoAsync("modprobe vfio-pci && modprobe -r bochs");
        await BindAsync(machine, "vfio-pci");
        await machine.Pci.AssertCardIsReadyForVmAsync();

        await machine.Desktop.StartAsync();
        await machine.Desktop.AssertUsableAsync();
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await machine.Vm.StopAsync();

        await machine.Desktop.StopAsync();
        await BindAsync(machine, "");
        await machine.Shell.DoAsync("modprobe bochs");
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.StartAsync();
        await machine.Desktop.AssertUsableAsync();
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
    });

    [LabFact]
    public Task A_command_is_typed_whole_while_the_kernel_talks() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Vt(3).ShowAsync();
        await machine.Shell.DoAsync(
            "dmesg -n 7; systemd-run --quiet sh -c 'for n in $(seq 40); do echo \"<3>lab talks $n\" >/dev/kmsg; sleep 0.1; done'");
        await machine.Vt(3).CommandAsync("echo The answer to a question as long as this one is $((6*7))");
        await machine.Vt(3).WaitForAsync("this one is 42");
    });

    [LabFact]
    public Task A_text_console_is_one_chord_away_and_can_be_read_and_photographed() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var console = machine.Vt(3);
        await console.ShowAsync();
        await console.CommandAsync("echo The answer is $((6*7)), \"isn't it?\"");
        var screen = await console.WaitForAsync("The answer is 42, isn't it?");
        Assert.Equal((160, 50), (screen.Columns, screen.Rows));

        var picture = await machine.Monitor.LookAsync();
        Assert.Equal((1280, 800), (picture.Width, picture.Height));
        Assert.InRange(picture.Lit, 0.001, 0.1);
        picture.SavePng(Path.Combine(LabHost.Artifacts, "console.png"));
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task A_machine_boots_from_its_firmware_to_a_usable_desktop() => BootAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Desktop.AssertUsableAsync();
        Assert.Contains("DMAR: IOMMU enabled", await machine.Shell.DoAsync("dmesg"));
    });

    /// <summary>Sets or clears the override, lets go of whatever driver there is, and asks the kernel to look again.</summary>
    internal static Task<string> BindAsync(Machine machine, string driver) => machine.Shell.DoAsync($$"""
        for device in {{Pci.Card}} {{Pci.CardSound}}; do
            cd /sys/bus/pci/devices/$device && echo '{{driver}}' >driver_override
            [ ! -e driver ] || echo $device >driver/unbind
            echo $device >/sys/bus/pci/drivers_probe
        done
        """);
}
