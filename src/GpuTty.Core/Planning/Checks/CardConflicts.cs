using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning.Checks;

/// <summary>Other programs that move the card by themselves. Each undoes what the
/// other has done, so the plan says so before anybody agrees to it.</summary>
internal static class CardConflicts
{
    public static IEnumerable<ConflictingTool> Of(HostSnapshot host, Card card) =>
        host.ConflictingTools.Where(other =>
            other.Moves && (other.Device is { } device ? card.Contains(device) : !ProcessorGraphics.Is(host, card.Display)));

    public static IEnumerable<Consequence> Consequences(HostSnapshot host, Card card) =>
        Of(host, card).Select(other => new Consequence(ConsequenceCode.ConflictingTool, Words(other)));

    public static string Words(ConflictingTool other) => $"{other.What}. {other.Remedy}";
}
