using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 3: which driver each function has and calls home, and the modules below as a tree in unload order.</summary>
internal static class DriversPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole, Column.Whole, Column.Cut];

    private static readonly SnapshotCache<HostSnapshot, (PciAddress, bool), ImmutableArray<ListRow>> s_known = new();

    /// <param name="isRunning">A switch is under way, which sets overrides and clears them itself.</param>
    public static ImmutableArray<ListRow> Rows(HostSnapshot host, Card card, bool isRunning) =>
        s_known.Get(host, (card.Address, isRunning), () => Made(host, card, isRunning));

    private static ImmutableArray<ListRow> Made(HostSnapshot host, Card card, bool isRunning)
    {
        var stack = CardModules.Of(host, card);
        var staying = CardModules.Staying(host, card);
        return
        [
            .. card.Functions.Select(function => new ListRow(
                CardsPanel.IdOf(function),
                function.Address.ShortName,
                DeviceText.Driver(function),
                Home(host, function, isRunning))),
            .. stack.IsEmpty ? [] : new[] { ListRow.Heading("modules, in unload order") },
            .. stack.Select(module => ModuleRow(module, UsedBy(module)) with { Depth = 2 * Height(module, stack) }),
            .. staying.IsEmpty ? [] : new[] { ListRow.Heading("stay loaded, only unbound from the card") },
            .. staying.Select(module => ModuleRow(module, SharedWith(host, card, module))),
        ];
    }

    public static string IdOf(KernelModule module) => $"module {module.Name}";

    public static KernelModule? ModuleOf(HostSnapshot host, string? id) =>
        id?.StartsWith("module ", StringComparison.Ordinal) == true ? host.FindModule(id["module ".Length..]) : null;

    /// <summary>The home driver: what the function had before it went to the
    /// virtual machine, or would get. A stray override comes first.</summary>
    public static Label Home(HostSnapshot host, PciDevice function, bool isRunning)
    {
        if (function.HasStrayOverride && isRunning) return $"reserved for {function.DriverOverride} by the running switch";
        if (function.HasStrayOverride) return new Label($"! {function.DriverOverride} at the next probe: O clears it", Theme.Warn);
        var home = HomeDriver(host, function);
        return home is null ? "host driver: unknown" : home == function.Driver ? "host driver" : $"host driver: {home}";
    }

    public static string? HomeDriver(HostSnapshot host, PciDevice function) =>
        host.Memory.Find(function) is { Driver: { } driver } ? driver
        : function.Driver is not null && !function.IsOnVfio ? function.Driver
        : function.CandidateModules is [var best, ..] ? $"module {best}" : null;

    /// <summary>Other functions that the module drives, which is why it stays.</summary>
    public static IEnumerable<PciDevice> Others(HostSnapshot host, Card card, KernelModule module) =>
        host.Devices.Where(device => !card.Contains(device.Address) && device.Driver is { } driver && host.ModuleOf(driver) == module.Name);

    private static ListRow ModuleRow(KernelModule module, string note) => new(IdOf(module), module.Name, Count(module), note);

    /// <summary>How many modules deep it stands on others of the stack: those on top go first and stand farthest in.</summary>
    private static int Height(KernelModule module, ImmutableArray<KernelModule> stack) =>
        stack.Where(below => below.UsedBy.Contains(module.Name)).Select(below => 1 + Height(below, stack)).DefaultIfEmpty(0).Max();

    private static Label Count(KernelModule module) => module.References switch
    {
        null => "unknown",
        0 => new Label("0 references", Theme.Good),
        { } count => Counted.Of(count, "reference"),
    };

    private static string UsedBy(KernelModule module) => module.UsedBy.IsEmpty ? "" : $"<- {string.Join(' ', module.UsedBy)}";

    private static string SharedWith(HostSnapshot host, Card card, KernelModule module)
    {
        var others = Others(host, card, module).Select(device => device.Address.ShortName).ToList();
        return others.Count == 0 ? "no other device" : $"also drives {string.Join(' ', others)}";
    }
}
