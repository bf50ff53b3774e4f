using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Linux.Nodes;

/// <summary>What an open file with a certain device number holds.</summary>
/// <param name="Device">The function; null for a node of a whole driver, and for a removed node that nobody knows any more.</param>
internal sealed record KnownNode(NodeKind Kind, PciAddress? Device, string? Module);

/// <summary>Device numbers by which processes are matched: paths lie (other
/// namespaces, twins made by mknod, deleted nodes), numbers do not.</summary>
internal sealed class NodeIndex
{
    private static readonly ImmutableDictionary<int, NodeKind> s_graphicsMajors = ImmutableDictionary<int, NodeKind>.Empty
        .Add(226, NodeKind.Card)
        .Add(116, NodeKind.Sound)
        .Add(89, NodeKind.I2c)
        .Add(29, NodeKind.Framebuffer)
        .Add(NvidiaNodes.Major, NodeKind.Nvidia);

    private readonly Dictionary<(int Major, int Minor), ImmutableArray<KnownNode>> _nodes = [];
    private readonly Dictionary<int, KnownNode> _majors = [];
    private Dictionary<(int Major, int Minor), ImmutableArray<KnownNode>> _earlier = [];

    public static NodeIndex Empty { get; } = new();

    /// <param name="devices">All functions with their nodes.</param>
    /// <param name="drivers">Nodes of whole drivers.</param>
    /// <param name="before">What was known until now: an open node may be gone from /dev already.</param>
    public static NodeIndex Build(IReadOnlyCollection<PciDevice> devices, IEnumerable<DriverNode> drivers, NodeIndex before)
    {
        var index = new NodeIndex { _earlier = new(before._earlier) };
        foreach (var (number, nodes) in before._nodes) index._earlier[number] = nodes;
        var cards = Card.FindAll([.. devices]).SelectMany(card => card.Functions).Select(function => function.Address).ToHashSet();
        foreach (var device in devices)
        {
            // Keyboards, serial lines and the like do not keep a function busy; below a card everything is worth knowing.
            var inCard = cards.Contains(device.Address);
            foreach (var node in device.Nodes.Where(node => inCard || node.Kind != NodeKind.Other)) index.Add(node, device.Address);
        }
        foreach (var driver in drivers)
        {
            var node = new KnownNode(driver.Kind, null, driver.Module);
            if (driver.Minor is { } minor) index._nodes.TryAdd((driver.Major, minor), [node]);
            else index._majors.TryAdd(driver.Major, node);
        }
        return index;
    }

    public bool IsEmpty => _nodes.Count == 0 && _majors.Count == 0;

    /// <summary>What a number stands for now.</summary>
    public ImmutableArray<KnownNode> Find(int major, int minor) =>
        _nodes.TryGetValue((major, minor), out var nodes) ? nodes : _majors.TryGetValue(major, out var driver) ? [driver] : [];

    /// <summary>What a number stood for when its node was there.</summary>
    public ImmutableArray<KnownNode> FindRemoved(int major, int minor) =>
        _earlier.TryGetValue((major, minor), out var nodes) ? nodes
        : s_graphicsMajors.TryGetValue(major, out var kind) ? [new KnownNode(kind, null, null)] : [];

    private void Add(DeviceNode node, PciAddress owner)
    {
        var number = (node.Major, node.Minor);
        _nodes[number] = _nodes.GetValueOrDefault(number, []).Add(new KnownNode(node.Kind, owner, null));
    }
}
