using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;

namespace GpuTty.Tui.Screens;

/// <summary>The key for a card whose driver cannot go on: the plan of an ordinary switch, which takes it off that driver.</summary>
internal static class RecoverKey
{
    private const string BindsAgain = "h binds the card to it again";

    /// <summary>What helps a function whose driver cannot go on, with the key for it.</summary>
    public static string Remedy(PciDevice wedged) => WedgedDriver.IsHelpedByMove(wedged)
        ? $"Z plans the way to vfio-pci, off that driver; from there {BindsAgain}."
        : "Only a reboot helps.";

    /// <summary>For the plan of that way: what comes after it.</summary>
    public static string Afterwards(PciDevice wedged) =>
        $"The driver of this card {WedgedDriver.Statement(wedged)}. After this switch {BindsAgain}.";

    public static KeyBinding Key(Func<Model, Card?> card, Model model) => new(
        Terminal.Key.Of('Z'),
        "recover",
        m => m.Push(WizardScreen.For(m, m.Configured.With(WedgedDriver.Recovery(m.Host!, card(m)!)), isNew: true)),
        m => WhyNot(m, card(m)))
    {
        InBar = WhyNot(model, card(model)) is null,
        Help = "For a card whose driver has stopped: plan the way to vfio-pci, with a reset where the driver recommends nothing less. "
            + $"Afterwards {BindsAgain}. You see the plan first.",
        Words = "wedged hang reset rebind bus-reset",
    };

    private static string? WhyNot(Model model, Card? card) =>
        model.WhyNoSwitch is { } none ? none
        : card is null ? "No card is selected."
        : WedgedDriver.Of(card) is not { } wedged ? "No driver of this card has said that it cannot go on."
        : WedgedDriver.IsHelpedByMove(wedged) ? null
        : $"The driver of this card {WedgedDriver.Statement(wedged)}. {Remedy(wedged)}";
}
