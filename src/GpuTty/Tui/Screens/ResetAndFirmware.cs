using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>
/// What can be done to the card on its way to a virtual machine, each off unless it is asked for: keys and lines of the plan's page.
/// </summary>
internal static class ResetAndFirmware
{
    /// <summary>In the bottom line only on the way to a virtual machine.</summary>
    public static ImmutableArray<KeyBinding> Keys(PlanPage page) =>
        !page.Request.IsNew ? [] : [.. ((KeyBinding[])[Reset(page), Firmware(page)]).Select(key =>
            key with { InBar = page.Intent.Direction == Direction.ToVm })];

    /// <summary>What is chosen, and how to take it back; what is not chosen takes no room.</summary>
    public static IEnumerable<Label> Lines(PlanPage page, Model model)
    {
        if (!page.Request.IsNew || WhyNothing(page, model) is not null) yield break;
        if (page.Intent.ResetMethod is { } method)
            yield return new Label($"Reset on the way: {method}, by {ResetMeaning.Of(method)}. Press Z for another or none.", Theme.Warn);
        if (page.Intent.SaveFirmware is { } path)
            yield return new Label($"Its firmware will be saved as {Visible.Text(path, 200)}. Press I to cancel this.", Theme.Warn);
    }

    private static KeyBinding Reset(PlanPage page) => new(
        Key.Of('Z'),
        "reset",
        model => Chosen(page, model, page.Intent with { ResetMethod = NextReset(page, model) }),
        model => WhyNoReset(page, model))
    {
        Help = "Have the card reset once vfio-pci has it: each press names the next way that it offers, the last one none.",
        Words = "flr bus",
    };

    private static KeyBinding Firmware(PlanPage page) => new(
        Key.Of('I'),
        "save firmware",
        model => Chosen(page, model, page.Intent with { SaveFirmware = page.Intent.SaveFirmware is null ? NewFile(page, model) : null }),
        model => WhyNothing(page, model) ?? (model.Configured.NewFiles is null ? "No file can be written from here." : null))
    {
        Help = "Save the card's firmware to a new file once vfio-pci has the card and nobody uses it, or not.",
        Words = "rom vbios bios",
    };

    /// <summary>Said as well, for where the plan's first lines are not in sight.</summary>
    private static Next Chosen(PlanPage page, Model model, SwitchIntent intent) =>
        model.Replace(page with { Request = page.Request with { Intent = intent } }).Tell(
            $"Reset: {intent.ResetMethod ?? "none"}. Firmware: {(intent.SaveFirmware is null ? "not saved" : "will be saved")}.");

    private static string? WhyNothing(PlanPage page, Model model) =>
        page.Intent.Direction != Direction.ToVm ? "This is for the way to a virtual machine."
        : CardOf(page, model) is null ? "The card is gone." : null;

    private static string? WhyNoReset(PlanPage page, Model model) =>
        WhyNothing(page, model) ?? (Resets(page, model).IsEmpty ? "The card offers no reset that would hit nobody else." : null);

    private static ImmutableArray<string> Resets(PlanPage page, Model model) =>
        CardOf(page, model) is { } card ? ResetMeaning.Harmless(model.Host!, card) : [];

    private static Card? CardOf(PlanPage page, Model model) =>
        model.Host is { } host ? SwitchOutlook.Of(host, page.Request).Card : null;

    private static string? NextReset(PlanPage page, Model model) =>
        page.Intent.ResetMethod is not { } now ? Resets(page, model)[0]
        : Resets(page, model) is var all && all.IndexOf(now) is var at and >= 0 && at + 1 < all.Length ? all[at + 1] : null;

    /// <summary>Never the name of a file that is there: saving would fail then, and the switch with it.</summary>
    private static string NewFile(PlanPage page, Model model)
    {
        var ids = CardOf(page, model)!.Display.Id.ToString().Replace(':', '-');
        var time = model.Host!.TakenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{model.Configured.NewFiles!.TrimEnd('/')}/{ids}-{time}.rom";
    }
}
