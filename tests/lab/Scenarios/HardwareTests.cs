using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The other machines of the lab are what their names say.</summary>
public sealed class HardwareTests : Scenario
{
    [LabFact]
    [Trait("Lab", "full")]
    public Task Without_an_iommu_there_are_no_groups_and_vfio_refuses_in_silence() => PlayAsync(Hardware.NoIommu, async machine =>
    {
        Assert.Equal("", await machine.Shell.DoAsync("ls /sys/kernel/iommu_groups"));
        await machine.Desktop.StopAsync();
        await machine.Shell.DoAsync("modprobe vfio-pci && modprobe -r bochs");
        await LabTests.BindAsync(machine, "vfio-pci");
        await machine.Pci.AssertDriverAsync(Pci.Card, Pci.NoDriver);
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task Twins_are_alike_but_for_their_address_and_have_a_group_each() => PlayAsync(Hardware.Twins, async machine =>
    {
        var (one, other) = (await machine.Pci.GroupOfAsync(Pci.Card), await machine.Pci.GroupOfAsync("0000:02:00.0"));
        Assert.NotEqual(one, other);
        Assert.Equal(["0000:02:00.0", "0000:02:00.1"], await machine.Pci.MembersOfGroupAsync(other));
        Assert.Single((await machine.Shell.DoAsync("lspci -n -s 01:00.0; lspci -n -s 02:00.0"))
            .Split('\n')
            .Select(line => line[8..])
            .Distinct());
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task A_shared_group_also_holds_a_network_card_in_use() => PlayAsync(Hardware.SharedGroup, async machine =>
    {
        var members = await machine.Pci.MembersOfGroupAsync(await machine.Pci.GroupOfAsync(Pci.Card));
        Assert.Equal(["0000:00:03.0", "0000:00:03.1", Pci.Card, Pci.CardSound, "0000:02:00.0"], members);
        await machine.Pci.AssertDriverAsync("0000:02:00.0", "e1000e");

        await machine.Desktop.StopAsync();
        await machine.Shell.DoAsync("modprobe vfio-pci && modprobe -r bochs");
        await LabTests.BindAsync(machine, "vfio-pci");
        var viable = await machine.Shell.RunAsync($"vfio-viable {await machine.Pci.GroupOfAsync(Pci.Card)}");
        Assert.Equal((1, "not viable\n"), (viable.Status, viable.Output));
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task A_single_gpu_carries_the_firmware_the_console_and_the_desktop() => PlayAsync(Hardware.OneGpu, async machine =>
    {
        Assert.Equal("1", await machine.Shell.DoAsync($"cat /sys/bus/pci/devices/{Pci.Card}/boot_vga"));
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
        Assert.Equal("0 bochs-drmdrmfb", await machine.Shell.DoAsync("cat /proc/fb"));
        await machine.Desktop.AssertUsableAsync("gpu");
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task When_the_cards_driver_comes_first_the_text_console_is_on_the_card() => PlayAsync(Hardware.CardFirst, async machine =>
    {
        Assert.StartsWith("0 bochs-drmdrmfb", await machine.Shell.DoAsync("cat /proc/fb"), StringComparison.Ordinal);
        await machine.Desktop.AssertUsableAsync();
        await machine.Vt(3).ShowAsync();
        await machine.Vt(3).CommandAsync("echo hello");
        await Wait.ForAsync("the text to be on the card's screen", async () => (await machine.Monitor.LookAsync("gpu")).Lit > 0.0005);
    });
}
