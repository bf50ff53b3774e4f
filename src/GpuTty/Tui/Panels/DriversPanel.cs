using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 3: which driver each function has and calls home, and the modules below in unload order.</summary>
internal static class DriversPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole(), Column.Whole(), Column.Cut()];

    public static ImmutableArray<ListRow> Rows(HostSnapshot host, Card card)
    {
        var stack = ModuleStack.Of(host, card);
        var staying = ModuleStack.Staying(host, card, _ => true);
        return
        [
            .. card.Functions.Select(function => new ListRow(CardsPanel.IdOf(function), function.Address.ShortName, DeviceWords.Driver(function), Home(host, function))),
            .. stack.IsEmpty ? [] : new[] { ListRow.Heading("modules, in unload order") },
            .. stack.Select(ModuleRow),
            .. staying.IsEmpty ? [] : new[] { ListRow.Heading("stay loaded, only unbound from the card") },
            .. staying.Select(ModuleRow),
        ];
    }

    /// <summary>The home driver: what the function had before it went to the virtual machine, or would get.</summary>
    public static string Home(HostSnapshot host, PciDevice function)
    {
        var home = HomeDriver(host, function);
        return home is null ? "home: not known" : home == function.Driver ? "home" : $"home: {home}";
    }

    public static string? HomeDriver(HostSnapshot host, PciDevice function) =>
        host.Memory.Find(function) is { Driver: { } driver } ? driver
        : function.Driver is not null && !function.IsOnVfio ? function.Driver
        : function.CandidateModules is [var best, ..] ? $"module {best}" : null;

    private static ListRow ModuleRow(KernelModule module) => new($"module {module.Name}", module.Name, Count(module), UsedBy(module));

    private static Label Count(KernelModule module) => module.References switch
    {
        null => "not counted",
        0 => new Label("0 references", Look.Good),
        1 => "1 reference",
        { } count => $"{count} references",
    };

    private static string UsedBy(KernelModule module) => module.UsedBy.IsEmpty ? "" : $"<- {string.Join(' ', module.UsedBy)}";
}
