using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 4: who keeps the card busy, by session, service or container, and whether that explains the reference counts.</summary>
internal static class HoldersPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Cut, Column.Number, Column.Cut, Column.Whole];
    private static readonly SnapshotCache<HostSnapshot, PciAddress, ImmutableArray<ListRow>> s_known = new();
    private static readonly SnapshotCache<HostSnapshot, PciAddress, ImmutableArray<ModuleRefcountBreakdown>> s_accounts = new();

    public static ImmutableArray<ListRow> Rows(HostSnapshot host, Card card) => s_known.Get(host, card.Address, () =>
    [
        // What needs an answer first: on a small screen it is all that is seen.
        .. HolderPlan.For(host, card).Actions.GroupBy(treatment => treatment.Holder.PlaceIn(host)).OrderBy(group => group.Min(Urgency))
            .SelectMany(group => group.Select(Row).Prepend(ListRow.Heading(group.Key))),
    ]);

    /// <summary>One line per module of the card that somebody holds; whether the counts are explained.</summary>
    public static ImmutableArray<Label> Account(HostSnapshot host, Card card, int width) =>
        [.. Of(host, card).Select(account => Sum(account, width))];

    /// <summary>The same with each explanation in a line of its own.</summary>
    public static ImmutableArray<Label> Explained(HostSnapshot host, Card card, int width) =>
        [.. Of(host, card).SelectMany(account =>
            account.Explained.Select(reason => new Label($"  {reason.Count} {reason.Why}")).Prepend(Sum(account, width)))];

    private static ImmutableArray<ModuleRefcountBreakdown> Of(HostSnapshot host, Card card) => s_accounts.Get(host, card.Address, () =>
        [.. CardModules.Accounts(host, card).Where(account => account.References > 0 && !IsAside(host, card, account.Module))]);

    private static Label Sum(ModuleRefcountBreakdown account, int width) =>
        new(account.Words(width), account.Unexplained > 0 ? Theme.Warn : Theme.Plain);

    public static string IdOf(Holder holder) => $"{holder.Pid} {holder.StartTime}";
    public static Holder? HolderOf(HostSnapshot host, string? id) => host.Holders.FirstOrDefault(holder => IdOf(holder) == id);

    /// <summary>Through which nodes of the card, or of its drivers.</summary>
    public static string Nodes(HolderAction treatment) => string.Join(' ', treatment.Nodes.GroupBy(node => node.ShortPlace)
        .Select(held => held.All(node => node.IsMapping) ? $"{held.Key}(mapped)" : held.Key));

    private static int Urgency(HolderAction treatment) => treatment.Kind switch
    {
        HolderActionKind.Refuse or HolderActionKind.RefuseMachine => 0,
        HolderActionKind.StopUnit or HolderActionKind.EndProcess or HolderActionKind.StopContainer => 1,
        HolderActionKind.ReleasedWithSession => 3,
        _ => 2,
    };

    /// <summary>What a switch does about it, in a word; the details tell the rest.</summary>
    public static Label Fate(HolderAction treatment) => treatment.Kind switch
    {
        HolderActionKind.EndsWithDesktop => "ends",
        HolderActionKind.ReleasedWithSession => "lets go",
        HolderActionKind.StopService => "restarts",
        HolderActionKind.QuitSplash => "quits",
        HolderActionKind.StopUnit or HolderActionKind.EndProcess or HolderActionKind.StopContainer =>
            new Label("needs your OK", Theme.Warn),
        HolderActionKind.RefuseMachine => new Label("a VM", Theme.Bad),
        _ => new Label("must not be ended", Theme.Bad),
    };

    /// <summary>A module of the card's sound or USB alone, which stays loaded whatever its count.</summary>
    private static bool IsAside(HostSnapshot host, Card card, KernelModule module) =>
        card.Functions.Any(function => !function.IsGraphics && function.Driver is { } driver && host.ModuleOf(driver) == module.Name);

    private static ListRow Row(HolderAction treatment) => new(IdOf(treatment.Holder),
        treatment.Holder.Name, $"{treatment.Holder.Pid}", Nodes(treatment), Fate(treatment))
    { Depth = 1 };
}
