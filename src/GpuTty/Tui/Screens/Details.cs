using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>The pages of details, as lines.</summary>
internal static class Details
{
    public static ImmutableArray<Label> OfDevice(HostSnapshot host, PciDevice device) =>
    [
        new Label(device.Name, Look.Strong),
        string.Join(", ", DeviceWords.Marks(host, device).Prepend(device.Class.Name)),
        "",
        Fact("driver", DeviceWords.Driver(device)),
        Fact("home", device.IsBridge ? "" : DriversPanel.HomeDriver(host, device) is { } home ? home : "not known"),
        Fact("override", device.DriverOverride ?? "not set"),
        Fact("modules", device.CandidateModules.IsEmpty ? "none offers to drive it" : string.Join(", ", device.CandidateModules)),
        Fact("group", device.IommuGroup is { } number ? $"{number}: {(host.GroupOf(device) is { } group ? GroupVerdict.Of(host, group).Sentence : "")}" : "none"),
        Fact("resets", device.ResetMethods.IsEmpty ? "cannot be reset alone" : string.Join(", then ", device.ResetMethods)),
        Fact("power", device.PowerState ?? "not known"),
        Fact("ids", $"{device.Id}{Subsystem(device.Id)}, class {device.Class}"),
        .. List("nodes", device.Nodes.Select(node => $"{node.Path} ({node.Kind.ToString().ToLowerInvariant()}, {node.Major}:{node.Minor})")),
        .. List("sockets", device.Connectors.Select(c => $"{c.Name}: {(c.IsConnected switch { true => "monitor connected", false => "empty", _ => "not known" })}")),
        .. List("used for", device.Uses.Select(use => $"{use.Name}{(use.IsVital ? " (the host needs it)" : "")}")),
        .. List("held by", host.HoldersOf(device.Address).Select(holder => $"{holder.Label} through {string.Join(", ", holder.Nodes.Where(node => node.Device == device.Address).Select(node => node.Path).Distinct())}")),
    ];

    public static ImmutableArray<Label> OfGroup(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        return
        [
            new Label(verdict.Short.Text, verdict.Short.Style.Bold),
            verdict.Sentence,
            "",
            Fact("type", group.Type ?? "not known"),
            .. List("members", GroupVerdict.Members(host, group).Select(device =>
                $"{device.Address.ShortName} {device.Class.Name}, {(device.IsBridge ? "bridge, stays" : DeviceWords.Driver(device).Text)}: {device.Name}")),
            .. List("reserved", group.ReservedRegions.Select(region => $"{region.Start:x}-{region.End:x} {region.Type}")),
        ];
    }

    public static ImmutableArray<Label> OfHolder(HostSnapshot host, Holder holder)
    {
        var treatment = HolderTreatment.Of(holder, host);
        return
        [
            new Label(holder.Label, Look.Strong),
            HoldersPanel.Place(host, holder),
            "",
            Fact("user", $"{holder.User ?? "unknown"} ({holder.Uid})"),
            Fact("unit", holder.UserUnit is { } own ? $"{own} in {holder.Unit}" : holder.Unit ?? "none"),
            Fact("session", holder.Session is { } id ? host.FindSession(id)?.Label ?? id : "none"),
            Fact("container", holder.Container ?? "none"),
            Fact("a switch", new Label(treatment.Reason, HoldersPanel.Fate(treatment).Style)),
            .. List("holds", holder.Nodes.Select(node => node.Path
                + (node.Descriptor is { } number ? $", descriptor {number}" : ", mapped into memory")
                + (node.Device is { } device ? $", of {device.ShortName}" : node.Module is { } module ? $", of module {module}" : ""))),
        ];
    }

    private static Label Fact(string name, Label value) => new($"{name,-10} {value.Text}", value.Style);

    private static IEnumerable<Label> List(string name, IEnumerable<string> values) =>
        values.Select((value, index) => new Label($"{(index == 0 ? name : ""),-10} {value}"));

    private static string Subsystem(PciId id) =>
        id is { SubsystemVendor: { } vendor, SubsystemDevice: { } device } ? $", subsystem {vendor:x4}:{device:x4}" : "";
}
