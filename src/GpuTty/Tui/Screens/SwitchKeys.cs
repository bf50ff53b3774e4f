using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>The keys that begin a plan, the same wherever a card is in sight.</summary>
/// <param name="Card">The card they are about; null where there is none.</param>
/// <param name="Other">What the cursor is on instead of a card; null where it is on one.</param>
internal sealed record SwitchKeys(Func<Model, Card?> Card, Func<Model, PciDevice?> Other)
{
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

    private bool IsKeptOff(Model model) => model.Host is { } host && Card(model) is { } card && host.IsKeptOff(card.Display);

    private Next Begin(Model model, Direction direction)
    {
        var chosen = model with { Chosen = Card(model)!.Address };
        return chosen.Push(WizardScreen.For(chosen, direction));
    }

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
}
