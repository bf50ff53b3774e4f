using GpuTty.Host;
using GpuTty.Planning;

namespace GpuTty.Cli;

/// <summary>Whether the functions of an IOMMU group could go to a virtual machine, in a word for scripts and in words for people.</summary>
internal sealed record GroupVerdict(string Code, string Text)
{
    public static GroupVerdict Of(HostSnapshot host, IommuGroup group)
    {
        var members = group.Members.Select(host.Find).OfType<PciDevice>().Where(member => !member.IsBridge).ToList();
        if (members.Count == 0) return new("bridges-only", "bridges only, nothing to give away");
        if (group.ReservedRegions.Any(region => region.Type == "direct"))
            return new("direct-mapped", "kept by the firmware (a direct reserved region)");
        var card = members.Select(member => Card.FindAt(host, member.Address)).OfType<Card>().FirstOrDefault();
        if (card is not null && GroupChecks.Strangers(host, card).Where(pair => pair.Function.IommuGroup == group.Number).Select(pair => pair.Other).ToList() is [_, ..] others)
            return new("shared", $"card {card.Address.SlotName} shares it with {string.Join(", ", others.Select(Name))}, which would have to travel along");
        if (members.All(member => member.IsOnVfio)) return new("vfio", "with vfio-pci, for a virtual machine");
        if (card is not null) return new("isolated", $"isolated: nothing but card {card.Address.SlotName}");
        return members.Select(member => member.Address with { Function = 0 }).Distinct().Count() == 1
            ? new("isolated", "isolated")
            : new("shared", "shared by several devices, which can only travel together");
    }

    private static string Name(PciDevice device) => $"{device.Address.ShortName} ({device.Class.Name}, {device.Driver})";
}
