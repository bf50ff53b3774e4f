using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;

namespace GpuTty.Planning.Plans;

/// <summary>From what is and what is wanted to the steps in between, or to the
/// reasons against it. Pure: looks at nothing but its arguments.</summary>
public static class SwitchPlanner
{
    public static PlanResult Plan(HostSnapshot host, SwitchIntent intent)
    {
        if (intent.Direction == Direction.Rescan
            && host.Find(intent.Card) is null
            && Dependence.Untold(host, [SnapshotPart.Device(intent.Card)]).IsEmpty)
            return PlanRescan.ForMissing(host, intent);
        if (Card.FindAt(host, intent.Card) is not { } card)
            return new PlanResult.Blocked(Dependence.Untold(host, [SnapshotPart.Device(intent.Card)]) is { Length: > 0 } unread
                ? unread
                : [host.Find(intent.Card) is { } device
                    ? new Obstacle.NotACard(device)
                    : new Obstacle.NoSuchDevice(intent.Card.ToString())]);
        var answer = PlanPendingRestarts.With(host, intent, intent.Direction switch
        {
            Direction.ToVm => PlanToVm.For(host, card, intent),
            Direction.ToHost => PlanToHost.For(host, card, intent),
            Direction.Pin or Direction.Unpin => PlanGlDriverAllowList.For(host, card, intent),
            Direction.ClearOverride or Direction.SetOverride => PlanClearOverride.For(host, card, intent),
            Direction.Rescan => PlanRescan.For(host, card, intent),
            _ => PlanDesktopAccess.For(host, card, intent),
        });
        return Dependence.Checked(host, card, intent, answer);
    }
}
