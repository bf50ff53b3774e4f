using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <content>The pages of a program that holds a card, and of a module that is held.</content>
internal static partial class Details
{
    private static ImmutableArray<Label> OfHolder(HostSnapshot host, Holder holder, TimeZoneInfo zone) =>
    [
        new Label(holder.Label, Theme.Strong),
        holder.PlaceIn(host),
        "",
        Fact("user", $"{holder.User ?? "unknown"} ({holder.Uid})"),
        Fact("unit", holder.UserUnit is { } own ? $"{own} in {holder.Unit}" : holder.Unit ?? "none"),
        Fact("session", holder.Session is { } id ? host.FindSession(id)?.Label ?? id : "none"),
        Fact(holder.IsVirtualMachine ? "VM" : "container",
            holder.GuestNameIn(host) is { } guest ? Visible.Text(guest, 80) : holder.GuestName ?? holder.Container ?? "none"),
        .. OfUse(host, holder, zone),
        .. Fates(host, holder),
        .. holder.Nodes.GroupBy(node => Owner(host, node)).OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(Held),
    ];

    /// <summary>What a switch of each card that it holds does about it.</summary>
    private static IEnumerable<Label> Fates(HostSnapshot host, Holder holder)
    {
        var cards = Card.FindAll(host)
            .Where(card => HolderPlan.For(host, card).Actions.Any(treatment => treatment.Holder == holder))
            .ToList();
        foreach (var card in cards)
        {
            var treatment = HolderAction.Of(holder, host, card);
            yield return Fact(
                "a switch",
                new Label(
                    $"{(cards.Count > 1 ? $"of {card.Address.SlotName}: " : "")}{treatment.Reason}",
                    HoldersPanel.Fate(treatment).Style));
        }
        if (cards.Count == 0)
            yield return Fact("a switch", "does nothing about it: it holds no card, and no module that would be unloaded");
    }

    /// <summary>One line a node: its descriptors, and whether it is mapped.</summary>
    private static IEnumerable<Label> Held(IGrouping<string, HeldNode> owned)
    {
        yield return "";
        yield return new Label($"Holds of {owned.Key}", Theme.Strong);
        foreach (var file in owned.GroupBy(node => node.Place))
        {
            var descriptors = file.Where(node => !node.IsMapping).Select(node => node.Descriptor!.Value).Order().ToList();
            var ways = new List<string>();
            if (descriptors.Count > 0)
                ways.Add($"{(descriptors.Count == 1 ? "descriptor" : "descriptors")} {string.Join(", ", descriptors)}");
            if (file.Any(node => node.IsMapping)) ways.Add("mapped into memory");
            yield return $"  {file.Key}  {file.First().Kind.ToString().ToLowerInvariant()}: {string.Join("; ", ways)}";
        }
    }

    private static string Owner(HostSnapshot host, HeldNode node) =>
        node.Device is { } address ? $"{address.ShortName} {(host.Find(address) is { } device ? device.Class.Name : "which is gone")}"
        : node.Module is { } module ? $"module {module}" : "a device that is gone";

    private static ImmutableArray<Label> OfModule(HostSnapshot host, KernelModule module)
    {
        var account = ModuleRefcountBreakdown.Of(host, module);
        return
        [
            new Label(account.Words(), account.Unexplained > 0 ? Theme.Warn.Bold : Theme.Strong),
            "",
            .. List("drives", host.Devices.Where(device => device.Driver is { } driver && host.ModuleOf(driver) == module.Name)
                .Select(device => $"{device.Address.ShortName} {DeviceText.ShortName(device)}").DefaultIfEmpty("no device itself")),
            .. List("used by", module.UsedBy.IsEmpty ? ["no other module"] : module.UsedBy),
            .. List("held by", host.Holders
                .Where(holder => host.Pins(holder, module.Name))
                .Select(holder => $"{ModuleRefcountBreakdown.FilesOf(host, holder, module.Name),2}  {holder.Label}, {holder.PlaceIn(host)}")
                .DefaultIfEmpty("no program")),
            .. List("explained", account.Explained.Select(reason => $"{reason.Count,2}  {reason.Why}")),
            .. account.Unexplained > 0 ? Unexplained(host, account.Unexplained.Value) : [],
        ];
    }

    private static IEnumerable<Label> Unexplained(HostSnapshot host, int count)
    {
        yield return "";
        yield return new Label(
            $"{count} cannot be explained from outside the kernel: a buffer that another driver imported, a console, "
                + "or a driver that counts for itself.",
            Theme.Warn);
        foreach (var unknown in host.Unknowns.Where(unknown => unknown.Fact.StartsWith("holders", StringComparison.Ordinal)))
            yield return new Label($"Perhaps a program that could not be inspected: {unknown.Reason}", Theme.Warn);
        yield return "The module cannot be unloaded while they last; the switch waits for them, then rolls back.";
    }
}
