using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Groups;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty groups</c>: what the IOMMU can tell apart, with a verdict in words.</summary>
internal static class GroupsCommand
{
    public static Command Create(CommandContext world)
    {
        var json = Options.Json();
        var command = new Command("groups", "Show IOMMU groups, their members, and what would have to go with a card") { json };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            if (parse.GetValue(json)) JsonText.Print(world.Out, GroupsDocument.Of(host), context => context.GroupsDocument);
            else Print(world, host);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(CommandContext world, HostSnapshot host)
    {
        if (!host.HasIommu && WithoutIommu.Reason(host) is var reason)
            world.Remarks.Problem(
                $"There are no IOMMU groups of PCI devices: {char.ToLowerInvariant(reason.Problem[0])}{reason.Problem[1..]}",
                reason.Remedy);
        foreach (var group in host.Groups.OrderBy(group => group.Number)) PrintGroup(world.Page, host, group);
        world.Remarks.Unknowns(host);
    }

    private static void PrintGroup(TextPage page, HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        var ink = verdict.State switch
        {
            GroupState.Isolated or GroupState.WithVm => Ink.Good,
            GroupState.BridgesOnly => Ink.Plain,
            _ => Ink.Warn,
        };
        page.Line(new Part($"group {group.Number}", Ink.Strong), ": ", new Part(verdict.InBrief, ink), $". {verdict.Sentence}");
        var members = group.Members.Order().Select(address => host.Find(address) is { } device
            ? (string[])[address.ShortName, device.Class.Name, device.Driver ?? "no driver", device.Name]
            : [address.ShortName, "not listed", "", ""]).ToList();
        foreach (var line in Table.Lines(members, indent: 2)) page.Line(line);
        foreach (var cost in PassthroughImpact.With(host, group))
            page.Line("  ", new Part($"you would lose {cost}", cost.IsVital ? Ink.Bad : Ink.Warn));
    }
}
