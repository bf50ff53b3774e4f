using System.Text.Json.Serialization;
using GpuTty.Cli.Guests;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;

namespace GpuTty.Cli.Json;

internal sealed record HookDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("libvirt")] bool Libvirt,
    [property: JsonPropertyName("hook")] HookPresence Hook,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("only_guests")] IReadOnlyList<string> OnlyGuests,
    [property: JsonPropertyName("daemon")] string? Daemon,
    [property: JsonPropertyName("is_loaded")] bool? IsLoaded,
    [property: JsonPropertyName("selinux_allows")] bool? SelinuxAllows,
    [property: JsonPropertyName("other_hooks")] IReadOnlyList<OtherHookFields> OtherHooks,
    [property: JsonPropertyName("guests")] IReadOnlyList<GuestFields> Guests,
    [property: JsonPropertyName("given")] IReadOnlyList<GivenFields> Given,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static HookDocument Of(LibvirtState state, HostSnapshot host, IEnumerable<GivenCard> given) => new(
        JsonText.Schema,
        state.IsInstalled,
        state.Hook,
        state.HookPath,
        state.Script?.Guests ?? [],
        state.Daemon,
        state.IsLoaded,
        state.SelinuxAllows,
        [.. state.OtherHooks.Select(hook => new OtherHookFields(hook.Path, hook.MovesCards))],
        [.. GuestPassthrough.Of(state, host).Select(GuestFields.Of)],
        [.. given.Select(GivenFields.Of)],
        [.. state.Unknowns.Concat(host.Unknowns).Select(unknown => new UnknownFields(unknown.Code, unknown.Fact, unknown.Reason))]);
}

internal sealed record OtherHookFields(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("moves_cards")] string? MovesCards);

internal sealed record GuestFields(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("cards")] IReadOnlyList<string> Cards,
    [property: JsonPropertyName("managed")] bool Managed,
    [property: JsonPropertyName("is_running")] bool? IsRunning,
    [property: JsonPropertyName("problem")] string? Problem)
{
    public static GuestFields Of(GuestPassthrough passthrough) =>
        new(
            passthrough.Guest.Name,
            [.. passthrough.Cards.Select(card => card.Address.ToString())],
            passthrough.IsManaged,
            passthrough.Guest.IsRunning,
            passthrough.Guest.Problem);
}

internal sealed record GivenFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("guest")] string Guest,
    [property: JsonPropertyName("is_running")] bool? IsRunning,
    [property: JsonPropertyName("problem")] string? Problem,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("next_action")] string? NextAction)
{
    public static GivenFields Of(GivenCard given) =>
        new(given.Card.Address.ToString(), given.Guest, given.IsRunning, given.Problem, given.Sentence, given.NextAction);
}

/// <summary>What the start of a guest would do.</summary>
internal sealed record HookCheckDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("guest")] string Guest,
    [property: JsonPropertyName("outcome")] CommandOutcome Outcome,
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("cards")] IReadOnlyList<string> Cards,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("obstacles")] IReadOnlyList<ObstacleFields> Obstacles,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static HookCheckDocument Of(
        string guest,
        CommandOutcome outcome,
        IEnumerable<Card> cards,
        string sentence,
        IEnumerable<Obstacle> obstacles,
        HostSnapshot host) => new(
            JsonText.Schema,
            guest,
            outcome,
            ExitCodes.Of(outcome),
            [.. cards.Select(card => card.Address.ToString())],
            sentence,
            [.. obstacles.Select(ObstacleFields.Of)],
            UnknownFields.Of(host));
}
