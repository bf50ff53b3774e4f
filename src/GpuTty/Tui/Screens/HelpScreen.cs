using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Every key of the screen below, searchable. It explains and never acts: a key is pressed where its screen can be seen.</summary>
internal sealed record HelpScreen : Screen
{
    private static readonly ImmutableArray<Column> s_columns = [Column.Whole, Column.Cut];

    private static readonly ImmutableArray<HelpEntry> s_moving =
    [
        new("Moving around", "Up Down j k", "one row"),
        new("Moving around", "PgUp PgDn Space", "one page; Ctrl+F and Ctrl+B too"),
        new("Moving around", "Ctrl+U Ctrl+D", "half a page"),
        new("Moving around", "Home End g G", "to the first and the last row; in the log End follows again"),
        new(
            "Moving around",
            "Left Right",
            "to the panel beside; close and open a group; move the log sideways; the row before and after in details"),
        new("Moving around", PaletteScreen.Names, "everything that can be done here, to be searched and done"),
        new("Moving around", "n N", "the next and the previous row with the words of the last filter"),
        new("Moving around", "Esc", "one screen back; never out of the program"),
        new("Words", "card", "everything in one slot: the display function, its sound, its USB"),
        new("Words", "host driver", "the driver a function had on the host, or would get there"),
        new("Words", "holder", "whatever keeps the card busy: a program, a service, the desktop"),
        new("Words", "desktop restarts", "the display manager is stopped, sessions are closed, and the login screen comes back"),
        new("Words", "keeps running", "said of the desktop where no program of it holds the card, so nothing of it is stopped"),
        new("Words", "keep off", "a rule that keeps the desktop off the card, so that it keeps running while the card is moved"),
        new("Words", "isolated", "the IOMMU can tell this group's devices from all others, so they can go to a VM alone"),
        .. GlobalKeys.Keys.Select(binding => new HelpEntry(GlobalKeys.Title, binding.Names, binding.Help, binding.Label)),
    ];

    public static KeyBinding Key { get; } = new(Terminal.Key.Of('?'), "help", model => model.Push(new HelpScreen()))
    {
        Aliases = [Terminal.Key.F(1)],
        Help = "This list. / searches it; Esc, Enter, q or ? closes it.",
        IsPinned = true,
    };

    /// <summary>Where a question mark would be typed.</summary>
    public static KeyBinding KeyWhileTyping { get; } = Key with { Key = Terminal.Key.F(1), Aliases = [] };

    /// <summary>What asks for help on that screen, in words.</summary>
    public static string KeyOf(Screen on) => on.IsTyping ? "F1" : "?";

    /// <summary>True where this key asks for help on that screen.</summary>
    public static bool Answers(Screen on, Key key) => on is not HelpScreen && (on.IsTyping ? KeyWhileTyping : Key).Answers(key);

    /// <summary>What is searched for: the nearest lines come first.</summary>
    public LineEdit Search { get; init; } = LineEdit.Of();
    public ListState List { get; init; } = new();

    /// <summary>Letters go into the field; otherwise they move.</summary>
    public bool IsSearching { get; init; }

    public override string Title => "Help";
    public override bool TakesText => IsSearching;

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) => IsSearching ?
        [
            new KeyBinding(Terminal.Key.Enter, "keep the words", m => m),
            new KeyBinding(Terminal.Key.Escape, "no search", m => m) { IsPinned = true },
        ]
        :
        [
            new KeyBinding(Terminal.Key.Of('/'), "search", m => m.Replace(this with { IsSearching = true }))
            {
                Help = "Show the lines with these words first.",
            },
            BackKey.With(Terminal.Key.Enter, Terminal.Key.Of('?'), Terminal.Key.F(1)),
        ];

    public override Next? OnKey(Key key, Model model) => key.Code switch
    {
        KeyCode.Escape when IsSearching => Cancel(model),
        KeyCode.Enter when IsSearching => model.Replace(this with { IsSearching = false }),
        _ when IsSearching && Search.On(key) is { } typed => model.Replace(Searched(typed)),
        _ when IsSearching && key.Character is not null => null,
        _ => List.On(key, Rows(Entries(model))) is { } list ? model.Replace(this with { List = list }) : null,
    };

    public override Next Cancel(Model model) =>
        IsSearching ? model.Replace(Searched(LineEdit.Of()) with { IsSearching = false }) : model.Pop();

    public override Next OnPaste(string text, Model model) => IsSearching ? model.Replace(Searched(Search.Paste(text))) : model;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var entries = Entries(model);
        var rows = Rows(entries);
        var inside = PanelFrame.Inside(body);
        // Below the list the whole text of the selected line, which may be cut there.
        var selected = List.Selected(rows) is { } row ? entries.First(entry => Id(entry) == row.Id) : null;
        var whole = selected is not null && inside.Height >= 10 ? WordWrap.Labels([selected.Text], Math.Max(1, inside.Width)) : [];
        var (below, upper) = inside.AtOrigin().SplitBottom(whole.IsEmpty ? 0 : 4);
        var list = upper.SplitTop(2).Remainder;
        var typed = TypedField.Search(Search, inside);
        var words = IsSearching ? ShownLines.None : ShownLines.Of(TextRun.Cut(0, inside.Width, typed.Name + Search.Text));
        return new ScreenPanels(new PanelPicture(body, new PanelFrame($"Help: {Below(model).Title}", Focused: true, "/ searches"),
            new PanelPart(new Rect(0, 0, inside.Width, Math.Min(1, inside.Height)), words),
            new PanelPart(list, List.Shown(s_columns, rows, focused: true, list.Width, list.Height)) { HasCursor = true },
            new PanelPart(below, new Page().Shown([new string('─', inside.Width), .. whole], below.Width, below.Height))))
        {
            Typed = IsSearching ? typed : null,
        };
    }

    /// <summary>Other words begin at what is nearest to them.</summary>
    private HelpScreen Searched(LineEdit typed) =>
        this with { Search = typed, List = typed.Text == Search.Text ? List : new ListState(Filter: typed.Text) };

    private ImmutableArray<ListRow> Rows(ImmutableArray<HelpEntry> entries)
    {
        var typed = Search.Text.Trim();
        return
        [
            .. entries.OrderBy(entry => typed.Length == 0 ? 0 : entry.Distance(typed)).GroupBy(entry => entry.Section)
                .SelectMany(section => section
                    .Select(entry => new ListRow(Id(entry), new Label(entry.Keys, Theme.Strong), entry.Text)
                    {
                        Words = $"{entry.Label} {entry.Words}",
                    })
                    .Prepend(ListRow.Heading(section.Key))),
        ];
    }

    private static string Id(HelpEntry entry) => $"{entry.Section}\n{entry.Keys}";

    private static Screen Below(Model model) => model.Screens[Math.Max(0, model.Screens.Length - 2)];

    private static ImmutableArray<HelpEntry> Entries(Model model)
    {
        var screen = Below(model);
        return [
            .. screen
                .Keys(model.Pop())
                .Where(binding => !binding.Answers(Terminal.Key.F(1)))
                .Select(binding => Entry(screen, binding, model.Pop())),
            .. s_moving,
        ];
    }

    private static HelpEntry Entry(Screen screen, KeyBinding binding, Model below)
    {
        var text = binding.Help.Length > 0 ? binding.Help : binding.Label;
        return new HelpEntry(
            screen.Title,
            binding.Names,
            binding.Reason(below) is { } reason ? $"{text} Not now: {reason}" : text,
            binding.Label,
            binding.Words);
    }
}
