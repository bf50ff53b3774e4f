using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Tui.Screens;

/// <summary>The key that clears an override which names another driver than
/// the bound one: planned, shown and confirmed like a switch.</summary>
internal static class ClearOverrideKey
{
    /// <param name="selected">The function that the cursor is on; null where it is on something else.</param>
    public static KeyBinding Key(Func<Model, PciDevice?> selected) => new(Terminal.Key.Of('O'), "clear override",
        model => model.Push(
            new PlanPage(WizardRequest.For(model, new SwitchIntent(selected(model)!.Address, Direction.ClearOverride)))),
        model => WhyNot(model, selected(model)))
    {
        Help = "Clear a driver override that names another driver than the bound one. You see the plan first.",
    };

    private static string? WhyNot(Model model, PciDevice? device) =>
        device is null ? "Select one of the card's functions first, in panel 1 or 3."
        : model.IsRunning ? Model.SwitchRuns
        : model.NeedsRestart ? Model.OnlyRestartHelps
        : device.DriverOverride is null ? $"{device.Address.ShortName} has no override."
        : !device.HasStrayOverride ? $"The override of {device.Address.ShortName} names the driver that is bound; it does no harm."
        : Card.FindAt(model.Host!, device.Address) is null
            ? $"{device.Address.ShortName} belongs to no graphics card; GpuTty leaves it alone."
            : null;
}
