namespace GpuTty.Host;

/// <summary>Parts of a snapshot, so that a step can be checked without reading the whole machine again.</summary>
[Flags]
public enum SnapshotSections
{
    /// <summary>What every look tells: the kernel's own state, a write that has not come back.</summary>
    None = 0,
    /// <summary>Devices, groups, drivers, nodes, vfio.</summary>
    Devices = 1,
    /// <summary>Loaded modules and their reference counts.</summary>
    Modules = 2,
    /// <summary>Processes that hold nodes (needs the nodes: reads <see cref="Devices"/> as well).</summary>
    Holders = 4,
    /// <summary>Display manager, sessions, units, settings of desktops, and where you sit,
    /// which a first look tells in any case.</summary>
    Desktop = 8,
    /// <summary>Framebuffers and virtual terminals.</summary>
    Console = 16,
    /// <summary>What was remembered, rules and pins that are on.</summary>
    State = 32,
    /// <summary>What was started from the desktops; only read for whoever looks at it (needs <see cref="Desktop"/>).</summary>
    Programs = 64,
    /// <summary>Configuration files; only read for whoever explains the machine.</summary>
    SettingsFiles = 128,
    /// <summary>What is in the initramfs; takes a second or more (needs <see cref="SettingsFiles"/>).</summary>
    Initramfs = 256,
    /// <summary>What a switch may change for a virtual machine. Told where asked, because it wakes idle CPUs;
    /// and unasked once where a switch has changed some of it (needs <see cref="State"/>).</summary>
    TunableSettings = 512,
    /// <summary>What only a person asks of a card or a program; only read for the page
    /// that shows it (needs <see cref="Devices"/> and <see cref="Holders"/>).</summary>
    Details = 1024,
    /// <summary>What the host would lose with each function: a plan asks for it, no step does. Told by a first look
    /// in any case (needs <see cref="Devices"/>).</summary>
    Uses = 2048,
    /// <summary>All that anything is decided from.</summary>
    All = Devices | Modules | Holders | Desktop | Console | State | Uses,
}
