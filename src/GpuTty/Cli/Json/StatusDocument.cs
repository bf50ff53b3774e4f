using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;

namespace GpuTty.Cli.Json;

internal sealed record StatusDocument(
    int Schema, string Version, string HostName, string Kernel, bool IsRoot, int? Vt, bool Iommu, int IommuGroups,
    IReadOnlyList<CardFields> Cards, DesktopFields Desktop, RunFields Run, IReadOnlyList<NextFields> Next, IReadOnlyList<UnknownFields> Unknowns)
{
    public static StatusDocument Of(HostSnapshot host, LastRun run, IEnumerable<NextSwitch> next) => new(
        JsonText.Schema, CommandLine.Version, host.HostName, host.Kernel, host.Viewer.IsRoot, host.Viewer.Vt, host.HasIommu, host.Groups.Length,
        [.. Card.FindAll(host).Select(card => CardFields.Of(host, card))],
        new(host.DisplayManager?.Unit.Name.Name, host.DisplayManager?.Unit.ActiveState, host.DisplayManager?.Vt,
            [.. host.Sessions.Select(SessionFields.Of)], [.. host.KeptOff.Select(rule => new KeptOffFields(rule.Device.ToString(), rule.IsPermanent))],
            [.. Card.FindAll(host).SelectMany(card => PinMeaning.For(host, card).Select(meaning => new SettingFields(card.Address.ToString(), meaning.Pin.Setting, meaning.Pin.Value, meaning.Pin.Where, meaning.Defeats)))]),
        new(run.Code, run.Sentence, run.NextAction),
        [.. next.Select(NextFields.Of)], UnknownFields.Of(host));
}

/// <param name="Owner">host, vfio, mixed or nobody.</param>
internal sealed record CardFields(string Address, string Name, string Owner, IReadOnlyList<DeviceFields> Functions)
{
    public static CardFields Of(HostSnapshot host, Card card) => new(card.Address.ToString(), card.Display.Name,
        card.Owner switch { Host.Pci.Owner.HostDriver => "host", Host.Pci.Owner.Vfio => "vfio", Host.Pci.Owner.Mixed => "mixed", _ => "nobody" },
        [.. card.Functions.Select(function => DeviceFields.Of(host, function))]);
}

internal sealed record DesktopFields(
    string? DisplayManager, string? State, int? Vt, IReadOnlyList<SessionFields> Sessions, IReadOnlyList<KeptOffFields> KeptOff, IReadOnlyList<SettingFields> Settings);

/// <summary>A setting of the desktop that decides about a card.</summary>
/// <param name="OpensTheCard">False where it makes the desktop leave the card alone.</param>
internal sealed record SettingFields(string Card, string Setting, string Value, string Where, bool OpensTheCard);

internal sealed record KeptOffFields(string Card, bool IsPermanent);

internal sealed record SessionFields(string Id, string User, string Type, string Class, string State, string? Seat, int? Vt, string? Desktop)
{
    public static SessionFields Of(LoginSession session) =>
        new(session.Id, session.User, session.Type, session.Class, session.State, session.Seat, session.Vt, session.Desktop);
}

/// <param name="State">none, running, half-done, ended, history or unreadable.</param>
internal sealed record RunFields(string State, string Sentence, string? NextAction);

/// <param name="Verdict">ready, review, blocked or done.</param>
internal sealed record NextFields(string Card, string Direction, string Verdict, string Sentence, string NextAction)
{
    public static NextFields Of(NextSwitch next) =>
        new(next.Card.Address.ToString(), Words.Of(next.Direction), next.Verdict.ToString().ToLowerInvariant(), next.Sentence, next.NextAction);
}
