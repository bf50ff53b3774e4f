namespace GpuTty.Planning.Plans;

/// <summary>What the machine is set to while a virtual machine has the card. A null is left as it is.</summary>
public sealed record GuestTuning
{
    /// <summary>CPUs that the host leaves to the virtual machine (<c>4-15</c>).</summary>
    [JsonPropertyName("freeCpus")] public string? FreeCpus { get; init; }

    /// <summary>A word of scaling_available_governors.</summary>
    [JsonPropertyName("governor")] public string? Governor { get; init; }

    /// <summary>A word of energy_performance_available_preferences.</summary>
    [JsonPropertyName("energyPreference")] public string? EnergyPreference { get; init; }

    /// <summary>MiB of pages of 2 MiB that nobody else uses.</summary>
    [JsonPropertyName("hugePages")] public int? HugePages { get; init; }

    /// <summary>MiB of memory of the module kvmfr.</summary>
    [JsonPropertyName("kvmfr")] public int? Kvmfr { get; init; }

    /// <summary>The file /dev/shm/looking-glass is there, and belongs to the user of the virtual machine.</summary>
    [JsonPropertyName("sharedMemory")] public bool SharedMemory { get; init; }

    public static GuestTuning None { get; } = new();
}
