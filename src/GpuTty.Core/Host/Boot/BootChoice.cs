using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Boot;

/// <summary>A card that goes to vfio-pci when the machine starts, by address
/// and identity: another device at that address is left alone.</summary>
/// <param name="Functions">All that the card had when it was chosen, by address; never empty.</param>
/// <param name="IsOnce">At the next start only.</param>
public sealed record BootChoice(
    [property: JsonPropertyName("functions")] ImmutableArray<BootFunction> Functions,
    [property: JsonPropertyName("isOnce")] bool IsOnce)
{
    /// <summary>On the kernel's command line it leaves every card to the host for one start.</summary>
    public const string Escape = "gputty.boot=host";

    public static BootChoice For(Card card, bool isOnce) =>
        new([.. card.Functions.Select(function => new BootFunction(function.Address, function.Id))], isOnce);

    /// <summary>The first function's address tells it from other choices.</summary>
    [JsonIgnore]
    public PciAddress Card => Functions[0].Address;

    public bool IsOf(Card card) => Functions.Any(function => card.Contains(function.Address));

    /// <summary>The first function at which another device sits now, or none; null where all are what they were.</summary>
    public BootFunction? Exchanged(HostSnapshot host) =>
        Functions.FirstOrDefault(function => host.Find(function.Address)?.Id != function.Id);
}

/// <param name="Id">With the subsystem's, where sysfs shows them.</param>
public sealed record BootFunction(
    [property: JsonPropertyName("address")] PciAddress Address,
    [property: JsonPropertyName("id")] PciId Id);

/// <summary>All of them, as they are kept.</summary>
public sealed record BootChoices([property: JsonPropertyName("cards")] ImmutableArray<BootChoice> Cards)
{
    public static BootChoices None { get; } = new([]);

    public BootChoices With(BootChoice choice) => new([.. Without(choice).Cards, choice]);

    public BootChoices Without(BootChoice choice) =>
        new([.. Cards.Where(other => !other.Functions.Any(function => choice.Functions.Any(own => own.Address == function.Address)))]);
}
