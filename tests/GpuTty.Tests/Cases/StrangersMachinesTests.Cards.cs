using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public Task Arc_sound_on_other_bus() => Right("arc-sound-on-other-bus", async machine => // (3)
    {
        var steps = Ready(await machine.PlanAsync(Direction.ToVm, "03:00.0", endSessions: true, HolderConsent.Terminate)).Steps.ToList();
        Assert.Contains(steps, step => step is BindDevice bind && bind.Device == At("04:00.0"));
        var sound = steps.FindIndex(step => step is UnbindDevice unbind && unbind.Device == At("04:00.0"));
        var graphics = steps.FindIndex(step =>
            step is UnloadModule { Module: "xe" } || (step is UnbindDevice unbind && unbind.Device == At("03:00.0")));
        Assert.True(sound >= 0 && sound < graphics);
    });

    [RootFact]
    public Task Gvtg_vm_on_igpu() => Right("gvtg-vm-on-igpu", async machine => // (4)
    {
        var said = await machine.RunAsync("plan vm --card 00:02.0 --end-sessions --end-holders term");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("qemu-system-x86", said.Error);
        Assert.Contains("mediated device", said.Error);
    });

    [RootFact]
    public Task Apu_780m_own_groups() => Right("apu-780m-own-groups", async machine => // (7)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "c5:00.0", endSessions: true, HolderConsent.Terminate, singleGpu: true));
        Assert.Equal(["0000:c5:00.0", "0000:c5:00.1"], Bound(plan));
        Assert.DoesNotContain(plan.Steps, step => step is UnloadModule { Module: "snd_hda_intel" or "ccp" or "snd_pci_ps" or "xhci_pci" });
    });

    [RootFact]
    public Task Apu_all_one_group() => Right("apu-all-one-group", async machine => // (7)
    {
        var said = await machine.RunAsync("plan vm --card 04:00.0 --single-gpu --end-sessions --end-holders term");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("group 5", said.Error);
        Assert.DoesNotContain("Restart with the card reserved", said.Error);
        Assert.DoesNotContain("another slot", said.Error);
    });

    [RootFact]
    public Task I915_sriov_vfs() => Right("i915-sriov-vfs", async machine => // (9)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "00:02.2"));
        Assert.Equal(["0000:00:02.2"], Bound(plan));
        Assert.DoesNotContain(plan.Steps, step => step is UnloadModule);
        Assert.True(new AwaitRelease(At("00:02.2")).HasHappened(await machine.ReadAsync()));
        Assert.Contains("00:02.2", (await machine.RunAsync("status")).Out);
        Blocked<Obstacle.HasVirtualFunctions>(await machine.PlanAsync(Direction.ToVm, "00:02.0"));
        Blocked<Obstacle.MachineRunning>(await machine.PlanAsync(Direction.ToHost, "00:02.1"));
    });

    [RootFact]
    public Task Nvidia_vgpu_on_virtual_functions() => Right("nvidia-vgpu-on-virtual-functions", async machine =>
    {
        var parent = Blocked<Obstacle.HasVirtualFunctions>(await machine.PlanAsync(Direction.ToVm, "41:00.0"));
        Assert.Equal(5000, parent.Machine?.Pid);
        // Nothing is written that would wait for a machine that runs.
        Assert.Equal(
            "Shut the virtual machine down first: virsh -c qemu:///system shutdown 1; "
                + "then write 0 to /sys/bus/pci/devices/0000:41:00.0/sriov_numvfs.",
            parent.Remedy);
        Blocked<Obstacle.MachineRunning>(await machine.PlanAsync(Direction.ToVm, "41:00.4"));
        var other = await machine.PlanAsync(Direction.ToVm, "41:00.5");
        Assert.DoesNotContain(((other as PlanResult.Blocked)?.Obstacles ?? []), obstacle => obstacle is Obstacle.MachineRunning);
    });

    /// <summary>Before Linux 6.1 nothing but the group's node shows it.</summary>
    [RootFact]
    public async Task On_older_kernels_a_machine_on_a_virtual_function_is_seen_by_the_node_of_its_group()
    {
        var file = await File.ReadAllTextAsync(StrangersMachine.PathOf("nvidia-vgpu-on-virtual-functions"));
        using var machine =
            StrangersMachine.Of([.. file.Split('\n').Where(line => !line.StartsWith("vfio-device", StringComparison.Ordinal))]);
        Assert.Equal(5000, Blocked<Obstacle.HasVirtualFunctions>(await machine.PlanAsync(Direction.ToVm, "41:00.0")).Machine?.Pid);
    }

    [RootFact]
    public Task Mi300x_accelerator() => Right("mi300x-accelerator", async machine => // (13)
    {
        Assert.Contains("0c:00", (await machine.RunAsync("status")).Out);
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "0c:00.0"));
        Assert.DoesNotContain(plan.Steps, step => step is UnloadModule { Module: "amdgpu" });
        Assert.Equal(["0000:0c:00.0"], Bound(plan));
    });

    [RootFact]
    public Task V100_pairs_driverless() => Right("v100-pairs-driverless", async machine => // (14)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "27:00.0"));
        Assert.Equal(["0000:27:00.0"], Bound(plan));
        Assert.DoesNotContain("only graphics card", (await machine.RunAsync("status")).Out);
    });

    [RootFact]
    public Task Proxmox_lxc_and_vm() => Right("proxmox-lxc-and-vm", async machine => // (17: containers)
    {
        var said = await machine.RunAsync("plan vm --card 01:00.0");
        Assert.Equal(Refused, said.Code);
        Assert.Contains("lxc 102", said.Error);
        Assert.Contains("pct shutdown 102", said.Error);
        Assert.Contains("pct shutdown 103", said.Error);
        var agreed = await machine.PlanAsync(Direction.ToVm, "01:00.0", endHolders: HolderConsent.Terminate);
        Assert.DoesNotContain((agreed as PlanResult.Ready)?.Plan.Steps ?? [], step => step is StopUnit { Unit.Name: "jellyfin.service" });
    });
}
