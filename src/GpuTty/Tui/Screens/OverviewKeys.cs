using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What the keys of the overview do, and why they do not.</summary>
internal static class OverviewKeys
{
    public static ImmutableArray<KeyBinding> Of(OverviewScreen screen, Model model) =>
        screen.Typing is null ? All(screen, model) : CommonKeys.WhileFiltering;

    private static ImmutableArray<KeyBinding> All(OverviewScreen screen, Model model)
    {
        var switches = new SwitchKeys(m => m.Card, screen.NoCard);
        // A switch that runs, or waits for somebody to go on with it, comes before anything new.
        var comesFirst = model.IsRunning || model.Recovery is not null;
        // For who sits inside the desktop, or at a console that draws with the card: the one way that a switch has to go.
        var offersConsole = model.Host is { } host && ConsoleOffer.IsNeeded(host) && CommonKeys.WhyNoConsole(model) is null;
        return
        [
            .. comesFirst ? [ShowKey.Of(model)] : ImmutableArray<KeyBinding>.Empty,
            .. switches.Moves(model, About(screen, model)),
            switches.Recover(model),
            SwitchKeys.ClearOverride(screen.Function) with { InBar = screen.Function(model) is { HasStrayOverride: true } },
            .. offersConsole ? [CommonKeys.Console with { InBar = true }] : ImmutableArray<KeyBinding>.Empty,
            switches.HideFromSeat(model),
            switches.Pin,
            SwitchKeys.Undo with { InBar = false },
            CommonKeys.Desktop,
            .. offersConsole ? ImmutableArray<KeyBinding>.Empty : [CommonKeys.Console],
            new(Key.Of('/'), "filter", m => m.Replace(screen with { Typing = LineEdit.Of(screen.Filter(screen.Focus, m)) }))
            { Help = "Show only rows with these words. Esc ends it." },
            new(
                Key.Of('a'),
                screen.ShowsAll ? "cards only" : "all devices",
                m => m.Replace(screen with { ShowsAll = !screen.ShowsAll, Focus = Panel.Cards }))
            { Help = "Panel 1: the cards only, or every PCI function of the machine." },
            Open(screen, switches, model),
            new(Key.Of('i'), screen.Focus == Panel.Groups ? "the device" : "its group", screen.Jump, m => WhyNoJump(screen, m))
            {
                Help = "From a device to its IOMMU group, and from a group back to the card or device in it.",
                InBar = screen.Focus is Panel.Groups or Panel.Cards,
            },
            LogKeys.Open,
            new(Key.Of('z'), screen.IsFull ? "all panels" : "panel alone", m => m.Replace(screen with { IsFull = !screen.IsFull }))
            { InBar = screen.IsFull, Help = "This panel on the whole screen, or all of them again." },
            LogHeight(screen, Key.Of('+'), "larger log", 1, "One more row for the log."),
            LogHeight(screen, Key.Of('-'), "smaller log", -1, "One row less for the log."),
            Sort(screen, Key.Of('>'), "sort by the next column", 1),
            Sort(screen, Key.Of('<'), "sort by the column before", -1),
            .. screen.Focus == Panel.Log
                ? [LogKeys.Follow(model), LogKeys.Level(model), LogKeys.Wrap(model)]
                : ImmutableArray<KeyBinding>.Empty,
            switches.Rescan,
            CommandKeys.Hook,
            CommandKeys.Guest(m => m.Card),
            CommandKeys.Boot(m => m.Card),
            CommandKeys.Configuration,
            DoctorScreen.Open,
            CommonKeys.Report,
            CopyKey.Key,
            CommonKeys.Look,
            .. comesFirst ? ImmutableArray<KeyBinding>.Empty : [ShowKey.Of(model) with { InBar = false }],
            .. Enum.GetValues<Panel>().Select(panel =>
                new KeyBinding(OverviewPicture.KeyOf(panel), $"{panel}", m => m.Replace(screen with { Focus = panel }))
                { InBar = false, Help = $"Go to panel {(int)panel}, {panel}." }),
            new(Key.Tab, "next panel", m => m.Replace(screen with { Focus = screen.Beside(1) })) { InBar = false },
            new(Key.BackTab, "previous panel", m => m.Replace(screen with { Focus = screen.Beside(-1) })) { InBar = false },
            Match(screen, 'n', "next", 1),
            Match(screen, 'N', "previous", -1),
            new(Key.Escape, screen.IsFull ? "all panels" : "no filter",
                m => screen.IsFull ? m.Replace(screen with { IsFull = false }) : screen.Unfiltered(m),
                m => screen.Filter(screen.Focus, m).Length == 0 && !screen.IsFull ? "This is the first screen; q quits." : null)
            { InBar = false, Help = "All panels again, or the end of this panel's filter." },
            HelpScreen.Key,
            QuitKey.Key,
        ];
    }

    private static KeyBinding LogHeight(OverviewScreen screen, Key key, string label, int by, string help) =>
        new(key, label, m => m.Replace(screen.WithLog(by, m)!), m => !screen.HasLog(m) ? "The log is not in sight."
            : screen.WithLog(by, m) is null ? $"There is no room for a {label} here."
            : null)
        { InBar = false, Help = help };

    private static KeyBinding Sort(OverviewScreen screen, Key key, string label, int by)
    {
        var columns = OverviewPicture.SortColumns.Length;
        return new(key, label,
            m => m.Replace(screen with { Focus = Panel.Cards, SortedBy = (screen.SortedBy + by + columns) % columns }),
            _ => screen.ShowsAll ? null : "Only the list of all devices is sorted; a shows it.")
        { InBar = false, Help = "Panel 1 with every PCI function: sorted by address, name, driver or group." };
    }

    private static KeyBinding Match(OverviewScreen screen, char key, string which, int by) =>
        new(Key.Of(key), $"{which} match", m => screen.Match(m, by)!, m => screen.WhyNoMatch(m, by))
        { InBar = false, Help = $"Go to the {which} row with the words of the last filter." };

    /// <summary>Which of several cards is meant, where the cursor is not on it.</summary>
    private static string About(OverviewScreen screen, Model model) =>
        screen.Focus != Panel.Cards && model.Card is { } card && Card.FindAll(model.Host!).Length > 1 ? $"{card.Address.SlotName} " : "";

    /// <summary>What the row is about; in the desktop's panel the rule is turned, and the next switch begun where it can be.</summary>
    private static KeyBinding Open(OverviewScreen screen, SwitchKeys switches, Model model)
    {
        var open = new KeyBinding(Key.Enter, "details", m => m.Push(new DetailScreen(screen.SubjectOf(m)!)), m => WhyNotOpen(screen, m))
        {
            Help = "Show everything about the selected row.",
        };
        if (screen.Focus == Panel.Log) return open with { Label = "full screen", Do = m => m.Push(new LogScreen()) };
        var begins = (screen.Focus == Panel.Desktop ? screen.SelectedId(model) : null) switch
        {
            "keep-off" => switches.HideFromSeat(model),
            "next" when NextIntent(model) is { } next =>
                switches.Moves(model).First(move => move.Key == Key.Of(next.Direction == Direction.ToVm ? 'v' : 'h')),
            _ => null,
        };
        return begins is null || begins.Reason(model) is not null
            ? open
            : open with { Label = begins.Label, Do = begins.Do, Help = begins.Help };
    }

    /// <summary>The next switch of the card; null where something is in its way that is told instead.</summary>
    private static SwitchIntent? NextIntent(Model model) =>
        model is { Host: { } host, Card: { } card }
        && new SwitchIntent(card.Address, NextDirection.Of(host, card)) is var next
        && RequiredConsents.For(host, next) is { Refused.IsEmpty: true, OnlyCard: false }
            ? next
            : null;

    private static string? WhyNotOpen(OverviewScreen screen, Model model) => screen.Focus == Panel.Log ? null
        : model.Host is null ? Model.NotLooked
        : screen.SubjectOf(model) is null ? "No row is selected here." : null;

    private static string? WhyNoJump(OverviewScreen screen, Model model) =>
        model.Host is not { } host ? Model.NotLooked
        : !host.HasIommu ? WithoutIommu.NoGroups(host)
        : screen.Focus == Panel.Groups
            ? GroupsPanel.DeviceOf(host, screen.SelectedId(model)) is null ? "There is no device to go to." : null
        : screen.Function(model) is not { } device ? "Select a device first, in panel 1 or 3."
        : host.GroupOf(device) is null ? $"{device.Address.ShortName} is in no IOMMU group." : null;
}
