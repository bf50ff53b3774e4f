using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Linux.State;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Linux.Worker;

/// <summary>What the user has agreed to, handed from the viewer to the worker.</summary>
/// <param name="Protected">The viewer and its ancestors (its shell, its ssh): never to be signalled.</param>
/// <param name="ProtectedUnit">The unit the viewer runs in: never to be stopped.</param>
internal sealed record SwitchRequest(
    [property: JsonPropertyName("intent")] SwitchIntent Intent,
    [property: JsonPropertyName("road")] DesktopImpact DesktopImpact,
    [property: JsonPropertyName("risk")] Risk Risk,
    [property: JsonPropertyName("steps")] ImmutableArray<Step> Steps,
    [property: JsonPropertyName("consequences")] ImmutableArray<Consequence> Consequences,
    [property: JsonPropertyName("protected")] ImmutableArray<int> Protected,
    [property: JsonPropertyName("protectedUnit")] string? ProtectedUnit)
{
    private const string Prefix = "request-";
    private const int Digits = 32;

    [JsonIgnore]
    public SwitchPlan Plan => new(Intent, DesktopImpact, Risk, Steps, Consequences);

    public static SwitchRequest Of(SwitchPlan plan, IEnumerable<int> isProtected, string? unit) =>
        new(plan.Intent, plan.DesktopImpact, plan.Risk, plan.Steps, plan.Consequences, [.. isProtected], unit);

    /// <summary>One for each viewer: two who press yes at once must not run each other's plan.</summary>
    public static string NewName() => $"{Prefix}{Guid.NewGuid():N}";

    /// <summary>What comes on a command line is a file of ours, or nothing.</summary>
    public static bool IsName(string name) =>
        name.Length == Prefix.Length + Digits
        && name.StartsWith(Prefix, StringComparison.Ordinal)
        && name[Prefix.Length..].All(char.IsAsciiHexDigitLower);

    public void Write(StateDirectory run, string name) => run.Replace(name, StateFormat.Write(this, StateJson.Default.SwitchRequest));

    public static bool IsWaiting(StateDirectory run, string name) => run.Exists(name);

    /// <returns>False where the worker has taken it already.</returns>
    public static bool Withdraw(StateDirectory run, string name) => run.Delete(name);

    /// <summary>Reads the request and takes it away: it is run once. Null when there is none, or none any more.</summary>
    public static SwitchRequest? Take(StateDirectory run, string name)
    {
        if (!IsName(name) || run.Read(name) is not { } content) return null;
        return run.Delete(name) ? Parse(content) : null;
    }

    /// <exception cref="HostException">It is none.</exception>
    public static SwitchRequest Parse(byte[] content) =>
        StateFormat.Read(content, StateJson.Default.SwitchRequest, "The request for this switch", "Start the switch again.");
}
