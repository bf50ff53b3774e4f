using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <content>What the machine, its firmware or its kernel is, or is in.</content>
public abstract partial record Obstacle
{
    public sealed record NoIommu(string Why, string Hint) : Obstacle(Why, Hint)
    { public override string Code => "no-iommu"; }

    public sealed record InsideWsl()
        : Obstacle(
            "This is WSL2, a virtual machine of Windows: its graphics devices are Windows' own and cannot be given away.",
            "Use a Linux that runs on the machine itself.")
    { public override string Code => "inside-wsl"; }

    public sealed record UnderXen()
        : Obstacle(
            "This Linux is Xen's control domain: Xen has the IOMMU, and vfio cannot work here.",
            "Give the card away with Xen's own tools: xl pci-assignable-add (on Qubes OS: qvm-pci).")
    { public override string Code => "under-xen"; }

    public sealed record HeldByXen(PciDevice Device)
        : Obstacle($"{Device.Address.ShortName} belongs to Xen: {Device.Driver} keeps it for Xen's guests, and vfio does not work here.",
            "Give it to a guest with xl pci-attach, or back to this system with xl pci-assignable-remove -r; gputty cannot move it.")
    { public override string Code => "held-by-xen"; }

    public sealed record NoVfio()
        : Obstacle("This kernel has no vfio-pci driver.", "Install the kernel package that has the module vfio-pci.")
    { public override string Code => "no-vfio"; }

    public sealed record VfioForbidden(ModuleRule Rule)
        : Obstacle($"The module vfio-pci is not allowed to be loaded ({Rule.Source}).", "Remove that line, then try again.")
    { public override string Code => "vfio-pci-forbidden"; }

    public sealed record VfioLocked()
        : Obstacle(
            $"The module vfio-pci cannot be loaded, because {LockedWhy}.",
            "Reboot without that setting, or load vfio-pci when the machine starts: echo vfio-pci > /etc/modules-load.d/vfio-pci.conf")
    { public override string Code => "vfio-pci-locked"; }

    public sealed record KernelDied(string? Words)
        : Obstacle(
            $"The kernel has reported a crash in this boot{(Words is null ? "" : $" ({Words})")}, "
                + "so nothing it says about drivers can be trusted.",
            "Save your work and reboot.")
    { public override string Code => "kernel-crashed"; }

    public sealed record WriteStuck(StuckWrite Write)
        : Obstacle($"An earlier switch is stuck: the kernel {Write.Finding}.", "Save your work and reboot; nothing else ends this wait.")
    { public override string Code => "write-stuck"; }

    public sealed record HomeUnknown(string Why)
        : Obstacle(
            $"{Why.TrimEnd('.')}: the cards' original drivers are unknown.",
            "Save your work and reboot: that returns every card to the host and removes the file.")
    { public override string Code => "original-state-unknown"; }

    public sealed record CpusNotPossible(string Why, string Hint) : Obstacle(Why, Hint)
    { public override string Code => "cpus-not-possible"; }

    /// <summary>Memory that a virtual machine's picture would go through is a file of somebody else's.</summary>
    public sealed record SharedMemoryTaken(string Path, int Owner)
        : Obstacle(
            $"{Path} belongs to user {Owner}, who may keep it open and see what a virtual machine shows.",
            $"If no virtual machine uses it, remove it: rm {Path}")
    { public override string Code => "shared-memory-taken"; }

    public sealed record NotConfigured(string What, string Action) : Obstacle(What, Action)
    { public override string Code => "configuration-wrong"; }
}
