using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Groups;
using GpuTty.Planning.Guests;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The pages of details, as lines: a name and what it is.</summary>
internal static partial class Details
{
    /// <param name="isRunning">A switch is under way, which sets overrides and clears them itself.</param>
    /// <param name="zone">Whose clock is on the wall; that of the world where it is left out.</param>
    public static ImmutableArray<Label> Of(Subject subject, HostSnapshot? host, bool isRunning = false, TimeZoneInfo? zone = null) =>
        host is null ? ["not looked at yet"] : subject switch
        {
            Subject.Device { Address: var address } =>
                host.Find(address) is { } device ? OfDevice(host, device, isRunning) : Gone("It has been removed from the bus."),
            Subject.Group { Number: var number } =>
                host.Groups.FirstOrDefault(group => group.Number == number) is { } group
                    ? OfGroup(host, group)
                    : Gone("There is no such group any more."),
            Subject.Module { Name: var name } =>
                host.FindModule(name) is { } module ? OfModule(host, module) : Gone("It is not loaded any more."),
            Subject.Process process =>
                host.Holders.FirstOrDefault(h => h.Pid == process.Pid && h.StartTime == process.StartTime) is { } holder
                ? OfHolder(host, holder, zone ?? TimeZoneInfo.Utc) : Gone("It has ended, or has let go of every card."),
            Subject.Session { Id: var id } => host.FindSession(id) is { } session ? OfSession(host, session) : Gone("It has ended."),
            Subject.Line line => OfLine(host, line),
            _ => OfDisplayManager(host),
        };

    private static ImmutableArray<Label> OfDevice(HostSnapshot host, PciDevice device, bool isRunning) =>
    [
        new Label(device.Name, Theme.Strong),
        string.Join(
            ", ",
            DeviceMarks.Of(host, device)
                .Where(mark => !isRunning || mark.Code != DeviceMarkCode.DriverOverrideDiffers)
                .Select(mark => mark.Text)
                .Prepend(device.Class.Name)),
        "",
        Fact("driver", DeviceText.Driver(device)),
        .. Stopped(device),
        Fact("host driver", device.IsBridge ? "" : DriversPanel.HomeDriver(host, device) is { } home ? home : "unknown"),
        Fact("override", device.DriverOverride is not { } driverOverride ? "not set"
            : device.HasStrayOverride && isRunning ? $"{driverOverride}, set by the running switch"
            : device.HasStrayOverride
                ? new Label($"{driverOverride}, which is not the bound driver: it takes effect at the next probe. O clears it.", Theme.Warn)
                : driverOverride),
        Fact("modules", device.CandidateModules.IsEmpty && device.BarredModules.IsEmpty ? "none offers to drive it"
            : string.Join(
                ", ",
                device.CandidateModules.Concat(device.BarredModules.Select(rule => $"{rule.Module} (not by itself: {rule.Source})")))),
        Fact(
            "resets",
            device.ResetMethods.IsEmpty
                ? device.IsBridge ? "with what is below it" : "cannot be reset alone"
                : string.Join(", then ", device.ResetMethods)),
        Fact("power", device.PowerState ?? "unknown"),
        Fact("ids", $"{device.Id}{Subsystem(device.Id)}, class {device.Class}"),
        Fact("PCI header", Header(device)),
        Fact(
            "behind bridge",
            GroupExplanation.Above(host, device).ToList() is { Count: > 0 } bridges
                ? string.Join(" below ", bridges.Select(bridge => bridge.Address.ShortName))
                : "nothing: on a root bus"),
        .. List(
            "device files",
            device.Nodes.Select(node => $"{node.Path} ({node.Kind.ToString().ToLowerInvariant()}, {node.Major}:{node.Minor})")),
        .. List(
            "outputs",
            device.Connectors.Select(c => $"{c.Name}: {Connected(c)}")),
        .. List("used for", device.Uses.Select(use => use.IsVital ? $"{PassthroughImpact.Loss(host, use)} (the host needs it)" : use.Name)),
        .. List(
            "held by",
            host.HoldersOf(device.Address).Select(holder =>
                $"{holder.Label} through {string.Join(", ", NodesOf(holder, device))}")),
        .. device.IsGraphics ? OfBoard(host, device) : [],
        .. Travel(host, device),
        .. Guests(host, device),
    ];

    /// <summary>That its driver cannot go on, what helps, and which key that is.</summary>
    private static IEnumerable<Label> Stopped(PciDevice device)
    {
        if (device.Wedged is null) yield break;
        yield return Fact("", new Label($"It {WedgedDriver.Statement(device)}.", Theme.Bad));
        yield return Fact("", $"-> {SwitchKeys.Remedy(device)}");
    }

    private static string Connected(Connector connector) =>
        connector.IsConnected switch { true => connector.Monitor ?? "a monitor without a name", false => "empty", _ => "unknown" };

    private static IEnumerable<string> NodesOf(Holder holder, PciDevice device) =>
        holder.Nodes.Where(node => node.Device == device.Address).Select(node => node.Place).Distinct();

    /// <summary>Virtual machines that want the card, and whether its start would bring it to them.</summary>
    private static IEnumerable<Label> Guests(HostSnapshot host, PciDevice device)
    {
        if (Card.FindAt(host, device.Address) is not { } card) yield break;
        var passthroughs = GuestPassthrough.Of(host.Libvirt, host)
            .Where(passthrough => passthrough.Cards.Any(wanted => wanted.Address == card.Address))
            .ToList();
        if (passthroughs.Count == 0) yield break;
        yield return "";
        foreach (var line in List(
            "wanted by",
            passthroughs.Select(passthrough =>
                $"{passthrough.Guest.Name}{(passthrough.Guest.IsRunning == true ? ", which runs" : "")}"
                    + $"{(passthrough.IsManaged ? ": managed='yes', so its start would be refused" : "")}")))
            yield return line;
        yield return Fact("hook", HookText.Of(host.Libvirt));
        foreach (var (problem, remedy) in HookText.Warnings(host.Libvirt))
            yield return new Label($"{"",-13}  {problem} {remedy}", Theme.Warn);
    }

    /// <summary>What the device's group means for it: with whom it would travel, and what that costs.</summary>
    private static IEnumerable<Label> Travel(HostSnapshot host, PciDevice device)
    {
        yield return "";
        if (host.GroupOf(device) is not { } group)
        {
            yield return new Label(
                host.HasIommu ? "In no IOMMU group: it cannot be passed through." : WithoutIommu.Sentence(host), Theme.Warn);
            yield break;
        }
        var verdict = GroupVerdict.Of(host, group);
        yield return new Label($"IOMMU group {group.Number}: {verdict.InBrief}", DeviceText.Verdict(verdict).Style.Bold);
        yield return verdict.Sentence;
        var along = Card.FindAt(host, device.Address) is { } card
            ? PassthroughImpact.With(host, card)
            : PassthroughImpact.With(host, group);
        foreach (var line in Costs(along)) yield return line;
    }

    private static IEnumerable<Label> Costs(ImmutableArray<PassthroughImpact> along) =>
        List("you lose", along.Select(cost => cost.ToString())).Select((line, index) =>
            line with { Style = along[index].IsVital ? Theme.Bad : Theme.Warn });

    private static string Header(PciDevice device) => device.HeaderType switch
    {
        null => "could not be read",
        0 => "endpoint",
        1 => "PCI bridge",
        2 => "CardBus bridge",
        0x7f => "reads as all ones: it does not answer",
        var other => $"type {other}",
    };

    private static ImmutableArray<Label> Gone(string what) => [new Label(what, Theme.Warn)];

    private static Label Fact(string name, Label value) => new($"{name,-13}  {value.Text}", value.Style);

    private static IEnumerable<Label> List(string name, IEnumerable<string> values) =>
        values.Select((value, index) => new Label($"{(index == 0 ? name : ""),-13}  {value}"));

    private static string Subsystem(PciId id) =>
        id is { SubsystemVendor: { } vendor, SubsystemDevice: { } device } ? $", subsystem {vendor:x4}:{device:x4}" : "";
}
