using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;

namespace GpuTty.Cli.Json;

internal sealed record HoldersDocument(int Schema, IReadOnlyList<CardHolders> Cards, IReadOnlyList<UnknownFields> Unknowns)
{
    public static HoldersDocument Of(HostSnapshot host, IEnumerable<Card> cards) =>
        new(JsonText.Schema, [.. cards.Select(card => CardHolders.Of(host, card))], UnknownFields.Of(host));
}

internal sealed record CardHolders(string Card, string Name, IReadOnlyList<HolderFields> Holders, IReadOnlyList<ModuleFields> Modules)
{
    public static CardHolders Of(HostSnapshot host, Card card)
    {
        var accounts = CardModules.Accounts(host, card);
        return new(card.Address.ToString(), card.Display.Name,
            [.. HolderPlan.For(host, card).Treatments.Select(HolderFields.Of)],
            [.. accounts.Select(account => ModuleFields.Of(account))]);
    }
}

/// <param name="Treatment">ends-with-desktop, stop-service, stop-unit, end-process, stop-container, refuse-machine or refuse.</param>
internal sealed record HolderFields(
    int Pid, long StartTime, string Name, int Uid, string? User, string? Unit, string? UserUnit, string? Session, string? Container,
    string Treatment, string Reason, IReadOnlyList<NodeFields> Nodes)
{
    public static HolderFields Of(HolderTreatment treated)
    {
        var holder = treated.Holder;
        return new(holder.Pid, holder.StartTime, holder.Name, holder.Uid, holder.User, holder.Unit, holder.UserUnit, holder.Session, holder.Container,
            Words.Of(treated.Treatment), treated.Reason,
            [.. holder.Nodes.Select(node => new NodeFields(node.Path, node.Kind.ToString().ToLowerInvariant(), node.Device?.ToString(), node.Module, node.Descriptor))]);
    }
}

/// <param name="Descriptor">Null for a memory map.</param>
internal sealed record NodeFields(string Path, string Kind, string? Device, string? Module, int? Descriptor);

/// <param name="Modules">How many modules stand on it; part of <paramref name="Explained"/>.</param>
internal sealed record ModuleFields(string Module, int? References, int OpenFiles, int Modules, int? Unexplained, int Explained, IReadOnlyList<string> Explanations)
{
    public static ModuleFields Of(ReferenceAccount account) => new(
        account.Module.Name, account.References, account.Held, account.Module.UsedBy.Length, account.Unexplained, account.ExplainedCount,
        [.. account.Explained.Select(reason => $"{reason.Count}: {reason.Why}")]);
}
