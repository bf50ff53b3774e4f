using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>The first screen: the machine as it is, in six panels.</summary>
internal sealed partial record OverviewScreen : Screen
{
    public Panel Focus { get; init; } = Panel.Cards;

    /// <summary>Every PCI function in panel 1 instead of the cards alone.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>The panel with the keys has the whole screen.</summary>
    public bool IsFull { get; init; }

    /// <summary>How many rows the log has more than its share, or fewer.</summary>
    public int LogRows { get; init; }

    /// <summary>The column that panel 1 is sorted by while it shows every function; the first is the address.</summary>
    public int SortedBy { get; init; }

    public ImmutableDictionary<Panel, ListView> Lists { get; init; } = ImmutableDictionary<Panel, ListView>.Empty;
    public TreeView Groups { get; init; } = TreeView.Start;

    /// <summary>The filter while it is typed; null when it is not.</summary>
    public TextField? Typing { get; init; }

    public override string Title => "Overview";
    public override bool TakesText => Typing is not null;

    /// <summary>The first look at the machine closes all groups where they would not fit: most machines have dozens.</summary>
    public override Screen Hear(Msg news, Model model) =>
        news is Msg.HostRead { Host: var host } && Groups == TreeView.Start && !Fit(host, model)
        ? this with { Groups = Groups with { Closed = [.. host.Groups.Select(GroupsPanel.IdOf)] } }
        : this;

    public override SnapshotSections Needs(Model model) =>
        PlaceOf(Panel.Desktop, model) is null ? SnapshotSections.None : SnapshotSections.Programs;

    private bool Fit(HostSnapshot host, Model model) =>
        PlaceOf(Panel.Groups, model) is { } place && host.Groups.Sum(group => 1 + group.Members.Length) <= place.Height - 2;

    public override Next? OnKey(Key key, Model model) => Typing is { } field ? OnFilterKey(field, key, model) : Move(key, model);

    public override Next OnPaste(string text, Model model) =>
        Typing?.Paste(text) is { } pasted ? Filtered(model, pasted, pasted) : model;

    /// <summary>Of the panel with the keys.</summary>
    public string Filter(Model model) => FilterOf(Focus, model);

    private string FilterOf(Panel panel, Model model) =>
        panel switch { Panel.Groups => Groups.List.Filter, Panel.Log => model.LogView.Filter, _ => List(panel).Filter };

    /// <summary>The function under the cursor in panel 1.</summary>
    public PciDevice? SelectedDevice(Model model) =>
        model.Host is { } host ? CardsPanel.DeviceOf(host, CardsList(model).Selected(Rows(Panel.Cards, model))?.Id) : null;

    /// <summary>What panel 1 shows but cannot be switched; null when the cursor is on a card.</summary>
    public PciDevice? NoCard(Model model) =>
        Focus == Panel.Cards && model.Host is { } host && SelectedDevice(model) is { } device && Card.FindAt(host, device.Address) is null
            ? device
            : null;

    private ListView List(Panel panel) => Lists.GetValueOrDefault(panel) ?? new ListView();

    /// <summary>Begins on the card that the keys are about.</summary>
    private ListView CardsList(Model model)
    {
        var list = List(Panel.Cards);
        return list.SelectedId is null && model.Card is { } card
            ? list.Select(Rows(Panel.Cards, model), ShowsAll ? CardsPanel.IdOf(card.Display) : CardsPanel.IdOf(card))
            : list;
    }

    private ImmutableArray<ListRow> Rows(Panel panel, Model model) => model.Host is not { } host ? [] : panel switch
    {
        Panel.Cards when ShowsAll && SortedBy > 0 =>
            s_sorted.Get(host, (SortedBy, IsFiltered, model.IsRunning), () => ListRow.Sorted(CardRows(host, model), SortedBy)),
        Panel.Cards => CardRows(host, model),
        Panel.Drivers => model.Card is { } card ? DriversPanel.Rows(host, card, model.IsRunning) : [],
        Panel.Holders => model.Card is { } held ? HoldersPanel.Rows(host, held) : [],
        Panel.Desktop => DesktopPanel.Rows(host, model.Card, model.IsRunning),
        _ => [],
    };

    private static readonly SnapshotCache<HostSnapshot, (int, bool, bool), ImmutableArray<ListRow>> s_sorted = new();

    private bool IsFiltered => !TextFilter.IsEmpty(List(Panel.Cards).Filter);

    private ImmutableArray<ListRow> CardRows(HostSnapshot host, Model model) =>
        CardsPanel.Rows(host, ShowsAll, IsFiltered, model.IsRunning);

    private Next? Move(Key key, Model model)
    {
        var page = Math.Max(1, (PlaceOf(Focus, model)?.Height ?? 12) - 3);
        switch (Focus)
        {
            case Panel.Log: return model.LogView.On(key, model.Log, page + 1) is { } log ? model with { LogView = log } : null;
            case Panel.Groups when model.Host is { } host:
                return Groups.On(key, GroupsPanel.Roots(host), page) is not { } groups ? null
                    : groups == Groups && key.Code is KeyCode.Left or KeyCode.Right
                        ? Sideways(model, key)
                        : Replaced(model, this with { Groups = groups });
        }
        if (key.Code is KeyCode.Left or KeyCode.Right) return Sideways(model, key);
        var list = Focus == Panel.Cards ? CardsList(model) : List(Focus);
        return list.On(key, Rows(Focus, model), page) is not { } moved ? null
            : Chosen(Replaced(model, this with { Lists = Lists.SetItem(Focus, moved) }));
    }

    /// <summary>Where a panel has no use for it itself: to the panel beside.</summary>
    private Model Sideways(Model model, Key key) => model.Replace(this with { Focus = Beside(key.Code == KeyCode.Left ? -1 : 1) });

    /// <summary>The card under the cursor is the one that the other panels are about.</summary>
    private static Model Chosen(Model model) =>
        model.Top is OverviewScreen { Focus: Panel.Cards } screen && model.Host is { } host
        && screen.SelectedDevice(model) is { } device && Card.FindAt(host, device.Address) is { } card
            ? model with { Chosen = card.Address }
            : model;

    private Next? OnFilterKey(TextField field, Key key, Model model) => key.Code switch
    {
        KeyCode.Enter => Replaced(model, this with { Typing = null }),
        KeyCode.Escape => Unfiltered(model),
        KeyCode.Up or KeyCode.Down or KeyCode.PageUp or KeyCode.PageDown => Move(key, model),
        _ => field.On(key) is { } typed ? Chosen(Filtered(model, typed, typed)) : model,
    };

    public override Next Cancel(Model model) => Typing is null ? base.Cancel(model) : Unfiltered(model);

    /// <summary>Without the filter the cursor stays on what it is on, in a group that was closed as well.</summary>
    private Next Unfiltered(Model model)
    {
        var id = SelectedId(model);
        var shown = Filtered(model, new TextField(), null);
        if (id is null || shown.Host is not { } host || shown.Top is not OverviewScreen there) return shown;
        if (Focus == Panel.Groups) return shown.Replace(there with { Groups = there.Groups.Reveal(GroupsPanel.Roots(host), id) });
        return Focus == Panel.Log
            ? shown
            : Chosen(shown.Replace(there with
            {
                Lists = there.Lists.SetItem(Focus, there.List(Focus).Select(there.Rows(Focus, shown), id)),
            }));
    }

    private Model Filtered(Model model, TextField field, TextField? typing)
    {
        var known = TextFilter.IsEmpty(field.Text) ? model : model with { LastWords = field.Text };
        return Focus switch
        {
            Panel.Log => (known with { LogView = known.LogView with { Filter = field.Text } }).Replace(this with { Typing = typing }),
            Panel.Groups =>
                known.Replace(this with { Typing = typing, Groups = Groups with { List = Groups.List with { Filter = field.Text } } }),
            _ => known.Replace(this with { Typing = typing, Lists = Lists.SetItem(Focus, List(Focus) with { Filter = field.Text }) }),
        };
    }

    private static Model Replaced(Model model, OverviewScreen screen) => model.Replace(screen);
}
