using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Terminal;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The first screen: the machine as it is, in six panels.</summary>
internal sealed record OverviewScreen : Screen
{
    private static readonly SnapshotCache<HostSnapshot, (int, bool, bool), ImmutableArray<ListRow>> s_sorted = new();

    /// <summary>The panel with the keys.</summary>
    public Panel Focus { get; init; } = Panel.Cards;

    /// <summary>Every PCI function in panel 1 instead of the cards alone.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>The panel with the keys has the whole screen.</summary>
    public bool IsFull { get; init; }

    /// <summary>How many rows the log has more than its share, or fewer.</summary>
    public int LogRows { get; init; }

    /// <summary>The column that panel 1 is sorted by while it shows every function; the first is the address.</summary>
    public int SortedBy { get; init; }

    public ImmutableDictionary<Panel, ListState> Lists { get; init; } = ImmutableDictionary<Panel, ListState>.Empty;

    /// <summary>The ids of the IOMMU groups whose devices are not shown; a filter looks into them too.</summary>
    public ImmutableHashSet<string> Closed { get; init; } = [];

    /// <summary>The filter while it is typed; null when it is not.</summary>
    public LineEdit? Typing { get; init; }

    public override string Title => "Overview";
    public override bool TakesText => Typing is not null;

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) => OverviewKeys.Of(this, model);

    public override ScreenPanels Picture(Rect body, Model model) => OverviewPicture.Of(this, body, model);

    public override ImmutableArray<string> ToCopy(Model model) =>
        Focus == Panel.Log ? model.LastLine(LogRoom(model))
        : List(Focus, model).Selected(Rows(Focus, model)) is { } row
            ? [string.Join("  ", row.Cells.Select(cell => cell.Text).Where(text => text.Length > 0))]
            : [];

    /// <summary>The first look at the machine closes all groups where they would not fit: most machines have dozens.</summary>
    public override Screen Hear(Msg news, Model model) =>
        news is Msg.HostRead { Host: var host } && Closed.IsEmpty && !Lists.ContainsKey(Panel.Groups) && !Fit(host, model)
            ? this with { Closed = [.. host.Groups.Select(GroupsPanel.IdOf)] }
            : this;

    public override SnapshotSections Needs(Model model) =>
        PlaceOf(Panel.Desktop, model) is null ? SnapshotSections.None : SnapshotSections.Programs;

    public override Next? OnKey(Key key, Model model) => Typing is { } field ? OnFilterKey(field, key, model) : Move(key, model);

    public override Next OnPaste(string text, Model model) =>
        Typing?.Paste(text) is { } pasted ? Filtered(model, pasted, isTyping: true) : model;

    public override Next Cancel(Model model) => Typing is null ? base.Cancel(model) : Unfiltered(model);

    public OverviewLayout Layout(Rect body, Model model) =>
        OverviewLayout.For(body, Focus, panel => Rows(panel, model).Length, LogRows, IsFull);

    /// <summary>The list of a panel; that of the cards is on the card that the keys are about until it is on a row that is there.</summary>
    public ListState List(Panel panel, Model model) =>
        panel == Panel.Cards && model.Card is { } card && Rows(panel, model).All(row => row.Id != Own(panel).SelectedId)
            ? Own(panel).Select(Rows(panel, model), ShowsAll ? CardsPanel.IdOf(card.Display) : CardsPanel.IdOf(card))
            : Own(panel);

    public ImmutableArray<ListRow> Rows(Panel panel, Model model) => model.Host is not { } host ? [] : panel switch
    {
        Panel.Cards when ShowsAll && SortedBy > 0 => s_sorted.Get(
            host, (SortedBy, IsFiltered(panel), model.IsRunning), () => ListRow.Sorted(CardRows(host, model), SortedBy)),
        Panel.Cards => CardRows(host, model),
        Panel.Groups => GroupsPanel.Rows(host, IsFiltered(panel) ? [] : Closed),
        Panel.Drivers => model.Card is { } card ? DriversPanel.Rows(host, card, model.IsRunning) : [],
        Panel.Holders => model.Card is { } held ? HoldersPanel.Rows(host, held) : [],
        Panel.Desktop => DesktopPanel.Rows(host, model.Card, model.IsRunning),
        _ => [],
    };

    public string Filter(Panel panel, Model model) => panel == Panel.Log ? model.LogView.Filter : Own(panel).Filter;

    /// <summary>The id of the row that the cursor is on; null in the log, and where there is no row.</summary>
    public string? SelectedId(Model model) => List(Focus, model).Selected(Rows(Focus, model))?.Id;

    /// <summary>What the cursor is on; null in the log, and where there is no row.</summary>
    public Subject? SubjectOf(Model model) => model.Host is not { } host ? null
        : Subject.Of(host, Focus, SelectedId(model))
            ?? (Focus == Panel.Desktop && SelectedId(model) is { } id ? new Subject.Line(model.Card?.Address, id) : null);

    /// <summary>The function that the cursor is on, in whichever panel.</summary>
    public PciDevice? Function(Model model) =>
        SubjectOf(model) is Subject.Device { Address: var address } ? model.Host!.Find(address) : null;

    /// <summary>What panel 1 shows but cannot be switched; null when the cursor is on a card.</summary>
    public PciDevice? NoCard(Model model) =>
        Focus == Panel.Cards && Function(model) is { } device && Card.FindAt(model.Host!, device.Address) is null ? device : null;

    /// <summary>The panel so many numbers further on, around the end.</summary>
    public Panel Beside(int by) => (Panel)((((int)Focus - 1 + by + 6) % 6) + 1);

    /// <summary>From a device to its row among the groups, and from there to the device among the cards.</summary>
    public Next Jump(Model model)
    {
        var host = model.Host!;
        if (Focus != Panel.Groups)
        {
            var groups = this with { Focus = Panel.Groups };
            return model.Replace(groups.With(groups.Own(Panel.Groups) with { Filter = "" }).At(CardsPanel.IdOf(Function(model)!), model));
        }
        var device = GroupsPanel.DeviceOf(host, SelectedId(model))!;
        var cards = this with { Focus = Panel.Cards, ShowsAll = ShowsAll || Card.FindAt(host, device.Address) is null };
        return Chosen(model.Replace(cards.With(new ListState()).At(CardsPanel.IdOf(device), model)));
    }

    /// <summary>To the next row with the words of the last filter, around the end, as in less; null where there is none.</summary>
    public Next? Match(Model model, int by) =>
        Focus == Panel.Log ? Move(by > 0 ? Key.Down : Key.Up, model)
        : MatchingId(model, by) is { } id ? Chosen(model.Replace(At(id, model)))
        : null;

    public string? WhyNoMatch(Model model, int by) =>
        model.Host is null ? Model.NotLooked
        : Words(model).Length == 0 ? "Nothing has been searched for yet; / asks for words."
        : Focus == Panel.Log ? TextFilter.IsEmpty(Filter(Focus, model)) ? "The log has no filter; / asks for words." : null
        : MatchingId(model, by) is null ? $"No row here has \"{Words(model)}\"." : null;

    /// <summary>Without the filter the cursor stays on what it is on, in a group that was closed as well.</summary>
    public Next Unfiltered(Model model)
    {
        var id = SelectedId(model);
        var shown = Filtered(model, new LineEdit(), isTyping: false);
        return id is null ? shown : Chosen(shown.Replace(((OverviewScreen)shown.Top).At(id, shown)));
    }

    private Rect? PlaceOf(Panel panel, Model model) =>
        Layout(model.Body, model).PlaceOf(panel);

    public bool HasLog(Model model) => PlaceOf(Panel.Log, model) is not null;

    /// <summary>With a log that is larger or smaller by what a key is meant to change; null where there is no room for that.</summary>
    public OverviewScreen? WithLog(int by, Model model)
    {
        var now = PlaceOf(Panel.Log, model)?.Height;
        // What does not fit counts no rows: the size may have been chosen on a larger screen.
        return Enumerable.Range(1, Math.Max(1, Math.Abs(LogRows) + 1))
            .Select(step => this with { LogRows = LogRows + (by * step) })
            .FirstOrDefault(other => (other.PlaceOf(Panel.Log, model)?.Height - now) * by > 0);
    }

    private Rect LogRoom(Model model) => PlaceOf(Panel.Log, model) is { } place ? PanelFrame.Inside(place) : default;

    private bool Fit(HostSnapshot host, Model model) =>
        PlaceOf(Panel.Groups, model) is { } place && host.Groups.Sum(group => 1 + group.Members.Length) <= place.Height - 2;

    private ListState Own(Panel panel) => Lists.GetValueOrDefault(panel) ?? new ListState();

    private OverviewScreen With(ListState list) => this with { Lists = Lists.SetItem(Focus, list) };

    /// <summary>With the cursor on this row, in a group that was closed as well.</summary>
    private OverviewScreen At(string id, Model model)
    {
        var isHidden = Focus == Panel.Groups && Rows(Focus, model).All(row => row.Id != id);
        var open = isHidden && GroupsPanel.GroupOf(model.Host!, id) is { } group
            ? this with { Closed = Closed.Remove(GroupsPanel.IdOf(group)) }
            : this;
        return open.With(open.Own(Focus).Select(open.Rows(Focus, model), id));
    }

    private bool IsFiltered(Panel panel) => !TextFilter.IsEmpty(Own(panel).Filter);

    private ImmutableArray<ListRow> CardRows(HostSnapshot host, Model model) =>
        CardsPanel.Rows(host, ShowsAll, IsFiltered(Panel.Cards), model.IsRunning);

    private string Words(Model model) => TextFilter.IsEmpty(Filter(Focus, model)) ? model.LastWords : Filter(Focus, model);

    private string? MatchingId(Model model, int by)
    {
        var all = Focus == Panel.Groups ? GroupsPanel.Rows(model.Host!, []) : Rows(Focus, model);
        var rows = all.Where(row => !row.IsHeading).ToList();
        var at = rows.FindIndex(row => row.Id == SelectedId(model));
        return Enumerable.Range(1, rows.Count).Select(step => rows[(((at + (by * step)) % rows.Count) + rows.Count) % rows.Count])
            .FirstOrDefault(row => row.Matches(Words(model)))?.Id;
    }

    private Next? Move(Key key, Model model)
    {
        var page = Math.Max(1, (PlaceOf(Focus, model)?.Height ?? 12) - 3);
        if (Focus == Panel.Log)
            return LogRoom(model) is var room && model.LogView.On(key, model.Log, room.Width, Math.Max(1, room.Height)) is { } log
                ? model with { LogView = log }
                : null;
        if (Focus == Panel.Groups && Turned(key, model) is { } turned) return model.Replace(turned);
        // Where a panel has no use for it itself: to the panel beside.
        if (key.Code == KeyCode.Left) return model.Replace(this with { Focus = Beside(-1) });
        if (key.Code == KeyCode.Right) return model.Replace(this with { Focus = Beside(1) });
        return List(Focus, model).On(key, Rows(Focus, model), page) is { } moved ? Chosen(model.Replace(With(moved))) : null;
    }

    /// <summary>With a group opened or closed, or the cursor gone from a device to its group; null where the key does neither.</summary>
    private OverviewScreen? Turned(Key key, Model model)
    {
        if (SelectedId(model) is not { } id || GroupsPanel.GroupOf(model.Host!, id) is not { } group) return null;
        var (head, isClosed) = (GroupsPanel.IdOf(group), Closed.Contains(id));
        if (key.Is(' ')) return id != head ? this : this with { Closed = isClosed ? Closed.Remove(id) : Closed.Add(id) };
        return key.Code switch
        {
            KeyCode.Left when id != head => With(Own(Focus).Select(Rows(Focus, model), head)),
            KeyCode.Left when !isClosed => this with { Closed = Closed.Add(id) },
            KeyCode.Right when isClosed => this with { Closed = Closed.Remove(id) },
            _ => null,
        };
    }

    /// <summary>The card under the cursor is the one that the other panels are about.</summary>
    private static Model Chosen(Model model) =>
        model.Top is OverviewScreen { Focus: Panel.Cards } screen
        && screen.Function(model) is { } device && Card.FindAt(model.Host!, device.Address) is { } card
            ? model with { Chosen = card.Address }
            : model;

    private Next? OnFilterKey(LineEdit field, Key key, Model model) => key.Code switch
    {
        KeyCode.Enter => model.Replace(this with { Typing = null }),
        KeyCode.Escape => Unfiltered(model),
        KeyCode.Up or KeyCode.Down or KeyCode.PageUp or KeyCode.PageDown => Move(key, model),
        _ => field.On(key) is { } typed ? Chosen(Filtered(model, typed, isTyping: true)) : model,
    };

    private Model Filtered(Model model, LineEdit field, bool isTyping)
    {
        var known = TextFilter.IsEmpty(field.Text) ? model : model with { LastWords = field.Text };
        var screen = this with { Typing = isTyping ? field : null };
        return Focus == Panel.Log
            ? (known with { LogView = known.LogView with { Filter = field.Text } }).Replace(screen)
            : known.Replace(screen.With(Own(Focus) with { Filter = field.Text }));
    }
}
