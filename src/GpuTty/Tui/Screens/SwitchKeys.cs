using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>The keys that begin a plan, the same wherever a card is in sight.</summary>
/// <param name="Card">The card they are about; null where there is none.</param>
/// <param name="Other">What the cursor is on instead of a card; null where it is on one.</param>
internal sealed record SwitchKeys(Func<Model, Card?> Card, Func<Model, PciDevice?> Other)
{
    private const string BindsAgain = "h binds the card to it again";

    /// <param name="card">The card they are about, whatever the cursor is on.</param>
    public SwitchKeys(Func<Model, Card?> card)
        : this(card, _ => null)
    {
    }

    /// <summary>What can be done stands first: on a narrow screen it is all that is seen.</summary>
    public ImmutableArray<KeyBinding> Moves(Model model, string about = "") =>
    [
        .. new[]
        {
            new KeyBinding(Key.Of('v'), $"{about}to the VM", m => Begin(m, Direction.ToVm), m => WhyNot(m, Direction.ToVm))
            { Help = "Guide you through moving the card to vfio-pci, for a virtual machine. Nothing is changed before you agree." },
            new KeyBinding(Key.Of('h'), $"{about}to the host", m => Begin(m, Direction.ToHost), m => WhyNot(m, Direction.ToHost))
            { Help = "Guide you through bringing the card back to its host driver." },
        }.OrderBy(key => key.Reason(model) is not null),
    ];

    public KeyBinding HideFromSeat(Model model) => new(Key.Of('K'), IsKeptOff(model) ? "let the desktop use it" : "keep off",
        m => Begin(m, IsKeptOff(m) ? Direction.AllowDesktop : Direction.HideFromSeat), WhyNoRule)
    {
        Help = "Keep the desktop off this card, or let the desktop use it again. With it kept off, a switch needs no logout.",
    };

    public KeyBinding Pin => new(Key.Of('P'), "pin", m => Begin(m, m.Host!.Pinned.IsEmpty ? Direction.Pin : Direction.Unpin), WhyNoRule)
    {
        InBar = false,
        Help = "Keep the desktop from opening NVIDIA's nodes past the seat rules, from its next start on, or let it again.",
    };

    /// <summary>For a card whose driver cannot go on: the plan of an ordinary switch, which takes it off that driver.</summary>
    public KeyBinding Recover(Model model) => new(
        Key.Of('Z'),
        "recover",
        m => m.Push(WizardScreen.For(m, m.Configured.With(WedgedDriver.Recovery(m.Host!, Card(m)!)), isNew: true)),
        WhyNoRecovery)
    {
        InBar = WhyNoRecovery(model) is null,
        Help = "For a card whose driver has stopped: plan the way to vfio-pci, with a reset where the driver recommends nothing less. "
            + $"Afterwards {BindsAgain}. You see the plan first.",
        Words = "wedged hang reset rebind bus-reset",
    };

    /// <summary>The last resort for a function that is stuck without a driver: planned, shown with its cost, confirmed.</summary>
    public KeyBinding Rescan => new(
        Key.Of('B'), "rescan", m => PlanOf(m, new SwitchIntent(Stuck(m)!.Address, Direction.Rescan)), WhyNoRescan)
    {
        InBar = false,
        Help = "Last resort for a function that is stuck without a driver: the kernel forgets it and looks for it anew. "
            + "What that costs is shown first.",
    };

    /// <summary>Clears an override that names another driver than the bound one: planned, shown and confirmed like a switch.</summary>
    /// <param name="selected">The function that the cursor is on; null where it is on something else.</param>
    public static KeyBinding ClearOverride(Func<Model, PciDevice?> selected) => new(Key.Of('O'), "clear override",
        m => PlanOf(m, new SwitchIntent(selected(m)!.Address, Direction.ClearOverride)), m => WhyNoClearing(m, selected(m)))
    {
        Help = "Clear a driver override that names another driver than the bound one. You see the plan first.",
    };

    public static KeyBinding Undo { get; } = new(Key.Of('u'), "undo", m => m.Push(WizardScreen.For(m, Back(m)!)), WhyNoUndo)
    {
        Help = "Plan the way back to where the card came from.",
        Words = "roll back",
    };

    /// <summary>What an undo would do; null where there is nothing to undo.</summary>
    public static SwitchIntent? Back(Model model) => model.Host is not { } host ? null
        : model.Recovery is { } recovery ? recovery.TakeBack : InterruptedRun.UndoOf(model.Begun, host);

    public static string? WhyNoUndo(Model model) => model.WhyNoSwitch is { } none ? none
        : Back(model) is not { } back ? "There is nothing to undo."
        : SwitchPlanner.Plan(model.Host!, back) is PlanResult.AlreadyThere ? "The card is where it came from; there is nothing to undo."
        : null;

    /// <summary>What helps a function whose driver cannot go on, with the key for it.</summary>
    public static string Remedy(PciDevice wedged) => WedgedDriver.IsHelpedByMove(wedged)
        ? $"Z plans the way to vfio-pci, off that driver; from there {BindsAgain}."
        : "Only a reboot helps.";

    /// <summary>For the plan of that way: what comes after it.</summary>
    public static string Afterwards(PciDevice wedged) =>
        $"The driver of this card {WedgedDriver.Statement(wedged)}. After this switch {BindsAgain}.";

    private bool IsKeptOff(Model model) => model.Host is { } host && Card(model) is { } card && host.IsKeptOff(card.Display);

    private Next Begin(Model model, Direction direction)
    {
        var chosen = model with { Chosen = Card(model)!.Address };
        return chosen.Push(WizardScreen.For(chosen, direction));
    }

    private static Next PlanOf(Model model, SwitchIntent intent) => model.Push(new PlanPage(WizardRequest.For(model, intent)));

    private string? WhyNot(Model model, Direction direction)
    {
        if (WhyNone(model, new Obstacle.NoCard().Problem) is { } none) return none;
        if (direction == Direction.ToVm && model.Configured.Error is { } wrong) return $"{wrong.Problem} {wrong.Remedy}";
        if (model.NeedsRestart) return Model.OnlyRestartHelps;
        return Card(model) is not { } card ? null : direction switch
        {
            Direction.ToVm when card.Owner == Owner.Vfio => $"{card.Address.SlotName} is with vfio-pci already; h returns it to the host.",
            Direction.ToHost when card.Owner == Owner.HostDriver =>
                $"{card.Address.SlotName} is on its host driver already; v moves it to a virtual machine.",
            _ => null,
        };
    }

    private string? WhyNoRule(Model model) => WhyNone(model, "There is no card to keep the desktop off.");

    private string? WhyNone(Model model, string without) =>
        model.Host is null ? Model.NotLooked
        : model.IsRunning ? Model.SwitchRuns
        : Other(model) is { } device ? $"{device.Address.ShortName} ({device.Class.Name}) is no graphics card; go to one first."
        : Card(model) is null ? without : null;

    private string? WhyNoCard(Model model) => model.WhyNoSwitch ?? (Card(model) is null ? "No card is selected." : null);

    private string? WhyNoRecovery(Model model) =>
        WhyNoCard(model) is { } none ? none
        : WedgedDriver.Of(Card(model)!) is not { } wedged ? "No driver of this card has said that it cannot go on."
        : WedgedDriver.IsHelpedByMove(wedged) ? null
        : $"The driver of this card {WedgedDriver.Statement(wedged)}. {Remedy(wedged)}";

    private PciDevice? Stuck(Model model) => model.Host is { } host && Card(model) is { } card
        ? RefusedBind.Of(host, card, [.. model.Unfinished, [.. model.Begun]]).FirstOrDefault()
        : null;

    private string? WhyNoRescan(Model model) =>
        WhyNoCard(model) is { } none ? none
        : Card(model)!.Functions.All(function => function.Driver is not null) ? "Every function of the card has a driver."
        : Stuck(model) is null ? "First try the ordinary way (h): this is for a driver that has refused the function."
        : null;

    private static string? WhyNoClearing(Model model, PciDevice? device) =>
        device is null ? "Select one of the card's functions first, in panel 1 or 3."
        : model.WhyNoSwitch is { } none ? none
        : device.DriverOverride is null ? $"{device.Address.ShortName} has no override."
        : !device.HasStrayOverride ? $"The override of {device.Address.ShortName} names the driver that is bound; it does no harm."
        : GpuTty.Host.Pci.Card.FindAt(model.Host!, device.Address) is null
            ? $"{device.Address.ShortName} belongs to no graphics card; GpuTty leaves it alone."
            : null;
}
