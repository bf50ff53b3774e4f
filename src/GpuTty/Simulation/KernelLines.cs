using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>The kernel's own words.</summary>
internal static class KernelLines
{
    public static Machine Loaded(Machine machine, ModuleFile module) => module.Name switch
    {
        "nvidia" => machine.Say("nvidia: module verification failed: signature and/or required key missing - tainting kernel")
            .Say("nvidia-nvlink: Nvlink Core is being initialized, major device number 511")
            .Say($"NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  {KernelModules.NvidiaVersion}  Release Build"),
        "nvidia_modeset" =>
            machine.Say($"nvidia-modeset: Loading NVIDIA UNIX Open Kernel Mode Setting Driver for x86_64  {KernelModules.NvidiaVersion}"),
        "nvidia_drm" => machine.Fold(machine.Devices.Where(device => device.Driver == "nvidia" && device.Class.IsDisplay), NvidiaDrm),
        "nvidia_uvm" => machine.Say("nvidia-uvm: Loaded the UVM driver, major device number 509."),
        "vfio_pci" => machine.Say("VFIO - User Level meta-driver version: 0.3"),
        _ => machine,
    };

    public static Machine Unloaded(Machine machine, ModuleFile module) => module.Name switch
    {
        "nvidia_drm" => machine.Fold(machine.Devices.Where(device => device.Driver == "nvidia" && device.Class.IsDisplay),
            (m, device) => m.Say($"[drm] [nvidia-drm] [GPU ID 0x{device.Address.Bus:x6}00] Unloading driver")),
        "nvidia_modeset" => machine.Say("nvidia-modeset: Unloading"),
        "nvidia_uvm" => machine.Say("nvidia-uvm: Unloaded the UVM driver."),
        "nvidia" => machine.Say("nvidia-nvlink: Unregistered Nvlink Core, major device number 511"),
        _ => machine,
    };

    public static Machine Bound(Machine machine, PciDevice device) => device.Driver switch
    {
        VfioSupport.Driver when device.Class.IsVga =>
            machine.Say($"vfio-pci {device.Address}: vgaarb: VGA decodes changed: olddecodes=io+mem,decodes=none:owns=none"),
        "nvidia" when device.Class.IsDisplay =>
            machine.Say($"nvidia {device.Address}: vgaarb: VGA decodes changed: olddecodes=none,decodes=none:owns=none"),
        "amdgpu" => machine.Say($"amdgpu {device.Address}: amdgpu: Fetched VBIOS from VFCT")
            .Say($"[drm] Initialized amdgpu 3.61.0 for {device.Address} on minor {Minor(device)}"),
        "i915" => machine.Say($"[drm] Initialized i915 1.6.0 for {device.Address} on minor {Minor(device)}"),
        "snd_hda_intel" => machine.Say($"snd_hda_intel {device.Address}: Disabling MSI")
            .Say("input: HDA NVidia HDMI/DP,pcm=3 as "
                + $"/devices/pci{device.Address.Domain:x4}:00/{device.Address}/sound/card{Sound(device)}/input31"),
        "xhci_hcd" => machine.Say($"xhci_hcd {device.Address}: xHCI Host Controller"),
        "nvidia-gpu" => machine.Say($"ucsi_ccg 0-0008: i2c_transfer failed -110"),
        _ => machine,
    };

    public static Machine Unbound(Machine machine, PciDevice device) => device.Driver switch
    {
        "amdgpu" => machine.Say($"amdgpu {device.Address}: amdgpu: amdgpu: finishing device.").Say("[drm] amdgpu: ttm finalized"),
        "xhci_hcd" => machine.Say($"xhci_hcd {device.Address}: remove, state 4").Say($"xhci_hcd {device.Address}: USB bus 5 deregistered"),
        _ => machine,
    };

    private static Machine NvidiaDrm(Machine machine, PciDevice device) =>
        machine.Say($"[drm] [nvidia-drm] [GPU ID 0x{device.Address.Bus:x6}00] Loading driver")
            .Say($"[drm] Initialized nvidia-drm 0.0.0 for {device.Address} on minor {Minor(Nodes.Settle(machine).Find(device.Address)!)}");

    private static int Minor(PciDevice device) => device.Nodes.FirstOrDefault(node => node.Kind == NodeKind.Card)?.Minor ?? 0;
    private static int Sound(PciDevice device) => (device.Nodes.FirstOrDefault(node => node.Kind == NodeKind.Sound)?.Minor ?? 0) / 32;
}
