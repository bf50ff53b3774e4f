using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Keeps desktops from opening the card. A compositor that has it open
/// already does not let go: that needs one restart of the desktop.</summary>
public sealed record HideFromSeat([property: JsonPropertyName("rule")] SeatRule Rule) : Step
{
    public override string Code() => "hide-from-desktop";
    public override string Describe() => $"Hide {Rule.Device.SlotName} from the desktop{(Rule.IsPermanent ? " permanently" : "")}";
    public override string Command() => $"# writes {Directory(Rule)}/{Rule.FileName}\n{AllowDesktop.Udev(Rule)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
    [
        SnapshotPart.SeatRules, SnapshotPart.Device(Rule.Device), SnapshotPart.NodesOf(Rule.Device), SnapshotPart.SeatTagsOf(Rule.Device),
    ];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.HideFromSeatAsync(Rule, cancel);
    protected override bool Shows(HostSnapshot host) =>
        host.HiddenFromSeat.Contains(Rule) && !AllowDesktop.CardNodes(host, Rule).Any(node => node.IsOnSeat == true);
    protected override string Lacks(HostSnapshot host) => "udev still offers the card to the seat";
    public override Step Undo() => new AllowDesktop(Rule);

    internal static string Directory(SeatRule rule) => rule.IsPermanent ? "/etc/udev/rules.d" : "/run/udev/rules.d";
}
