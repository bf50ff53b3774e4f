using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>
/// One line of the journal, and at once what viewers follow. <c>Step</c> is an index into <see cref="Opened.Steps"/>.
/// Events that begin something are on the disk before it begins.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Begun), "begun")]
[JsonDerivedType(typeof(Waiting), "waiting")]
[JsonDerivedType(typeof(Extended), "extended")]
[JsonDerivedType(typeof(Inserted), "inserted")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(TakingBack), "taking-back")]
[JsonDerivedType(typeof(TakenBack), "taken-back")]
[JsonDerivedType(typeof(NotTakenBack), "not-taken-back")]
[JsonDerivedType(typeof(DesktopRestored), "desktop-restored")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(Dismissed), "dismissed")]
public abstract record RunEvent
{
    /// <summary>Wall clock, UTC; only for people. Durations come from a monotonic clock.</summary>
    [JsonPropertyName("at")]
    public required DateTimeOffset At { get; init; }

    /// <summary>The first line: everything that recovery needs without having seen the rest.</summary>
    /// <param name="Schema">Version of the journal's format; another one is not acted on.</param>
    /// <param name="BootId">A journal of another boot is only history.</param>
    /// <param name="Home">Who owned the card before: where a take-back leads to.</param>
    public sealed record Opened(
        [property: JsonPropertyName("schema")] int Schema,
        [property: JsonPropertyName("bootId")] string BootId,
        [property: JsonPropertyName("workerPid")] int WorkerPid,
        [property: JsonPropertyName("intent")] SwitchIntent Intent,
        [property: JsonPropertyName("home")] Owner Home,
        [property: JsonPropertyName("road")] DesktopImpact DesktopImpact,
        [property: JsonPropertyName("risk")] Risk Risk,
        [property: JsonPropertyName("steps")] ImmutableArray<Step> Steps,
        [property: JsonPropertyName("consequences")] ImmutableArray<Consequence> Consequences) : RunEvent
    {
        public const int CurrentSchema = 1;
        [JsonIgnore]
        public SwitchPlan Plan => new(Intent, DesktopImpact, Risk, Steps, Consequences);
    }

    /// <param name="Limit">How long it may take; viewers show it running down.</param>
    public sealed record Begun(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("limit")] TimeSpan Limit) : RunEvent;

    /// <param name="For">What is waited for; changes while the step runs.</param>
    public sealed record Waiting(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("for")] string For) : RunEvent;

    /// <summary>Somebody asked to wait on.</summary>
    /// <param name="Limit">How long the step may take now, from its begin.</param>
    public sealed record Extended(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("limit")] TimeSpan Limit) : RunEvent;

    /// <summary>One more step than was planned, because somebody asked for
    /// it; what stood at this index and after it moves on by one.</summary>
    public sealed record Inserted(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("what")] Step What) : RunEvent;

    /// <param name="Took">From begin to proof.</param>
    public sealed record Done(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("took")] TimeSpan Took) : RunEvent;

    public sealed record Failed(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("problem")] string Problem,
        [property: JsonPropertyName("remedy")] string Remedy) : RunEvent
    {
        /// <summary>Null in journals of version 0.1.0, which had no codes.</summary>
        [JsonPropertyName("code")]
        public FailureCode? Code { get; init; }

        /// <summary>The problem of a run that was stopped on purpose: nothing failed, and nothing needs a remedy.</summary>
        public const string Requested = "You asked to roll everything back.";

        /// <summary>As journals of version 0.1.0 have it, which had no codes.</summary>
        private const string RequestedBefore = "You asked to take everything back.";

        public bool IsRequested() => Code is FailureCode.RollBackRequested || Problem is Requested or RequestedBefore;
    }

    /// <summary>The way back begins.</summary>
    /// <param name="Why">The failure, or the user's request.</param>
    public sealed record TakingBack([property: JsonPropertyName("why")] string Why) : RunEvent
    {
        /// <summary>Null in journals of version 0.1.0, which had no codes.</summary>
        [JsonPropertyName("code")]
        public FailureCode? Code { get; init; }
    }

    public sealed record TakenBack([property: JsonPropertyName("step")] int Step) : RunEvent;

    public sealed record NotTakenBack(
        [property: JsonPropertyName("step")] int Step,
        [property: JsonPropertyName("problem")] string Problem,
        [property: JsonPropertyName("remedy")] string Remedy) : RunEvent
    {
        /// <summary>Null in journals of version 0.1.0, which had no codes.</summary>
        [JsonPropertyName("code")]
        public FailureCode? Code { get; init; }
    }

    /// <summary>The recovery after a killed worker has started the services
    /// again that had been stopped, and written nothing to PCI.</summary>
    public sealed record DesktopRestored([property: JsonPropertyName("summary")] string Summary) : RunEvent;

    public sealed record Closed(
        [property: JsonPropertyName("outcome")] Outcome Outcome,
        [property: JsonPropertyName("summary")] string Summary) : RunEvent;

    /// <summary>Of a run that did not end well: the user leaves it as it is, and it is not offered any more.</summary>
    public sealed record Dismissed : RunEvent;
}
