using System.Text.Json.Serialization;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Json;

internal sealed record StatusDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("host_name")] string HostName,
    [property: JsonPropertyName("kernel")] string Kernel,
    [property: JsonPropertyName("is_root")] bool IsRoot,
    [property: JsonPropertyName("vt")] int? Vt,
    [property: JsonPropertyName("iommu")] bool Iommu,
    [property: JsonPropertyName("iommu_groups")] int IommuGroups,
    [property: JsonPropertyName("cards")] IReadOnlyList<CardFields> Cards,
    [property: JsonPropertyName("desktop")] DesktopFields Desktop,
    [property: JsonPropertyName("run")] RunFields Run,
    [property: JsonPropertyName("next")] IReadOnlyList<NextFields> Next,
    [property: JsonPropertyName("given")] IReadOnlyList<GivenFields> Given,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static StatusDocument Of(HostSnapshot host, LastRun run, IEnumerable<NextSwitch> next, IEnumerable<GivenCard> given) => new(
        JsonText.Schema,
        CommandLine.Version,
        host.HostName,
        host.Kernel,
        host.Caller.IsRoot,
        host.Caller.Vt,
        host.HasIommu,
        host.Groups.Length,
        [.. Card.FindAll(host).Select(card => CardFields.Of(host, card))],
        DesktopFields.Of(host),
        RunFields.Of(run),
        [.. next.Select(NextFields.Of)],
        [.. given.Select(GivenFields.Of)],
        UnknownFields.Of(host));
}

internal sealed record CardFields(
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("owner")] Owner Owner,
    [property: JsonPropertyName("functions")] IReadOnlyList<DeviceFields> Functions)
{
    public static CardFields Of(HostSnapshot host, Card card) => new(card.Address.ToString(), card.Display.Name, card.Owner,
        [.. card.Functions.Select(function => DeviceFields.Of(host, function))]);
}

internal sealed record DesktopFields(
    [property: JsonPropertyName("display_manager")] string? DisplayManager,
    [property: JsonPropertyName("state")] string? State,
    [property: JsonPropertyName("vt")] int? Vt,
    [property: JsonPropertyName("sessions")] IReadOnlyList<SessionFields> Sessions,
    [property: JsonPropertyName("hidden_cards")] IReadOnlyList<HiddenCardFields> HiddenCards,
    [property: JsonPropertyName("settings")] IReadOnlyList<SettingFields> Settings)
{
    public static DesktopFields Of(HostSnapshot host) =>
        new(
            host.DisplayManager?.Unit.Name.Name,
            host.DisplayManager?.Unit.ActiveState,
            host.DisplayManager?.Vt,
            [.. host.Sessions.Select(SessionFields.Of)],
            [.. host.HiddenFromSeat.Select(rule => new HiddenCardFields(rule.Device.ToString(), rule.IsPermanent))],
            [.. Card.FindAll(host).SelectMany(card =>
                DeviceSettingEffect.For(host, card).Select(meaning => SettingFields.Of(card, meaning)))]);
}

/// <summary>A setting of the desktop that decides about a card.</summary>
/// <param name="OpensCard">False where it makes the desktop leave the card alone.</param>
internal sealed record SettingFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("setting")] string Setting,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("where")] string Where,
    [property: JsonPropertyName("opens_card")] bool OpensCard)
{
    public static SettingFields Of(Card card, DeviceSettingEffect meaning) =>
        new(card.Address.ToString(), meaning.Pin.Setting, meaning.Pin.Value, meaning.Pin.Where, meaning.Defeats);
}

internal sealed record HiddenCardFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("permanent")] bool Permanent);

internal sealed record SessionFields(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("user")] string User,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("class")] string Class,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("seat")] string? Seat,
    [property: JsonPropertyName("vt")] int? Vt,
    [property: JsonPropertyName("desktop")] string? Desktop)
{
    public static SessionFields Of(LoginSession session) =>
        new(session.Id, session.User, session.Type, session.Class, session.State, session.Seat, session.Vt, session.Desktop);
}

/// <param name="Outcome">Null while it runs, and where there was none.</param>
/// <param name="ExitCode">What gputty follow exits with now; null while it runs.</param>
internal sealed record RunFields(
    [property: JsonPropertyName("state")] LastRunState State,
    [property: JsonPropertyName("outcome")] CommandOutcome? Outcome,
    [property: JsonPropertyName("exit_code")] int? ExitCode,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("next_action")] string? NextAction)
{
    public static RunFields Of(LastRun run) =>
        new(run.State, run.Outcome, run.Outcome is { } outcome ? ExitCodes.Of(outcome) : null, run.Sentence, run.NextAction);
}

/// <param name="DesktopSummary">Null without a plan.</param>
/// <param name="Risk">Null without a plan.</param>
internal sealed record NextFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("verdict")] Verdict Verdict,
    [property: JsonPropertyName("desktop_impact")] DesktopImpact? DesktopSummary,
    [property: JsonPropertyName("risk")] Risk? Risk,
    [property: JsonPropertyName("consequences")] IReadOnlyList<ConsequenceFields> Consequences,
    [property: JsonPropertyName("obstacles")] IReadOnlyList<ObstacleFields> Obstacles,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("next_action")] string NextAction)
{
    public static NextFields Of(NextSwitch next) =>
        new(
            next.Card.Address.ToString(),
            next.Direction,
            next.Verdict,
            next.Plan?.DesktopImpact,
            next.Plan?.Risk,
            next.Plan is null ? [] : ConsequenceFields.Of(next.Plan),
            [.. next.Obstacles.Select(ObstacleFields.Of)],
            next.Sentence,
            next.NextAction);
}
