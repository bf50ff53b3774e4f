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
            .. Switches.Moves(model, About(model)),
            ClearOverrideKey.Key(Function) with { InBar = Function(model) is { HasStrayOverride: true } },
            .. OffersConsole(model) ? [CommonKeys.Console with { InBar = true }] : ImmutableArray<KeyBinding>.Empty,
            Switches.HideFromSeat(model),
            Switches.Pin,
            SwitchKeys.Undo with { InBar = false },
            CommonKeys.Desktop,
            .. OffersConsole(model) ? [] : new[] { CommonKeys.Console },
            new KeyBinding(
                Key.Of('/'),
                "filter",
                m => m.Replace(this with { Typing = new TextField(Filter(m), Filter(m).Length) { TakesPaste = true } }))
            { Help = "Show only rows with these words. Esc ends it." },
            new KeyBinding(
                Key.Of('a'),
                ShowsAll ? "cards only" : "all devices",
                m => m.Replace(this with { ShowsAll = !ShowsAll, Focus = Panel.Cards }))
            { Help = "Panel 1: the cards only, or every PCI function of the machine." },
            new KeyBinding(Key.Enter, "details", Open, WhyNotOpen) { Help = "Tell everything about the selected row." },
            new KeyBinding(Key.Of('i'), Focus == Panel.Groups ? "the device" : "its group", Jump, WhyNoJump)
            {
                Help = "From a device to its IOMMU group, and from a group back to the card or device in it.",
                InBar = Focus is Panel.Groups or Panel.Cards,
            },
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
            RescanKey.Key(m => m.Card),
            CommandKeys.Hook,
            CommandKeys.Guest(m => m.Card),
            CommandKeys.Boot(m => m.Card),
            CommandKeys.Configuration,
            DoctorScreen.Open,
            CommonKeys.Report,
            CommonKeys.Look,
            .. ShowsFirst(model) ? [] : new[] { Show(model) with { InBar = false } },
            .. Enum.GetValues<Panel>().Select(panel =>
                new KeyBinding(Key.Of((char)('0' + (int)panel)), PanelName(panel), m => m.Replace(this with { Focus = panel }))
                { InBar = false, Help = $"Go to panel {(int)panel}, {PanelName(panel)}." }),
            new KeyBinding(Key.Tab, "next panel", m => m.Replace(this with { Focus = Beside(1) })) { InBar = false },
            new KeyBinding(Key.BackTab, "previous panel", m => m.Replace(this with { Focus = Beside(-1) })) { InBar = false },
            new KeyBinding(Key.Of('n'), "next match", m => Match(m, 1)!, m => WhyNoMatch(m, 1))
            {
                InBar = false,
                Help = "Go to the next row with the words of the last filter.",
            },
            new KeyBinding(Key.Of('N'), "previous match", m => Match(m, -1)!, m => WhyNoMatch(m, -1))
            {
                InBar = false,
                Help = "Go to the previous row with the words of the last filter.",
            },
            new KeyBinding(Key.Escape, IsFull ? "all panels" : "no filter",
                m => IsFull ? m.Replace(this with { IsFull = false }) : Unfiltered(m),
                m => Filter(m).Length == 0 && !IsFull ? "This is the first screen; q quits." : null)
            { InBar = false, Help = "All panels again, or the end of this panel's filter." },
            HelpScreen.Key,
            QuitKey.Key,
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

    private SwitchKeys Switches => new(model => model.Card, NoCard);

    /// <summary>Which of several cards is meant, where the cursor is not on it.</summary>
    private string About(Model model) =>
        Focus != Panel.Cards && model.Card is { } card && Card.FindAll(model.Host!).Length > 1 ? $"{card.Address.SlotName} " : "";

    /// <summary>For who sits inside the desktop: the one way that a switch has to go.</summary>
    private static bool OffersConsole(Model model) => model.Host?.Viewer.IsInsideDesktop == true && CommonKeys.WhyNoConsole(model) is null;

    /// <summary>What the row is about; in the desktop's panel the rule is turned, and the next switch begun where it can be.</summary>
    private Next Open(Model model) => Focus switch
    {
        Panel.Log => model.Push(new LogScreen()),
        Panel.Desktop when SelectedId(model) == "keep-off" && Switches.HideFromSeat(model) is var turn && turn.Reason(model) is null =>
            turn.Do(model),
        Panel.Desktop when SelectedId(model) == "next"
            && Switches.Moves(model)[0] is var move
            && move.Reason(model) is null
            && CanBegin(model) =>
            move.Do(model),
        _ => model.Push(new DetailScreen(Selected(model)!)),
    };

    public Subject? SubjectOf(Model model) => Selected(model);

    private static bool CanBegin(Model model) =>
        model.Card is { } card
        && RequiredConsents.For(
            model.Host!, new SwitchIntent(card.Address, DesktopPanel.NextDirection(card))) is { Refused.IsEmpty: true, OnlyCard: false };

    /// <summary>What the cursor is on; null in the log, and where there is no row.</summary>
    private Subject? Selected(Model model) => model.Host is not { } host ? null
        : Subject.Of(host, Focus, SelectedId(model))
            ?? (Focus == Panel.Desktop && SelectedId(model) is { } id ? new Subject.Line(model.Card?.Address, id) : null);

    /// <summary>The function that the cursor is on, in whichever panel.</summary>
    private PciDevice? Function(Model model) =>
        Selected(model) is Subject.Device { Address: var address } ? model.Host!.Find(address) : null;

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
        var rows = CardsPanel.Rows(host, there.ShowsAll, filtered: false, model.IsRunning);
        return Chosen(model.Replace(there with
        {
            Lists = Lists.SetItem(Panel.Cards, new ListView().Select(rows, CardsPanel.IdOf(device))),
        }));
    }

    private string? WhyNoJump(Model model) =>
        model.Host is not { } host ? "The machine has not been looked at yet."
        : !host.HasIommu ? WithoutIommu.NoGroups(host)
        : Focus == Panel.Groups ? GroupsPanel.DeviceOf(host, SelectedId(model)) is null ? "There is no device to go to." : null
        : Function(model) is not { } device ? "Select a device first, in panel 1 or 3."
        : host.GroupOf(device) is null ? $"{device.Address.ShortName} is in no IOMMU group." : null;

    private string? WhyNotOpen(Model model) => Focus == Panel.Log ? null
        : model.Host is null ? "The machine has not been looked at yet."
        : Selected(model) is null ? "No row is selected here." : null;

    private string? SelectedId(Model model) => Focus switch
    {
        Panel.Groups => model.Host is { } host ? Groups.SelectedId(GroupsPanel.Roots(host)) : null,
        Panel.Cards => CardsList(model).Selected(Rows(Panel.Cards, model))?.Id,
        var panel => List(panel).Selected(Rows(panel, model))?.Id,
    };
}
