using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>A module that modprobe can find.</summary>
/// <param name="Name">With underscores.</param>
/// <param name="Driver">The PCI driver it registers; null for the upper modules of a stack.</param>
internal sealed record ModuleFile(string Name, string? Driver = null)
{
    public ImmutableArray<string> DependsOn { get; init; } = [];
    public bool IsLoaded { get; init; }
    public bool IsBuiltIn { get; init; }

    /// <summary>Nodes of the driver as a whole, which pin the module but no card: /dev/nvidiactl.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>References that the kernel itself holds and that no process explains.</summary>
    public int KernelUses { get; init; }

    public bool IsRegistered => IsLoaded || IsBuiltIn;

    /// <summary>When its driver was registered, for those that were not at
    /// boot in the order of the list: earlier ones are asked first.</summary>
    public int Registered { get; init; }

    /// <summary>As <see cref="Host.Pci.KernelModule"/> has them.</summary>
    public string? Version { get; init; }
    public bool? SetsModes { get; init; }

    /// <summary>Functions that its table names and its probe refuses: of radeon those that
    /// amdgpu is to have, and the other way round.</summary>
    public ImmutableArray<PciAddress> Refuses { get; init; } = [];

    /// <summary>What modprobe loads before it, if that can be loaded (modprobe.d(5), softdep pre:).</summary>
    public ImmutableArray<string> SoftDependsOn { get; init; } = [];

    /// <summary>What its driver was told to take besides its own table: by ids= when it was loaded, or by new_id.</summary>
    public ImmutableArray<DynamicId> DynamicIds { get; init; } = [];
}
