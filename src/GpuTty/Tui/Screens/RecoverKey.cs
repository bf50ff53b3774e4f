using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;

namespace GpuTty.Tui.Screens;

/// <summary>The key for a card whose driver cannot go on: the plan of an ordinary switch, which takes it off that driver.</summary>
internal static class RecoverKey
{
    public const string Way = "Z plans the way to vfio-pci, off that driver; h from there binds it anew.";

    public static KeyBinding Key(Func<Model, Card?> card, Model model) => new(
        Terminal.Key.Of('Z'),
        "recover",
        m => m.Push(WizardScreen.For(m, m.Configured.With(WedgedDriver.Recovery(m.Host!, card(m)!)), isNew: true)),
        m => WhyNot(m, card(m)))
    {
        InBar = WhyNot(model, card(model)) is null,
        Help = "For a card whose driver has stopped: plan the way to vfio-pci, with a reset where the driver recommends nothing less. "
            + "h brings it back to its driver afterwards. You see the plan first.",
        Words = "wedged hang reset rebind bus-reset",
    };

    private static string? WhyNot(Model model, Card? card) =>
        model.WhyNoSwitch is { } none ? none
        : card is null ? "No card is selected."
        : WedgedDriver.Of(card) is not { } wedged ? "No driver of this card has said that it cannot go on."
        : WedgedDriver.IsHelpedByMove(wedged) ? null
        : $"The driver recommends \"{wedged.Wedged}\": only a reboot helps.";
}
