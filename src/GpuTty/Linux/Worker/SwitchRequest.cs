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
    [property: JsonPropertyName("road")] Road Road,
    [property: JsonPropertyName("risk")] Risk Risk,
    [property: JsonPropertyName("steps")] ImmutableArray<Step> Steps,
    [property: JsonPropertyName("consequences")] ImmutableArray<Consequence> Consequences,
    [property: JsonPropertyName("protected")] ImmutableArray<int> Protected,
    [property: JsonPropertyName("protectedUnit")] string? ProtectedUnit)
{
    private const string Name = "request";

    public SwitchPlan Plan => new(Intent, Road, Risk, Steps, Consequences);

    public static SwitchRequest Of(SwitchPlan plan, IEnumerable<int> isProtected, string? unit) =>
        new(plan.Intent, plan.Road, plan.Risk, plan.Steps, plan.Consequences, [.. isProtected], unit);

    public void Write(StateDirectory run) => run.Replace(Name, StateFormat.Write(this, StateJson.Default.SwitchRequest));

    public static bool IsWaiting(StateDirectory run) => run.Exists(Name);

    public static void Withdraw(StateDirectory run) => run.Delete(Name);

    /// <summary>Reads the request and takes it away: it is run once. Null when there is none.</summary>
    public static SwitchRequest? Take(StateDirectory run)
    {
        if (run.Read(Name) is not { } content) return null;
        run.Delete(Name);
        return Parse(content);
    }

    /// <exception cref="HostException">It is none.</exception>
    public static SwitchRequest Parse(byte[] content) =>
        StateFormat.Read(content, StateJson.Default.SwitchRequest, "The request for this switch", "Start the switch again.");
}
