using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What follows from a request on the machine as it is: asked for by each key and each frame, and derived once for all.</summary>
internal sealed class SwitchOutlook
{
    private static readonly SnapshotCache<HostSnapshot, WizardRequest, SwitchOutlook> s_known = new();

    private SwitchOutlook(HostSnapshot host, WizardRequest request)
    {
        (Host, Request) = (host, request);
        Card = Card.FindAt(host, Intent.Card);
        Result = SwitchPlanner.Plan(host, Intent.AskedOf(host));
        Required = RequiredConsents.For(host, Intent);
        AsksForUse = request.IsNew && RequiredConsents.MayChooseUse(host, Intent);
        LacksUse = request.IsNew && RequiredConsents.LacksUse(host, Intent);
        MayRestartDesktop = !Intent.Moves()
            && SwitchPlanner.Plan(host, Intent with { EndSessions = true })
                is PlanResult.Ready { Plan.DesktopImpact: DesktopImpact.Restart };
        Checks = Card is null ? [] : AllChecks(Card);
        Consents = [.. WizardConsent.All(this)];
    }

    public HostSnapshot Host { get; }
    public WizardRequest Request { get; }
    public SwitchIntent Intent => Request.Intent;

    /// <summary>Null when it is gone.</summary>
    public Card? Card { get; }

    /// <summary>The plan with what has been agreed to so far.</summary>
    public PlanResult Result { get; }
    public RequiredConsents Required { get; }

    /// <summary>A card that comes home under a desktop is for the desktop, or it is not: the user is asked, once a boot.</summary>
    public bool AsksForUse { get; }
    public bool LacksUse { get; }

    /// <summary>A rule alone works from the next login on; who wants it now can have the desktop restarted.</summary>
    public bool MayRestartDesktop { get; }
    public ImmutableArray<Check> Checks { get; }
    public ImmutableArray<WizardConsent> Consents { get; }
    public bool HasToDecide => Consents.Any(consent => consent.IsWanted);
    public bool NeedsOtherConsole => Required.Refused.Any(ConsoleOffer.Answers);

    /// <summary>What is refused, whatever the page of the consents is answered; null where that is nothing.</summary>
    public Obstacle? Refusal => Obstacles.FirstOrDefault(obstacle => !IsConsent(obstacle));

    /// <summary>The answer, given now or earlier; <see cref="DesktopAccess.Unchanged"/> when there is none.</summary>
    public DesktopAccess Use => Intent.Desktop != DesktopAccess.Unchanged || !AsksForUse ? Intent.Desktop
        : Card is { } card ? Host.UseOf(card.Display) : DesktopAccess.Unchanged;

    /// <summary>As if everything had been agreed to that is needed: who wants to
    /// know what that would lead to must not have to agree first.</summary>
    public PlanResult Preview => Result is PlanResult.Blocked
        && SwitchPlanner.Plan(Host, (Required.Agreed with { SingleGpu = Intent.SingleGpu }).AskedOf(Host)) is PlanResult.Ready agreed
            ? agreed
            : Result;

    private ImmutableArray<Obstacle> Obstacles => Result is PlanResult.Blocked blocked ? blocked.Obstacles : [];

    public static SwitchOutlook Of(HostSnapshot host, WizardRequest request) =>
        s_known.Get(host, request, () => new SwitchOutlook(host, request));

    /// <summary>Why there is no plan, in a sentence; null when there is one.</summary>
    public string? WhyNoPlan => WhyDone ?? (Obstacles.IsEmpty ? null : (Refusal ?? Obstacles[0]) switch
    {
        Obstacle.SessionsWouldEnd => "Save your work, then press S to agree that the sessions are closed.",
        var obstacle when IsConsent(obstacle) => $"Close it, or press e to agree that it is ended: {obstacle.Problem}",
        var obstacle => obstacle.Problem,
    });

    public string? WhyDone =>
        Result is PlanResult.AlreadyThere there ? $"{DirectionText.AlreadySo(Intent, there.Card)}; nothing to do." : null;

    /// <summary>That it is the only card is asked where the checks are.</summary>
    private static bool IsConsent(Obstacle obstacle) => obstacle is not Obstacle.OnlyCard && RequiredConsents.IsConsent(obstacle);

    /// <summary>The checks, and what only the planner found.</summary>
    private ImmutableArray<Check> AllChecks(Card card)
    {
        var checks = SwitchChecks.For(Host, card, Intent.Direction, Intent.SingleGpu);
        return [.. checks, .. Required.Refused.Where(obstacle => checks.All(check => check.Obstacle != obstacle))
            .Select(obstacle => Check.Refused(CheckCode.Other, obstacle))];
    }
}
