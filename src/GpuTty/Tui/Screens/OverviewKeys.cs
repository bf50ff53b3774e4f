using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>What the keys of the overview do, and why they do not.</content>
internal sealed partial record OverviewScreen
{
    private const int MostLogRows = 60;

    public override ImmutableArray<KeyBinding> Keys(Model model) => Typing is not null ?
        [
            new KeyBinding(Key.Enter, "keep the filter", m => m),
            new KeyBinding(Key.Escape, "no filter", m => m) { IsPinned = true },
            HelpScreen.KeyWhileTyping,
        ]
        :
        [
            .. ShowsFirst(model) ? [Show(model)] : ImmutableArray<KeyBinding>.Empty,
            // What can be done stands first: on a narrow screen it is all that is seen.
            .. new[]
            {
                new KeyBinding(Key.Of('v'), "to the VM", m => Begin(m, Direction.ToVm), m => WhyNot(m, Direction.ToVm))
                { Help = "Lead through moving the card to vfio-pci, for a virtual machine. Nothing is changed before you agree." },
                new KeyBinding(Key.Of('h'), "to the host", m => Begin(m, Direction.ToHost), m => WhyNot(m, Direction.ToHost))
                { Help = "Lead through bringing the card home to its host driver." },
            }.OrderBy(key => key.Reason(model) is not null),
            Override.Key(Function) with { InBar = Function(model) is { HasStrayOverride: true } },
            KeepOff(Key.Of('K')),
            new KeyBinding(Key.Of('P'), "pin", m => Begin(m, m.Host!.Pinned.IsEmpty ? Direction.Pin : Direction.Unpin), WhyNotKeepOff)
            { InBar = false, Help = "Keep the desktop from opening NVIDIA's nodes behind the seat's back, from its next start on, or let it again." },
            // In the panel that shows the setting the plain letter turns it; elsewhere k moves up, as in every list.
            .. Focus == Panel.Desktop ? [KeepOff(Key.Of('k')) with { InBar = false }] : ImmutableArray<KeyBinding>.Empty,
            CommonKeys.Desktop,
            CommonKeys.Console,
            new KeyBinding(Key.Of('/'), "filter", m => m.Replace(this with { Typing = new TextField(Filter(m), Filter(m).Length) { TakesPaste = true } }))
            { Help = "Show only rows with these words. Esc ends it." },
            new KeyBinding(Key.Of('a'), ShowsAll ? "cards only" : "all devices", m => m.Replace(this with { ShowsAll = !ShowsAll, Focus = Panel.Cards }))
            { Help = "Panel 1: the cards only, or every PCI function of the machine." },
            new KeyBinding(Key.Enter, "details", Open, WhyNotOpen) { Help = "Tell everything about the selected row." },
            new KeyBinding(Key.Of('i'), Focus == Panel.Groups ? "the device" : "its group", Jump, WhyNoJump)
            { Help = "From a device to its IOMMU group, and from a group back to the card or device in it.", InBar = Focus is Panel.Groups or Panel.Cards },
            LogKeys.Open,
            new KeyBinding(Key.Of('z'), IsFull ? "all panels" : "panel alone", m => m.Replace(this with { IsFull = !IsFull }))
            { InBar = IsFull, Help = "This panel on the whole screen, or all of them again." },
            new KeyBinding(Key.Of('+'), "larger log", m => m.Replace(this with { LogRows = Math.Min(LogRows + 1, MostLogRows) }))
            { InBar = false, Help = "One more row for the log." },
            new KeyBinding(Key.Of('-'), "smaller log", m => m.Replace(this with { LogRows = Math.Max(LogRows - 1, -MostLogRows) }))
            { InBar = false, Help = "One row less for the log." },
            Sort(Key.Of('>'), 1),
            Sort(Key.Of('<'), -1),
            .. Focus == Panel.Log ? [LogKeys.Level(model), LogKeys.Wrap(model)] : ImmutableArray<KeyBinding>.Empty,
            CommonKeys.Report,
            CommonKeys.Look,
            .. ShowsFirst(model) ? [] : new[] { Show(model) with { InBar = false } },
            .. Enum.GetValues<Panel>().Select(panel => new KeyBinding(Key.Of((char)('0' + (int)panel)), PanelName(panel), m => m.Replace(this with { Focus = panel }))
            { InBar = false, Help = $"Go to panel {(int)panel}, {PanelName(panel)}." }),
            new KeyBinding(Key.Tab, "next panel", m => m.Replace(this with { Focus = Beside(1) })) { InBar = false },
            new KeyBinding(Key.BackTab, "previous panel", m => m.Replace(this with { Focus = Beside(-1) })) { InBar = false },
            new KeyBinding(Key.Escape, IsFull ? "all panels" : "no filter",
                m => IsFull ? m.Replace(this with { IsFull = false }) : Filtered(m, new TextField(), null),
                m => Filter(m).Length == 0 && !IsFull ? "This is the first screen; q quits." : null)
            { InBar = false, Help = "All panels again, or the end of this panel's filter." },
            HelpScreen.Key,
            Leaving.Key,
        ];

    private KeyBinding Sort(Key key, int by) => new(key, by > 0 ? "sort by the next column" : "sort by the column before",
        m => m.Replace(this with { Focus = Panel.Cards, SortedBy = (SortedBy + by + s_columnNames.Length) % s_columnNames.Length }),
        _ => ShowsAll ? null : "Only the list of all devices is sorted; a shows it.")
    { InBar = false, Help = "Panel 1 with every PCI function: sorted by address, name, driver or group." };

    /// <summary>A switch that runs, or waits for somebody to go on with it, comes before anything new.</summary>
    private static bool ShowsFirst(Model model) => model.IsRunning || model.Recovery is not null;

    private static KeyBinding Show(Model model) => new(Key.Of('s'),
        model.IsRunning ? "show the running switch" : model.Recovery is not null ? "the interrupted switch" : "the last switch",
        m => m.Push(m.IsRunning ? new RunningScreen() : m.Recovery is not null ? new RecoveryScreen() : new ResultScreen()),
        m => m.IsRunning || m.Recovery is not null || m.Run is { IsClosed: true } ? null : "No switch has run yet.")
    {
        Help = "Show the switch that is running, the ways out of one that was interrupted, or how the last one ended.",
    };

    public static string PanelName(Panel panel) => panel switch
    {
        Panel.Cards => "Cards",
        Panel.Groups => "Groups",
        Panel.Drivers => "Drivers",
        Panel.Holders => "Holders",
        Panel.Desktop => "Desktop",
        _ => "Log",
    };

    private Panel Beside(int by) => (Panel)((((int)Focus - 1 + by + 6) % 6) + 1);

    private static Next Begin(Model model, Direction direction) => model.Push(WizardScreen.For(model, direction));

    private string? WhyNot(Model model, Direction direction)
    {
        if (model.Host is null) return "The machine has not been looked at yet.";
        if (model.IsRunning) return "A switch is running; s shows it.";
        if (NoCard(model) is { } device) return $"{device.Address.ShortName} ({device.Class.Name}) is no graphics card; go to one first.";
        if (model.Card is not { } card) return new Obstacle.NoCard().Problem;
        return direction switch
        {
            Direction.ToVm when card.Owner == Owner.Vfio => $"{card.Address.SlotName} is with vfio-pci already; h brings it home.",
            Direction.ToHost when card.Owner == Owner.HostDriver => $"{card.Address.SlotName} is on its host driver already; v gives it to a virtual machine.",
            _ => null,
        };
    }

    /// <summary>The same way as a switch: look, plan, show, confirm, do.</summary>
    private static KeyBinding KeepOff(Key key) => new(key, "keep off",
        model => Begin(model, model.Host!.IsKeptOff(model.Card!.Display) ? Direction.LetOn : Direction.KeepOff), WhyNotKeepOff)
    {
        Help = "Keep the desktop off this card, or let it on again. With it kept off, a switch needs no logout.",
    };

    private static string? WhyNotKeepOff(Model model) =>
        model.Card is null ? "There is no card to keep the desktop off."
        : model.IsRunning ? "A switch is running; s shows it."
        : null;

    private Next Open(Model model) => Focus == Panel.Log
        ? model.Push(new LogScreen())
        : model.Push(new DetailScreen(Selected(model)!));

    /// <summary>What the cursor is on; null in the log, and where the line says all there is.</summary>
    private Subject? Selected(Model model) => model.Host is { } host ? Subject.Of(host, Focus, SelectedId(model)) : null;

    /// <summary>The function that the cursor is on, in whichever panel.</summary>
    private PciDevice? Function(Model model) => Selected(model) is Subject.Device { Address: var address } ? model.Host!.Find(address) : null;

    /// <summary>From a device to its row among the groups, and from there to the device among the cards.</summary>
    private Next Jump(Model model)
    {
        var host = model.Host!;
        if (Focus != Panel.Groups)
        {
            var roots = GroupsPanel.Roots(host);
            return model.Replace(this with { Focus = Panel.Groups, Groups = Groups.Reveal(roots, CardsPanel.IdOf(Function(model)!)) });
        }
        var device = GroupsPanel.DeviceOf(host, SelectedId(model))!;
        var there = this with { Focus = Panel.Cards, ShowsAll = ShowsAll || Card.FindAt(host, device.Address) is null };
        var rows = CardsPanel.Rows(host, there.ShowsAll, filtered: false);
        return Chosen(model.Replace(there with { Lists = Lists.SetItem(Panel.Cards, new ListView().Select(rows, CardsPanel.IdOf(device))) }));
    }

    private string? WhyNoJump(Model model) =>
        model.Host is not { } host ? "The machine has not been looked at yet."
        : !host.HasIommu ? WithoutIommu.NoGroups(host)
        : Focus == Panel.Groups ? GroupsPanel.DeviceOf(host, SelectedId(model)) is null ? "There is no device to go to." : null
        : Function(model) is not { } device ? "Go to a device first, in panel 1 or 3."
        : host.GroupOf(device) is null ? $"{device.Address.ShortName} is in no IOMMU group." : null;

    private string? WhyNotOpen(Model model) => Focus == Panel.Log ? null
        : model.Host is not { } host ? "The machine has not been looked at yet."
        : SelectedId(model) is not { } id ? "There is nothing to open here."
        : Subject.Of(host, Focus, id) is null ? "All there is to know stands in the line already." : null;

    private string? SelectedId(Model model) => Focus switch
    {
        Panel.Groups => model.Host is { } host ? Groups.SelectedId(GroupsPanel.Roots(host)) : null,
        Panel.Cards => CardsList(model).Selected(Rows(Panel.Cards, model))?.Id,
        var panel => List(panel).Selected(Rows(panel, model))?.Id,
    };
}
