using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Guests;

/// <summary>A note that the start of a guest has given cards away, so that its end
/// brings these home and no others. It is written before the switch begins.</summary>
/// <param name="BootId">No binding outlives a boot.</param>
/// <param name="Guest">Its name.</param>
/// <param name="Uuid">Its identity; made from the name where its description has none.</param>
/// <param name="Cards">Addresses of the cards that went because of it.</param>
/// <param name="Token">Another one for every start: a return that was begun for an earlier one is over.</param>
/// <param name="At">When it started.</param>
public sealed record GuestGrant(
    [property: JsonPropertyName("bootId")] string BootId,
    [property: JsonPropertyName("guest")] string Guest,
    [property: JsonPropertyName("uuid")] string Uuid,
    [property: JsonPropertyName("cards")] ImmutableArray<PciAddress> Cards,
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("at")] DateTimeOffset At)
{
    /// <summary>Why the cards did not come home when the guest ended; null while it runs, and before.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>The process that it was given for; null for a guest of libvirt's or Proxmox's.</summary>
    [JsonPropertyName("pid")]
    public int? Pid { get; init; }

    /// <summary>Of that process, in clock ticks since boot.</summary>
    [JsonPropertyName("startTime")]
    public long StartTime { get; init; }

    /// <summary>Graphical sessions may be closed on the way home too: agreed to when the card was given.</summary>
    [JsonPropertyName("endSessions")]
    public bool EndSessions { get; init; }

    /// <summary>When it has ended the cards stay with vfio-pci, and this note goes.</summary>
    [JsonPropertyName("stays")]
    public bool Stays { get; init; }

    /// <summary>Cards of it that are still with vfio-pci in this boot.</summary>
    public IEnumerable<Card> Away(HostSnapshot host) => BootId != host.BootId ? []
        : Cards.Select(address => Card.FindAt(host, address))
            .OfType<Card>()
            .Where(card => card.Functions.Any(function => function.IsOnVfio));
}

/// <summary>Where these notes are kept: below /run.</summary>
public interface IGuestGrants
{
    /// <summary>Those of the running boot and older ones; empty where root has to ask.</summary>
    ImmutableArray<GuestGrant> All();

    /// <summary>Puts it in the place of an earlier one of the same guest.</summary>
    void Write(GuestGrant grant);

    /// <summary>Does not mind when it is not there.</summary>
    void Delete(GuestGrant grant);

    /// <summary>One start or return at a time; null while another is at it.</summary>
    IDisposable? TryEnter();
}

/// <summary>Where nothing is kept.</summary>
public sealed class NoGrants : IGuestGrants
{
    public ImmutableArray<GuestGrant> All() => [];

    public void Write(GuestGrant grant)
    {
    }

    public void Delete(GuestGrant grant)
    {
    }

    public IDisposable? TryEnter() => new Entry();

    private sealed class Entry : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
