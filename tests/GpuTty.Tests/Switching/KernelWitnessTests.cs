using GpuTty.Switching;

namespace GpuTty.Tests.Switching;

/// <summary>Lines as kernels 5.10 to 6.12 and their drivers print them.</summary>
public sealed class KernelWitnessTests
{
    [Theory]
    [InlineData("BUG: kernel NULL pointer dereference, address: 0000000000000018")]
    [InlineData("BUG: unable to handle page fault for address: ffffb1f4c0a52000")]
    [InlineData("BUG: scheduling while atomic: rmmod/2412/0x00000002")]
    [InlineData("BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580")]
    [InlineData("BUG: KASAN: slab-use-after-free in qxl_irq_handler+0x2f/0x90 [qxl]")]
    [InlineData("kernel BUG at drivers/pci/msi.c:376!")]
    [InlineData("Oops: 0000 [#1] PREEMPT SMP NOPTI")]
    [InlineData("Oops: Oops: 0002 [#2] SMP NOPTI")]
    [InlineData("invalid opcode: 0000 [#1] PREEMPT SMP PTI")]
    [InlineData("divide error: 0000 [#1] SMP")]
    [InlineData("general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP")]
    [InlineData("Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008")]
    [InlineData("Internal error: Oops: 0000000096000004 [#1] PREEMPT SMP")]
    [InlineData("Kernel panic - not syncing: Fatal exception in interrupt")]
    public void A_death_in_the_kernel_is_a_crash(string line) => Assert.Equal((KernelSign.Crash, LogLevel.Error), (KernelWitness.Of(line), KernelWitness.LevelOf(line, 1)));

    [Theory]
    [InlineData("INFO: task tee:812 blocked for more than 120 seconds.")]
    [InlineData("INFO: task nvidia-modprobe:2244 blocked for more than 241 seconds.")]
    [InlineData("watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [modprobe:1893]")]
    [InlineData("NMI watchdog: Watchdog detected hard LOCKUP on cpu 5")]
    [InlineData("BUG: workqueue lockup - pool cpus=2 node=0 flags=0x0 nice=0 stuck for 33s!")]
    [InlineData("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:")]
    [InlineData("rcu: INFO: rcu_sched self-detected stall on CPU")]
    public void A_long_wait_is_an_error_but_no_crash(string line) => Assert.Equal((KernelSign.Hang, LogLevel.Error), (KernelWitness.Of(line), KernelWitness.LevelOf(line, 3)));

    [Theory]
    [InlineData("WARNING: CPU: 1 PID: 2412 at drivers/gpu/drm/drm_mode_config.c:538 drm_mode_config_cleanup+0x2b2/0x2c0 [drm]")]
    [InlineData("WARNING: possible circular locking dependency detected")]
    public void What_must_not_be_is_a_warning(string line) => Assert.Equal((KernelSign.Warning, LogLevel.Warning), (KernelWitness.Of(line), KernelWitness.LevelOf(line, 4)));

    [Theory]
    [InlineData("NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!")]
    [InlineData("NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.")]
    [InlineData("NVRM: GPU 0000:01:00.0 is already bound to vfio-pci.")]
    [InlineData("vfio-pci 0000:01:00.0: Device is currently in use, task \"tee\" (2412) blocked until device is released")]
    [InlineData("vfio-pci 0000:01:00.0: Relaying device request to user (#0)")]
    [InlineData("vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]")]
    [InlineData("vfio-pci: probe of 0000:01:00.0 failed with error -22")]
    [InlineData("vfio-pci 0000:01:00.0: not ready 1023ms after FLR; waiting")]
    [InlineData("vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible")]
    [InlineData("DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0x7b5ff000 [fault reason 0x06] PTE Read access is not set")]
    [InlineData("DMAR: DRHD: handling fault status reg 3")]
    [InlineData("AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x000e address=0xfffffff8 flags=0x0000]")]
    [InlineData("vfio-pci 0000:0a:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0014 address=0x0 flags=0x0020]")]
    [InlineData("AMD-Vi: Completion-Wait loop timed out")]
    [InlineData("pcieport 0000:00:01.0: AER: Multiple Uncorrectable (Non-Fatal) error message received from 0000:01:00.0")]
    [InlineData("pcieport 0000:00:01.1: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)")]
    [InlineData("pcieport 0000:00:01.0: pciehp: Slot(1): Card not present")]
    [InlineData("nvidia 0000:01:00.0: can't change power state from D3cold to D0 (config space inaccessible)")]
    [InlineData("[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx_0.0.0 timeout, signaled seq=12, emitted seq=14")]
    [InlineData("snd_hda_intel 0000:01:00.1: probe with driver snd_hda_intel failed with error -16")]
    public void A_complaint_is_trouble_whatever_its_own_level(string line) => Assert.Equal((KernelSign.Trouble, LogLevel.Warning), (KernelWitness.Of(line), KernelWitness.LevelOf(line, 6)));

    /// <summary>Who cries wolf at every switch is not listened to when it matters.</summary>
    [Theory]
    [InlineData("VFIO - User Level meta-driver version: 0.3")]
    [InlineData("vfio_pci: add [1234:1111[ffffffff:ffffffff]] class 0x000000/00000000")]
    [InlineData("vfio-pci 0000:01:00.0: vgaarb: VGA decodes changed: olddecodes=io+mem,decodes=io+mem:owns=none")]
    [InlineData("vfio-pci 0000:01:00.0: enabling device (0000 -> 0003)")]
    [InlineData("vfio-pci 0000:01:00.0: resetting")]
    [InlineData("NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  575.64.05  Release Build")]
    [InlineData("nvidia-modeset: Unloading")]
    [InlineData("DMAR: IOMMU enabled")]
    [InlineData("AMD-Vi: AMD IOMMUv2 loaded and initialized")]
    [InlineData("pcieport 0000:00:01.0: AER: enabled with IRQ 26")]
    [InlineData("amdgpu 0000:03:00.0: amdgpu: amdgpu: finishing device.")]
    [InlineData("[drm] Initialized amdgpu 3.61.0 for 0000:03:00.0 on minor 1")]
    [InlineData("DEBUG: probing laser: Xid of a printer")]
    [InlineData("traps: gnome-shell[1893] general protection fault ip:7f3a5c0d1c3e sp:7ffd3c0a5c60 error:0 in libmutter-16.so.0.0.0")]
    [InlineData("Xorg[612]: segfault at 18 ip 00007f3a5c0d1c3e sp 00007ffd3c0a5c60 error 4 in Xorg[7f3a5bf6a000+1d4000]")]
    [InlineData("Call Trace:")]
    public void What_a_good_switch_prints_and_what_programs_do_is_nothing(string line) => Assert.Equal((KernelSign.None, LogLevel.Info), (KernelWitness.Of(line), KernelWitness.LevelOf(line, 6)));
}
