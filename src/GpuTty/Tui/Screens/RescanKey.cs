using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Tui.Screens;

/// <summary>The key of the last resort for a function that is stuck without a driver: planned, shown with its cost, confirmed.</summary>
internal static class RescanKey
{
    public static KeyBinding Key(Func<Model, Card?> card) => new(
        Terminal.Key.Of('B'),
        "rescan",
        model => model.Push(new PlanPage(
            WizardRequest.For(model, new SwitchIntent(Stuck(model, card)!.Address, Direction.Rescan)))),
        model => WhyNot(model, card))
    {
        InBar = false,
        Help = "Last resort for a function that is stuck without a driver: the kernel forgets it and looks for it anew. "
            + "What that costs is shown first.",
    };

    private static PciDevice? Stuck(Model model, Func<Model, Card?> card) =>
        model.Host is { } host && card(model) is { } stuck
            ? RefusedBind.Of(host, stuck, [.. model.Unfinished, [.. model.Begun]]).FirstOrDefault()
            : null;

    private static string? WhyNot(Model model, Func<Model, Card?> card) =>
        model.WhyNoSwitch is { } none ? none
        : card(model) is not { } one ? "No card is selected."
        : one.Functions.All(function => function.Driver is not null) ? "Every function of the card has a driver."
        : Stuck(model, card) is null ? "First try the ordinary way (h): this is for a driver that has refused the function."
        : null;
}
