using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Simulation;

/// <summary>How long things take on an ordinary machine.</summary>
internal static class Timings
{
    public static readonly TimeSpan EndSession = TimeSpan.FromSeconds(0.1);
    public static readonly TimeSpan Signal = TimeSpan.FromSeconds(0.05);
    public static readonly TimeSpan Container = TimeSpan.FromSeconds(0.4);
    public static readonly TimeSpan Unload = TimeSpan.FromSeconds(0.1);
    public static readonly TimeSpan Udev = TimeSpan.FromSeconds(0.3);

    /// <summary>SIGKILL follows SIGTERM after this.</summary>
    public static readonly TimeSpan UntilKill = EndProcess.UntilForce;

    public static TimeSpan Load(Machine machine, string module) => KernelModule.Canonical(module) switch
    {
        var loaded when machine.FindModule(loaded) is { IsRegistered: true } => TimeSpan.FromSeconds(0.02),
        "nvidia" => TimeSpan.FromSeconds(2),
        "amdgpu" or "i915" => TimeSpan.FromSeconds(1.5),
        "nvidia_modeset" or "nvidia_drm" => TimeSpan.FromSeconds(0.6),
        _ => TimeSpan.FromSeconds(0.1),
    };

    public static TimeSpan Unbind(string driver) => TimeSpan.FromSeconds(driver is "amdgpu" or "nvidia" or "i915" ? 0.4 : 0.1);

    public static TimeSpan Probe(Machine machine, PciAddress address) => machine.Find(address) switch
    {
        { Driver: not null } => TimeSpan.FromSeconds(0.01),
        { Class.IsDisplay: true, DriverOverride: not VfioSupport.Driver } => TimeSpan.FromSeconds(1.2),
        _ => TimeSpan.FromSeconds(0.15),
    };
}
