using System.Text.Json;

namespace GpuTty.Planning.Plans;

/// <summary>What a plan costs: the stable words for scripts.</summary>
public enum ConsequenceCode
{
    [JsonStringEnumMemberName("sessions-closed")] SessionsClosed,
    [JsonStringEnumMemberName("desktop-not-restarted")] DesktopNotRestarted,
    [JsonStringEnumMemberName("desktop-started-by-unit")] DesktopStartedByUnit,
    [JsonStringEnumMemberName("unit-stopped")] UnitStopped,
    [JsonStringEnumMemberName("unit-not-started")] UnitNotStarted,
    [JsonStringEnumMemberName("process-ended")] ProcessEnded,
    [JsonStringEnumMemberName("container-stopped")] ContainerStopped,
    [JsonStringEnumMemberName("travels-along")] TravelsAlong,
    [JsonStringEnumMemberName("driver-stays-loaded")] DriverStaysLoaded,
    [JsonStringEnumMemberName("unexplained-references")] UnexplainedReferences,
    [JsonStringEnumMemberName("hidden-use-unknown")] HiddenUseUnknown,
    [JsonStringEnumMemberName("only-card-dark")] OnlyCardDark,
    [JsonStringEnumMemberName("confirmation-needed")] ConfirmationNeeded,
    [JsonStringEnumMemberName("automatic-return")] AutomaticReturn,
    [JsonStringEnumMemberName("monitors-dark")] MonitorsDark,
    [JsonStringEnumMemberName("desktop-keeps-card-open")] DesktopKeepsCardOpen,
    [JsonStringEnumMemberName("conflicting-tool")] ConflictingTool,
    [JsonStringEnumMemberName("takes-effect-at-login")] TakesEffectAtLogin,
    [JsonStringEnumMemberName("programs-inherit-setting")] ProgramsInheritSetting,
    [JsonStringEnumMemberName("stays-without-driver")] StaysWithoutDriver,
    [JsonStringEnumMemberName("host-use-lost")] HostUseLost,
    [JsonStringEnumMemberName("setting-left-out")] SettingLeftOut,
    [JsonStringEnumMemberName("last-resort")] LastResort,
    [JsonStringEnumMemberName("override-lost")] OverrideLost,
}

/// <summary>Something that the user loses by a plan, or should know before agreeing to it. The journal keeps the text alone.</summary>
/// <param name="Code">Null where it was read from a journal.</param>
/// <param name="Text">One sentence.</param>
[JsonConverter(typeof(ConsequenceText))]
public sealed record Consequence(ConsequenceCode? Code, string Text)
{
    public override string ToString() => Text;
}

/// <summary>A consequence as its text.</summary>
public sealed class ConsequenceText : JsonConverter<Consequence>
{
    public override Consequence Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(null, reader.GetString() ?? throw new JsonException("not a text"));

    public override void Write(Utf8JsonWriter writer, Consequence value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
