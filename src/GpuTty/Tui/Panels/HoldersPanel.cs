using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 4: who keeps the card busy, by session, service or container, and whether that explains the reference counts.</summary>
internal static class HoldersPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Cut(), Column.Number(), Column.Cut(), Column.Whole()];

    public static ImmutableArray<ListRow> Rows(HostSnapshot host, Card card) =>
    [
        .. ModuleStack.Holders(host, card).Treatments.GroupBy(treatment => Place(host, treatment.Holder))
            .SelectMany(group => group.Select(treatment => Row(treatment, card)).Prepend(ListRow.Heading(group.Key))),
    ];

    /// <summary>One line per module of the card that somebody holds; whether the counts are explained.</summary>
    public static ImmutableArray<Label> Account(HostSnapshot host, Card card, int width) =>
    [
        .. ModuleStack.Of(host, card).Concat(ModuleStack.Staying(host, card, function => function.Class.IsDisplay)).Select(module => ReferenceAccount.Of(host, module)).OfType<ReferenceAccount>()
            .Where(account => account.References > 0)
            .Select(account => new Label(account.Words(width), account.Unexplained > 0 ? Look.Warn : Look.Plain)),
    ];

    public static string IdOf(Holder holder) => $"{holder.Pid} {holder.StartTime}";
    public static Holder? HolderOf(HostSnapshot host, string? id) => host.Holders.FirstOrDefault(holder => IdOf(holder) == id);

    /// <summary>The login session, container or service that a person would name.</summary>
    public static string Place(HostSnapshot host, Holder holder) =>
        holder.Session is { } id ? host.FindSession(id)?.Label ?? $"session {id}"
        : holder.Container is { } container ? $"container {container}"
        : holder.UserUnit is { } userUnit ? $"{userUnit} of {holder.User ?? $"user {holder.Uid}"}"
        : holder.Unit ?? "other programs";

    /// <summary>Through which nodes of this card, or of its drivers.</summary>
    public static string Nodes(Holder holder, Card card) => string.Join(' ', holder.Nodes.Where(node => node.Device is not { } device || card.Contains(device)).Select(Name).Distinct());

    /// <summary>What a switch does about it, in a word; the details tell the rest.</summary>
    public static Label Fate(HolderTreatment treatment) => treatment.Treatment switch
    {
        Treatment.EndsWithDesktop => "ends",
        Treatment.StopService => "restarts",
        Treatment.StopUnit or Treatment.EndProcess => new Label("asks you", Look.Warn),
        Treatment.RefuseMachine => new Label("a VM", Look.Bad),
        _ => new Label("stays", Look.Bad),
    };

    private static ListRow Row(HolderTreatment treatment, Card card) => new(IdOf(treatment.Holder),
        treatment.Holder.Name, $"{treatment.Holder.Pid}", Nodes(treatment.Holder, card), Fate(treatment))
    { Depth = 1 };

    private static string Name(HeldNode node)
    {
        var name = node.Path.StartsWith("/dev/", StringComparison.Ordinal) ? node.Path[5..] : node.Path;
        foreach (var folder in (string[])["dri/", "snd/"])
            if (name.StartsWith(folder, StringComparison.Ordinal)) name = name[folder.Length..];
        return node.IsMapping ? $"{name}(mapped)" : name;
    }
}
