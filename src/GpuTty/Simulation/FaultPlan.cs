using System.Collections.Immutable;

namespace GpuTty.Simulation;

/// <summary>The calls of <see cref="Host.IHostControls"/>.</summary>
internal enum Verb
{
    StopUnit, StartUnit, EndSession, EndProcess, QuitSplash, StopContainer, StartContainer,
    Load, Unload, SetOverride, Unbind, Probe, Remember, Forget, HideFromSeat, AllowDesktop, Pin, Unpin,
    AllowVfio, DenyVfio, ChangeSetting, RemoveDevice, Rescan, Reset, SaveFirmware, ShowTerminal,
}

/// <summary>One call that was made.</summary>
/// <param name="Target">Unit, session, pid, module or address.</param>
internal sealed record Call(Verb Verb, string Target)
{
    public bool TouchesPci => Verb is Verb.Load or Verb.Unload or Verb.SetOverride or Verb.Unbind or Verb.Probe
        or Verb.RemoveDevice or Verb.Rescan or Verb.Reset or Verb.SaveFirmware;
    public override string ToString() => $"{Verb} {Target}";
}

internal enum FaultKind
{
    /// <summary>An error, and nothing done.</summary>
    Refused,
    /// <summary>The call does not come back.</summary>
    Hangs,
    /// <summary>Success at once; the effect shows some time later.</summary>
    Late,
    /// <summary>It is done, and takes some time longer.</summary>
    Slow,
    /// <summary>Success, and no effect at all.</summary>
    OnlySaysSo,
}

/// <summary>Something that goes wrong with some calls.</summary>
/// <param name="Verb">Null for any.</param>
/// <param name="Target">Null for any.</param>
/// <param name="Nth">The first of the matching calls that it hits, from 1.</param>
/// <param name="Times">How many it hits.</param>
internal sealed record Fault(FaultKind Kind, Verb? Verb = null, string? Target = null, int Nth = 1, int Times = 1)
{
    public const int ForEver = int.MaxValue / 2;

    /// <summary>How late a late one comes, and how much longer a slow one takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(3);

    public bool Means(Call call) => (Verb is null || Verb == call.Verb) && (Target is null || Target == call.Target);
}

/// <summary>What goes wrong on a machine.</summary>
internal sealed record FaultPlan(params ImmutableArray<Fault> Faults)
{
    public static FaultPlan None { get; } = new();

    /// <summary>What befalls the last of these calls; null when it goes well.</summary>
    public Fault? FaultFor(IReadOnlyList<Call> calls) => Faults.FirstOrDefault(fault =>
        fault.Means(calls[^1]) && calls.Count(fault.Means) is var nth && nth >= fault.Nth && nth < fault.Nth + fault.Times);
}
