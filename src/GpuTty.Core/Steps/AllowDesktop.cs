using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Steps;

/// <summary>Lets desktops use the card again: the rule goes, nothing of it stays.</summary>
public sealed record AllowDesktop([property: JsonPropertyName("rule")] SeatRule Rule) : Step
{
    public override string Code() => "allow-desktop";
    public override string Describe() => $"Let the desktop use {Rule.Device.SlotName} again";
    public override string Command() => $"rm {HideFromSeat.Directory(Rule)}/{Rule.FileName}\n{Udev(Rule)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
    [
        SnapshotPart.SeatRules, SnapshotPart.Device(Rule.Device), SnapshotPart.NodesOf(Rule.Device), SnapshotPart.SeatTagsOf(Rule.Device),
    ];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.AllowDesktopAsync(Rule, cancel);

    /// <summary>The rule is gone and so is its work. Whether the node is on the seat then is
    /// for others to say: a rule of the user's own may keep it off permanently.</summary>
    protected override bool Shows(HostSnapshot host) =>
        !host.HiddenFromSeat.Contains(Rule)
        && (host.HiddenFromSeat.Any(other => other.Device == Rule.Device) || !CardNodes(host, Rule).Any(node => node.IsOffSeatByRule));

    protected override string Lacks(HostSnapshot host) => "udev has not given the card back to the seat";
    public override Step Undo() => new HideFromSeat(Rule);

    internal static string Udev(SeatRule rule) => "udevadm control --reload\nudevadm " + string.Join(' ', LookAgain(rule));

    /// <summary>
    /// What makes udev look again at all that the rule meets, the card's node and its connectors (udevadm(8)), and at nothing else: a
    /// change event for the other GPU would make desktops re-read their screens.
    /// </summary>
    public static IReadOnlyList<string> LookAgain(SeatRule rule) =>
        [
            "trigger",
            "--action=change",
            "--settle",
            $"--parent-match=/sys/bus/pci/devices/{rule.Device}",
            "--subsystem-match=drm",
            "--sysname-match=card*",
        ];

    internal static IEnumerable<DeviceNode> CardNodes(HostSnapshot host, SeatRule rule) =>
        host.Find(rule.Device)?.Nodes.Where(node => node.Kind == NodeKind.Card) ?? [];
}
