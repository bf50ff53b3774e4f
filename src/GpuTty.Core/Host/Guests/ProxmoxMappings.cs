using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GpuTty.Host.Guests;

/// <summary>
/// Resource mappings of a cluster of Proxmox VE: names for devices, which are others on each node (PVE/Mapping/PCI.pm). Of the several
/// that a node may have for one name, Proxmox gives a guest the first that is free.
/// </summary>
public sealed partial class ProxmoxMappings
{
    /// <summary>Where the cluster keeps them, below the root.</summary>
    public const string Path = "etc/pve/mapping/pci.cfg";

    public static readonly ProxmoxMappings None = new(ImmutableDictionary<string, ImmutableArray<ImmutableArray<GuestDevice>>>.Empty);

    private readonly ImmutableDictionary<string, ImmutableArray<ImmutableArray<GuestDevice>>> _alternatives;

    private ProxmoxMappings(ImmutableDictionary<string, ImmutableArray<ImmutableArray<GuestDevice>>> alternatives) =>
        _alternatives = alternatives;

    /// <param name="hostName">Of this machine; the node's name is what stands before the first dot (PVE/INotify.pm, nodename).</param>
    public static ProxmoxMappings Parse(string text, string hostName)
    {
        var node = $"node={hostName.Split('.')[0]}";
        var found = new List<(string Name, ImmutableArray<GuestDevice> Devices)>();
        string? name = null;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line is [not (' ' or '\t'), ..]) name = Section().Match(line) is { Success: true } section ? section.Groups[1].Value : null;
            else if (name is not null && Map().Match(line) is { Success: true } map && map.Groups[1].Value.Split(',') is var parts
                && parts.Contains(node)
                && parts.FirstOrDefault(part => part.StartsWith("path=", StringComparison.Ordinal)) is { } path
                && ProxmoxConfig.DevicesOf(path["path=".Length..]) is { IsEmpty: false } devices)
                found.Add((name, devices));
        }
        return new ProxmoxMappings(found
            .GroupBy(one => one.Name)
            .ToImmutableDictionary(same => same.Key, same => same.Select(one => one.Devices).ToImmutableArray()));
    }

    /// <summary>What this node has for a name, of which a guest gets one; empty where it has nothing.</summary>
    public ImmutableArray<ImmutableArray<GuestDevice>> Of(string mapping) => _alternatives.GetValueOrDefault(mapping, []);

    [GeneratedRegex(@"^pci:\s*(\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\s+map\s+(\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Map();
}
