using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>What can be done to the card on its way to a virtual machine, each off unless it is asked for.</content>
internal sealed partial record WizardScreen
{
    private ImmutableArray<KeyBinding> OnTheWayKeys => Step != WizardStep.Plan || !IsNewRequest ? [] : [ResetKey, FirmwareKey];

    private KeyBinding ResetKey => new(
        Key.Of('Z'), "reset", m => m.Replace(this with { Intent = Intent with { ResetMethod = NextReset(m) } }), WhyNoReset)
    {
        InBar = false,
        Help = "Have the card reset once vfio-pci has it: each press names the next way that it offers, the last one none.",
    };

    private KeyBinding FirmwareKey => new(
        Key.Of('I'),
        "save its firmware",
        m => m.Replace(this with { Intent = Intent with { SaveFirmware = Intent.SaveFirmware is null ? FirmwareFile(m) : null } }),
        m => WhyNothing(m) ?? (m.Configured.NewFiles is null ? "No file can be written from here." : null))
    {
        InBar = false,
        Help = "Save the card's firmware to a new file once vfio-pci has the card and nobody uses it, or not.",
    };

    /// <summary>Lines of the page of the plan: what is chosen, and how to choose otherwise.</summary>
    private IEnumerable<Label> OnTheWay(Model model)
    {
        if (OnTheWayKeys.IsEmpty || WhyNothing(model) is not null) yield break;
        if (WhyNoReset(model) is null)
            yield return Intent.ResetMethod is { } method
                ? new Label($"Reset on the way: {method}, by {ResetMeaning.Of(method)}. Z chooses another or none.", Look.Warn)
                : "Reset on the way: none. Z chooses one.";
        if (FirmwareKey.Reason(model) is null)
            yield return Intent.SaveFirmware is { } path
                ? new Label($"Its firmware is saved as {Visible.Text(path, 200)}. I takes that back.", Look.Warn)
                : "Its firmware is not saved. I saves it.";
    }

    private string? WhyNothing(Model model) =>
        Intent.Direction != Direction.ToVm ? "This is for the way to a virtual machine."
        : model.Host is not { } host || Card.FindAt(host, Intent.Card) is null ? "The card is gone." : null;

    private string? WhyNoReset(Model model) =>
        WhyNothing(model) ?? (Resets(model).IsEmpty ? "The card offers no reset that would hit nobody else." : null);

    /// <summary>The kernel's words for this card, without those that would reset somebody else's device.</summary>
    private ImmutableArray<string> Resets(Model model) =>
        model.Host is { } host && Card.FindAt(host, Intent.Card) is { } card
            ? [.. card.Display.ResetMethods.Where(method =>
                method is not ("bus" or "cxl_bus") || ResetMeaning.Neighbours(host, card).IsEmpty)]
            : [];

    private string? NextReset(Model model) =>
        Intent.ResetMethod is not { } now ? Resets(model)[0]
        : Resets(model).IndexOf(now) is var at and >= 0 && at + 1 < Resets(model).Length ? Resets(model)[at + 1] : null;

    /// <summary>Never the name of a file that is there: saving would fail then, and the switch with it.</summary>
    private string FirmwareFile(Model model)
    {
        var host = model.Host!;
        var ids = Card.FindAt(host, Intent.Card)!.Display.Id.ToString().Replace(':', '-');
        var time = host.TakenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{model.Configured.NewFiles!.TrimEnd('/')}/{ids}-{time}.rom";
    }
}
