using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GpuTty.Cli.Json;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Output;

internal enum AnswerCode
{
    [JsonStringEnumMemberName("without-logout")] WithoutLogout,
    [JsonStringEnumMemberName("with-logout")] WithLogout,
    /// <summary>Nobody is logged in, or no desktop runs.</summary>
    [JsonStringEnumMemberName("no-desktop-in-use")] NoDesktopInUse,
    [JsonStringEnumMemberName("not-yet")] NotYet,
    [JsonStringEnumMemberName("already-there")] AlreadyThere,
}

/// <summary>Something to do before a switch.</summary>
/// <param name="Code">Of the obstacle or of the finding.</param>
internal sealed record FirstThing(string Code, string Problem, string Action);

/// <summary>What somebody wants to know of a card: can it go, and if not, what is to be done first.</summary>
/// <param name="First">In the order in which to do it.</param>
/// <param name="NextAction">What to type then; null where something is in the way.</param>
internal sealed record Answer(
    Card Card, Direction Direction, AnswerCode Code, string Sentence, ImmutableArray<FirstThing> First, string? NextAction)
{
    public static Answer Of(HostSnapshot host, Card card, ImmutableArray<Finding> findings, Configuration configured)
    {
        var next = NextSwitch.Of(host, card, configured);
        // What meets the switch itself; the rest waits for the next start of the machine.
        var hindrances = findings
            .Where(finding => finding is { Group: FindingGroup.Problem, Effect: SwitchEffect.Now })
            .Select(finding => new FirstThing(CodeText.Of(finding.Code), finding.Sentence, finding.Action));
        ImmutableArray<FirstThing> first = [
            .. next.Obstacles
                .Select(obstacle => new FirstThing(obstacle.Code, obstacle.Problem, obstacle.Remedy))
                .DistinctBy(one => one.Problem),
            .. hindrances,
        ];
        var code = CodeOf(host, next);
        return new(
            card,
            next.Direction,
            code,
            $"{Opening(card, next.Direction, code)}"
                + $"{(code == AnswerCode.NotYet || first.IsEmpty ? "." : $", after what is below is done.")}",
            first,
            code is AnswerCode.NotYet or AnswerCode.AlreadyThere ? null : next.NextAction);
    }

    private static AnswerCode CodeOf(HostSnapshot host, NextSwitch next) => next switch
    {
        { Verdict: Verdict.Blocked } => AnswerCode.NotYet,
        { Verdict: Verdict.Done } => AnswerCode.AlreadyThere,
        { Plan: { DesktopImpact: DesktopImpact.Restart } plan } =>
            plan.Risk == Risk.Reversible && next.Verdict == Verdict.Ready ? AnswerCode.NoDesktopInUse : AnswerCode.WithLogout,
        { Plan: { } plan } => PlanText.KeepsDesktop(host, plan) ? AnswerCode.WithoutLogout : AnswerCode.NoDesktopInUse,
        _ => AnswerCode.NotYet,
    };

    private static string Opening(Card card, Direction direction, AnswerCode code)
    {
        var slot = card.Address.SlotName;
        var move = direction == Direction.ToHost ? $"take {slot} back to the host" : $"give {slot} to a VM";
        return code switch
        {
            AnswerCode.WithoutLogout => $"This machine can {move} without a logout",
            AnswerCode.WithLogout => $"This machine can {move}, with a logout",
            AnswerCode.NoDesktopInUse => $"This machine can {move}; no desktop is in the way",
            AnswerCode.AlreadyThere => $"{slot} is where it should be",
            _ => $"This machine cannot {move} yet",
        };
    }
}
