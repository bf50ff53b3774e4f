using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;

namespace GpuTty.Planning.Groups;

/// <summary>A device that would have to go to the virtual machine together with a card, and what the host would lose with it.</summary>
/// <param name="Losses">A clause each; empty where nothing of the host is known to depend on it.</param>
/// <param name="IsVital">True where the host would stop, or its user be locked out.</param>
public sealed record PassthroughImpact(PciDevice Device, ImmutableArray<string> Losses, bool IsVital)
{
    /// <summary>What shares a group with the card and has a host driver, by address.</summary>
    public static ImmutableArray<PassthroughImpact> With(HostSnapshot host, Card card) =>
        [.. GroupChecks.ForeignMembers(host, card)
            .Select(pair => pair.Other)
            .Distinct()
            .OrderBy(other => other.Address)
            .Select(other => Of(host, other))];

    /// <summary>The same for a shared group: what travels along with its card or, where
    /// there is none, everything, for then no device is the one that is wanted.</summary>
    public static ImmutableArray<PassthroughImpact> With(HostSnapshot host, IommuGroup group)
    {
        var others = GroupVerdict.Of(host, group).Others;
        var devices = GroupVerdict.Devices(host, group).ToList();
        var lost = others.IsEmpty || devices.Exists(device => device.IsGraphics) ? others : [.. devices];
        return [.. lost.Where(device => !device.LeavesGroupViable).Select(device => Of(host, device))];
    }

    public static PassthroughImpact Of(HostSnapshot host, PciDevice device) =>
        new(
            device,
            [.. device.Uses.OrderByDescending(use => use.IsVital).Select(use => Loss(host, use))],
            device.Uses.Any(use => use.IsVital));

    /// <summary><c>06:00.0 Ethernet controller: enp6s0, the way to the network</c>.</summary>
    public override string ToString() =>
        $"{Device.Address.ShortName} {Device.Class.Name}: "
            + (Losses.IsEmpty ? $"the host's {Device.Driver} would lose it; nothing is known to depend on it" : string.Join("; ", Losses));

    /// <summary>What losing one use means, in the user's words.</summary>
    public static string Loss(HostSnapshot host, HostUse use) => use switch
    {
        { Kind: HostUseKind.Network, IsVital: true } => IsRemote(host)
            ? $"{use.Name}, through which you are logged in: your connection would end"
            : $"{use.Name}, the way to the network",
        { Kind: HostUseKind.Storage, IsVital: true } => HasRoot(use)
            ? $"{use.Name}, the disk with the root file system: the machine would stop"
            : use.Name.EndsWith($"({HostUse.PerhapsZfs})", StringComparison.Ordinal)
                ? $"{use.Name}: it is unknown whether it is in use"
                : $"{use.Name}, which is in use",
        { Kind: HostUseKind.Input, IsVital: true } => $"{use.Name}: you could not type any more",
        _ => use.Name,
    };

    private static bool IsRemote(HostSnapshot host) => host.Caller.Session is { } id && host.FindSession(id) is { IsRemote: true };

    /// <summary>Names of disks carry their mount points in brackets: <c>nvme0n1 (/boot, /)</c>.</summary>
    private static bool HasRoot(HostUse use) =>
        use.Name.IndexOf('(') is var open and >= 0 && use.Name[(open + 1)..].TrimEnd(')').Split(", ").Contains("/");
}
