using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <content>The page of an IOMMU group: what it means, why it is as it is, what giving it away would cost.</content>
internal static partial class Details
{
    private static ImmutableArray<Label> OfGroup(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        var costs = Costs(PassthroughImpact.With(host, group)).ToList();
        return
        [
            new Label(verdict.InBrief, DeviceText.Verdict(verdict).Style.Bold),
            verdict.Sentence,
            .. costs,
            .. GroupExplanation.Advice(host, verdict) is { } advice ? [$"-> {advice}"] : ImmutableArray<Label>.Empty,
            "",
            .. GroupVerdict.Members(host, group).SelectMany(device => Member(device)),
            "",
            new Label("Why these", Theme.Strong),
            .. GroupExplanation.Why(host, group).Select(sentence => new Label($"  {sentence}")),
            "",
            new Label("Memory", Theme.Strong),
            $"  {DmaDomainText.OfType(group.Type)}",
            .. group.ReservedRegions.IsEmpty ? ["  No reserved regions."] : ImmutableArray<Label>.Empty,
            .. group.ReservedRegions.Select(Region),
        ];
    }

    private static IEnumerable<Label> Member(PciDevice device)
    {
        yield return new Label(
            $"{device.Address.ShortName}  {device.Class.Name}, "
                + $"{(device.IsBridge ? "stays: a bridge is never passed through" : DeviceText.Driver(device).Text)}",
            device.IsBridge ? Theme.Plain : Theme.Strong);
        yield return $"         {device.Name}";
        foreach (var use in device.Uses) yield return $"         {use.Name}{(use.IsVital ? " (the host needs it)" : "")}";
    }

    private static Label Region(ReservedRegion region) =>
        new(
            $"  {region.Start:x} to {region.End:x}  {region.Type}: {DmaDomainText.OfRegion(region)}",
            DmaDomainText.Forbids(region) ? Theme.Bad : Theme.Plain);
}
