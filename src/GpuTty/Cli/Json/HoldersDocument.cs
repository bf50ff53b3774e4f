using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;

namespace GpuTty.Cli.Json;

internal sealed record HoldersDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("cards")] IReadOnlyList<CardHolders> Cards,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static HoldersDocument Of(HostSnapshot host, IEnumerable<Card> cards) =>
        new(JsonText.Schema, [.. cards.Select(card => CardHolders.Of(host, card))], UnknownFields.Of(host));
}

internal sealed record CardHolders(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("holders")] IReadOnlyList<HolderFields> Holders,
    [property: JsonPropertyName("modules")] IReadOnlyList<ModuleFields> Modules)
{
    public static CardHolders Of(HostSnapshot host, Card card) => new(card.Address.ToString(), card.Display.Name,
        [.. HolderPlan.For(host, card).Actions.Select(HolderFields.Of)], [.. CardModules.Accounts(host, card).Select(ModuleFields.Of)]);
}

internal sealed record HolderFields(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("start_time")] long StartTime,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("uid")] int Uid,
    [property: JsonPropertyName("user")] string? User,
    [property: JsonPropertyName("unit")] string? Unit,
    [property: JsonPropertyName("user_unit")] string? UserUnit,
    [property: JsonPropertyName("session")] string? Session,
    [property: JsonPropertyName("container")] string? Container,
    [property: JsonPropertyName("action")] HolderActionKind Action,
    [property: JsonPropertyName("reason_code")] HolderReason ReasonCode,
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("nodes")] IReadOnlyList<NodeFields> Nodes)
{
    public static HolderFields Of(HolderAction treated)
    {
        var holder = treated.Holder;
        return new(
            holder.Pid,
            holder.StartTime,
            holder.Name,
            holder.Uid,
            holder.User,
            holder.Unit,
            holder.UserUnit,
            holder.Session,
            holder.Container,
            treated.Kind,
            treated.ReasonCode,
            treated.Reason,
            [.. treated.Nodes.Select(node => new NodeFields(node.Path, node.Kind, node.Device?.ToString(), node.Module, node.Descriptor))]);
    }
}

/// <param name="Descriptor">Null for a memory map.</param>
internal sealed record NodeFields(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("kind")] NodeKind Kind,
    [property: JsonPropertyName("device")] string? Device,
    [property: JsonPropertyName("module")] string? Module,
    [property: JsonPropertyName("descriptor")] int? Descriptor);

/// <param name="References">Null where the kernel does not count.</param>
/// <param name="Unexplained">Null likewise.</param>
internal sealed record ModuleFields(
    [property: JsonPropertyName("module")] string Module,
    [property: JsonPropertyName("references")] int? References,
    [property: JsonPropertyName("open_files")] int OpenFiles,
    [property: JsonPropertyName("explained")] int Explained,
    [property: JsonPropertyName("unexplained")] int? Unexplained,
    [property: JsonPropertyName("explanations")] IReadOnlyList<ExplanationFields> Explanations)
{
    public static ModuleFields Of(ModuleRefcountBreakdown account) => new(
        account.Module.Name, account.References, account.Held, account.ExplainedCount, account.Unexplained,
        [.. account.Explained.Select(reason => new ExplanationFields(reason.Code, reason.Count, reason.Why))]);
}

internal sealed record ExplanationFields(
    [property: JsonPropertyName("code")] KernelReferenceCode Code,
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("text")] string Text);
