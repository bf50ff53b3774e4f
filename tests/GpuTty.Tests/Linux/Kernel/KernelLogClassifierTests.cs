using GpuTty.Host;
using GpuTty.Linux.Kernel;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux.Kernel;

/// <summary>Lines as kernels 5.10 to 6.12 and their drivers print them.</summary>
public sealed class KernelLogClassifierTests
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
    [InlineData("Internal error: Oops: 0000000096000004 [#1]  SMP")]
    [InlineData("Oops: general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP NOPTI")]
    [InlineData("Oops: invalid opcode: 0000 [#1] PREEMPT_{RT,(full)} SMP")]
    [InlineData("Internal error: Oops - BUG: 00000000f2000800 [#1] SMP")]
    [InlineData("Internal error: synchronous external abort: 0000000096000210 [#1] PREEMPT SMP")]
    [InlineData("Oops: Kernel access of bad area, sig: 11 [#1]")]
    [InlineData("Oops: Exception in kernel mode, sig: 5 [#1]")]
    [InlineData("Oops: 0004 ilc:2 [#1] SMP")]
    [InlineData("monitor event: 0040 ilc:2 [#1] PREEMPT SMP")]
    [InlineData("Oops [#1]")]
    [InlineData("Kernel BUG [#1]")]
    [InlineData("Oops - load access fault [#1]")]
    [InlineData("Oops[#1]:")]
    [InlineData("Kernel panic - not syncing: Fatal exception in interrupt")]
    public void A_death_in_the_kernel_is_a_crash(string line) =>
        Assert.Equal((KernelEvent.Crash, LogLevel.Error), (KernelLogClassifier.Of(line), KernelLogClassifier.LevelOf(line, 1)));

    [Theory]
    [InlineData("INFO: task tee:812 blocked for more than 120 seconds.")]
    [InlineData("INFO: task nvidia-modprobe:2244 blocked for more than 241 seconds.")]
    [InlineData("watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [modprobe:1893]")]
    [InlineData("NMI watchdog: Watchdog detected hard LOCKUP on cpu 5")]
    [InlineData("BUG: workqueue lockup - pool cpus=2 node=0 flags=0x0 nice=0 stuck for 33s!")]
    [InlineData("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:")]
    [InlineData("rcu: INFO: rcu_sched self-detected stall on CPU")]
    public void A_long_wait_is_an_error_but_no_crash(string line) =>
        Assert.Equal((KernelEvent.Hang, LogLevel.Error), (KernelLogClassifier.Of(line), KernelLogClassifier.LevelOf(line, 3)));

    [Theory]
    [InlineData("WARNING: CPU: 1 PID: 2412 at drivers/gpu/drm/drm_mode_config.c:538 drm_mode_config_cleanup+0x2b2/0x2c0 [drm]")]
    [InlineData("WARNING: possible circular locking dependency detected")]
    public void What_must_not_be_is_a_warning(string line) =>
        Assert.Equal((KernelEvent.Warning, LogLevel.Warning), (KernelLogClassifier.Of(line), KernelLogClassifier.LevelOf(line, 4)));

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
    [InlineData("vfio-pci 0000:04:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR requirement. "
        + " Contact your platform vendor.")]
    [InlineData("vfio-pci 0000:04:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement. "
        + " Contact your platform vendor.")]
    [InlineData("vfio-pci 0000:04:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, "
        + "rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.")]
    [InlineData("pcieport 0000:00:1c.4: DPC: containment event, status:0x1f01 source:0x0000")]
    [InlineData("pcieport 0000:00:1c.4: DPC: unmasked uncorrectable error detected")]
    [InlineData("nvidia-modeset: ERROR: GPU:0: Idling display engine timed out: 0x0000c67d:0:0:0x00000040")]
    [InlineData("sysfs: cannot create duplicate filename '/devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm'")]
    [InlineData("kobject: kobject_add_internal failed for hdmi with -EEXIST, don't try to register things with the same name in the "
        + "same directory.")]
    [InlineData("snd_hda_intel 0000:01:00.1: CORB reset timeout#2, CORBRP = 65535")]
    [InlineData("snd_hda_intel 0000:01:00.1: no codecs initialized!")]
    [InlineData("amdgpu 0000:03:00.0: amdgpu: SMU: I'm not done with your previous command: "
        + "SMN_C2PMSG_66:0x0000000E SMN_C2PMSG_82:0x00000000")]
    [InlineData("amdgpu 0000:03:00.0: amdgpu: SMU: response:0xFFFFFFFF for index:46 param:0x00000000 message:DisallowGfxOff?")]
    [InlineData("amdgpu 0000:03:00.0: amdgpu: Msg issuing pre-check failed(0xffffffff) and SMU may be not in the right state!")]
    [InlineData("nouveau 0000:01:00.0: fifo: fault 00 [READ] at 0000000000000000 engine 00 [PGRAPH] client 03 [] reason 00 [PDE] on "
        + "channel 2")]
    [InlineData("nouveau 0000:01:00.0: fifo: SCHED_ERROR 0a [CTXSW_TIMEOUT]")]
    [InlineData("nouveau 0000:01:00.0: bus: MMIO read of 00000000 FAULT at 022554 [ PRIVRING ]")]
    [InlineData("nouveau 0000:01:00.0: timeout")]
    public void A_complaint_is_trouble_whatever_its_own_level(string line) =>
        Assert.Equal((KernelEvent.Trouble, LogLevel.Warning), (KernelLogClassifier.Of(line), KernelLogClassifier.LevelOf(line, 6)));

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
    [InlineData("amdgpu 0000:03:00.0: amdgpu: SMU is initialized successfully!")]
    [InlineData("pcieport 0000:00:1c.4: DPC: error containment capabilities: Int Msg #0, RPExt+ PoisonedTLP+ SwTrigger+ RP PIO Log 4, "
        + "DL_ActiveErr+")]
    [InlineData("nouveau 0000:01:00.0: fb: 8192 MiB GDDR6")]
    [InlineData("nouveau 0000:01:00.0: pmu: firmware unavailable")]
    [InlineData("snd_hda_intel 0000:01:00.1: bound 0000:03:00.0 (ops amdgpu_dm_audio_component_bind_ops [amdgpu])")]
    [InlineData("[drm] Initialized amdgpu 3.61.0 for 0000:03:00.0 on minor 1")]
    [InlineData("DEBUG: probing laser: Xid of a printer")]
    [InlineData("traps: gnome-shell[1893] general protection fault ip:7f3a5c0d1c3e sp:7ffd3c0a5c60 error:0 in libmutter-16.so.0.0.0")]
    [InlineData("Xorg[612]: segfault at 18 ip 00007f3a5c0d1c3e sp 00007ffd3c0a5c60 error 4 in Xorg[7f3a5bf6a000+1d4000]")]
    [InlineData("Call Trace:")]
    public void What_a_good_switch_prints_and_what_programs_do_is_nothing(string line) =>
        Assert.Equal((KernelEvent.None, LogLevel.Info), (KernelLogClassifier.Of(line), KernelLogClassifier.LevelOf(line, 6)));

    /// <summary>What anybody may call a process: 15 bytes (TASK_COMM_LEN).</summary>
    public static TheoryData<string> HostileNames => new(
        "BUG: x",
        "Oops: x",
        "[#1]",
        "x: 0 [#1]",
        "Oops: 0002 [#1]",
        "Oops: [#1] SMP",
        "Oops[#1]:",
        "Internal error:",
        "kernel BUG at x",
        "kernel BUG at /",
        "Kernel panic",
        "Kernel panic - ",
        "double fault",
        "double fault: 0",
        "BUG: scheduling",
        "BUG: KASAN: a",
        "BUG: unable to",
        "BUG: Bad page",
        "general protec",
        "Unable to handl",
        "invalid opcode:",
        "divide error: 0",
        "INFO: task a:1",
        "soft lockup",
        "hard LOCKUP",
        "BUG: workqueue",
        "WARNING: CPU: 1",
        "*ERROR*",
        "GPU hang",
        "AER: ",
        "NVRM: Xid",
        "nvidia-modeset",
        "nvidia-modeset:",
        "sysfs: cannot c",
        "kobject: a fail",
        "nouveau 00:00.0",
        "v 00:00.0: DPC:",
        "a 00:00.0: CORB",
        "SMU: response:");

    /// <summary>Lines that begin with it, or quote it: arch/x86/mm/fault.c and kernel/traps.c, signal.c,
    /// umip.c, mm/page_alloc.c, mm/oom_kill.c, fs/drop_caches.c, kernel/sched/core.c and others.</summary>
    [Theory]
    [MemberData(nameof(HostileNames))]
    public void M26_whatever_a_process_or_a_device_is_called_it_is_no_witness(string name)
    {
        Assert.InRange(name.Length, 1, 15);
        string[] lines =
        [
            $"{name}[4321]: segfault at 18 ip 00007f3a5c0d1c3e sp 00007ffd3c0a5c60 error 4 in {name}[7f3a5bf6a000+1d4000]",
            $"{name}[4321]: segfault at 0 ip 0000000000000000 sp 00007ffd3c0a5c60 error 14 in {name}: "
                + "0000 [#1] SMP[55d0+1000] likely on CPU 1 (core 1, socket 0)",
            $"traps: {name}[4321] general protection fault ip:7f3a5c0d1c3e sp:7ffd3c0a5c60 error:0 in {name}[7f3a5bf6a000+1d4000]",
            $"traps: {name}[4321] trap invalid opcode ip:7f3a5c0d1c3e sp:7ffd3c0a5c60 error:0 in {name}[7f3a5bf6a000+1d4000]",
            $"{name}[4321] bad frame in rt_sigreturn frame:00007ffd3c0a5c60 ip:7f3a5c0d1c3e sp:7ffd3c0a5c60 orax:ffffffffffffffff in "
                + $"{name}[7f3a5bf6a000+1d4000]",
            $"umip: {name}[4321] ip:401136 sp:7ffd3c0a5c60: SGDT instruction cannot be used by applications.",
            $"{name}[4321]: unhandled exception: DABT (lower EL), ESR 0x0000000092000006, "
                + $"level 2 translation fault in {name}[aaaac0de0000+1000]",
            $"{name}: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), "
                + "nodemask=(null),cpuset=/,mems_allowed=0",
            $"{name} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0",
            $"{name} (4321): attempted to duplicate a private mapping with mremap.  This is not supported.",
            $"{name} (4321): Using mlock ulimits for SHM_HUGETLB is deprecated",
            $"process '{name}' started with executable stack",
            $"usb 1-1: Product: {name} 0000 [#1] PREEMPT SMP",
            $"usb 1-1: Manufacturer: {name}",
            $"usb 1-1: SerialNumber: BUG: scheduling while atomic: {name}/1/0x00000002",
            $"input: Oops: 0002 [#1] SMP {name} as /devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/0003:046D:C31C.0001/input/input5",
            $"hid-generic 0003:046D:C31C.0001: input,hidraw0: USB HID v1.10 Keyboard [{name} [#1] SMP] on usb-0000:00:14.0-1/input0",
            $"audit: type=1701 audit(1700000000.123:45): auid=1000 uid=1000 pid=4321 comm=\"{name}\" exe=\"/tmp/x\" sig=11 res=1",
        ];
        Assert.All(lines, line => Assert.Equal(KernelEvent.None, KernelLogClassifier.Of(line)));
    }

    [Theory]
    [InlineData("soft lockup")]
    [InlineData("[1] bad frame i")]
    [InlineData(" (1): Using ")]
    [InlineData("[1]: segfault a")]
    public void M26_no_name_hides_a_death(string name) =>
        Assert.Equal(KernelEvent.Crash, KernelLogClassifier.Of($"BUG: scheduling while atomic: {name}/2412/0x00000002"));

    /// <summary>Anybody may name a network device in a namespace of his own;
    /// the kernel prints such names first and last (net/core/dev.c).</summary>
    [Theory]
    [InlineData("Oops", "a[#1]")]
    [InlineData("Oops", "0002[#1]")]
    [InlineData("overflow", "0000[#1]")]
    [InlineData("bounds", "[#1]")]
    [InlineData("Oops[#1]", "Oops[#1]")]
    [InlineData("BUG", "BUG")]
    [InlineData("NVRM", "Xid")]
    [InlineData("WARNING", "CPU")]
    [InlineData("int3", "a[#1]")]
    public void M26_whatever_a_network_device_is_called_it_is_no_witness(string name, string other)
    {
        Assert.InRange(name.Length, 1, 15);
        string[] lines =
        [
            $"{name}: renamed from {other}",
            $"{other}: renamed from {name}",
            $"{name}: renamed from {other} (while UP)",
            $"{name} (unregistering): renamed from {other}",
            $"br0: port 1({name}) entered disabled state",
            $"{name}: port 2({other}) entered blocking state",
            $"{name}: entered promiscuous mode",
            $"{name}: left allmulticast mode",
            $"device {name} entered promiscuous mode",
            $"{name}: Port device {other} added",
            $"bond0: (slave {name}): Enslaving as a backup interface with a down link",
            $"IPv6: ADDRCONF(NETDEV_CHANGE): {name}: link becomes ready",
            $"{name}: Caught tx_queue_len zero misconfig",
        ];
        Assert.All(lines, line => Assert.InRange(KernelLogClassifier.Of(line), KernelEvent.None, KernelEvent.Warning));
        Assert.Equal(KernelEvent.None, KernelLogClassifier.Of(lines[0]));
    }

    /// <summary>A line of die() from its begin to its end, or none: nothing before it, between its parts or after it.</summary>
    [Theory]
    [InlineData("Oops: renamed from a [#1]")]
    [InlineData("Oops: 0002 [#1] SMP in game")]
    [InlineData("a: Oops: 0002 [#1] SMP")]
    [InlineData("Oops: 0002 x [#1]")]
    [InlineData("bounds: left [#1]")]
    [InlineData("Oops (uninitialized): 0002 [#1]")]
    [InlineData("Internal error: page allocation failure: order:4 [#1]")]
    public void M26_what_only_begins_or_ends_like_a_death_is_none(string line) =>
        Assert.NotEqual(KernelEvent.Crash, KernelLogClassifier.Of(line));

    /// <summary>Each report of a crash sets a bit; words without any, as
    /// somebody may have made the kernel print them, forbid nothing.</summary>
    [Theory]
    [InlineData(0L, false)]
    [InlineData(1L << 12, false)]
    [InlineData(1L << 7, true)]
    [InlineData(1L << 9, true)]
    [InlineData(1L << 5, true)]
    [InlineData(null, true)]
    public void M26_words_alone_forbid_no_write_where_the_kernel_says_that_it_is_well(long? taint, bool hasDied)
    {
        var host = new HostSnapshot
        {
            TakenAt = default,
            Taint = taint,
            KernelCrash = "BUG: scheduling while atomic: rmmod/2412/0x00000002",
        };
        Assert.Equal(hasDied, host.KernelHasDied);
        Assert.Equal(taint is null ? null : taint == 1 << 7, (host with { KernelCrash = null }).KernelHasDied);
    }

    /// <summary>A bit that was there before the words bears no witness to them: a WARNING of
    /// last week does not make a crash of somebody's words, and does not deny it.</summary>
    [Theory]
    [InlineData(0L, 0L, false)]
    [InlineData(1L << 12, 1L << 9, false)]
    [InlineData(1L << 9, 1L << 9, null)]
    [InlineData((1L << 9) | (1L << 5), (1L << 9) | (1L << 5), null)]
    [InlineData(1L << 9, 0L, true)]
    [InlineData((1L << 9) | (1L << 5), 1L << 9, true)]
    [InlineData(1L << 7, 1L << 7, true)]
    [InlineData(1L << 9, null, true)]
    public void M26_words_are_believed_where_a_bit_has_changed_since(long taint, long? before, bool? hasDied) => Assert.Equal(hasDied,
        new HostSnapshot
        {
            TakenAt = default,
            Taint = taint,
            TaintBeforeCrash = before,
            KernelCrash = "BUG: scheduling while atomic: rmmod/2412/0x00000002",
        }.KernelHasDied);
}
