using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Keeps desktops from opening the card. A compositor that has it open already does not let go: that needs one restart of the desktop.</summary>
public sealed record KeepOff([property: JsonPropertyName("rule")] KeepOffRule Rule) : Step
{
    public override string Code() => "hide-from-desktop";
    public override string Describe() => $"Keep the desktop off {Rule.Device.SlotName}{(Rule.IsPermanent ? " for good" : "")}";
    public override string Command() => $"# writes {Directory(Rule)}/{Rule.FileName}\n{LetOn.Udev(Rule)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.SeatRules, SnapshotPart.Device(Rule.Device), SnapshotPart.NodesOf(Rule.Device)];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.KeepOffAsync(Rule, cancel);
    protected override bool Shows(HostSnapshot host) => host.KeptOff.Contains(Rule) && !LetOn.CardNodes(host, Rule).Any(node => node.IsOnSeat == true);
    protected override string Lacks(HostSnapshot host) => "udev still offers the card to the seat";
    public override Step Undo() => new LetOn(Rule);

    internal static string Directory(KeepOffRule rule) => rule.IsPermanent ? "/etc/udev/rules.d" : "/run/udev/rules.d";
}
