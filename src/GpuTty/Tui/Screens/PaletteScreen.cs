using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>
/// Everything that can be done on the screen below, with its key, and why it cannot be done now; words narrow the list, Enter does
/// what the line says.
/// </summary>
internal sealed record PaletteScreen : Screen
{
    private static readonly ImmutableArray<Column> s_columns = [Column.Whole, Column.Whole, Column.Cut];

    private static readonly KeyBinding s_key = new(Terminal.Key.Of(':'), "actions", model => model.Push(new PaletteScreen()))
    {
        Aliases = [Terminal.Key.Ctrl('p')],
    };

    /// <summary>Its keys, for the help.</summary>
    public static string Names => s_key.Names;

    /// <summary>True where this key asks for it on that screen: not where letters are typed,
    /// nor over a question, which must stay in sight, nor over the help of it.</summary>
    public static bool Answers(Screen on, Key key) => !on.TakesText && on is not HelpScreen && s_key.Answers(key);

    private const string Gone = "What you were on is not there any more.";
    private const string Unchosen = "Type words or move to a row first.";

    public LineEdit Search { get; init; } = new() { TakesPaste = true };

    /// <summary>On no row before words are typed or the cursor is moved: some of them act at once.</summary>
    public ListState List { get; init; } = new();

    /// <summary>False also where the row has gone.</summary>
    private bool IsOnRow(ImmutableArray<ListRow> rows) => List.SelectedId is { } id && List.Selected(rows)?.Id == id;

    public override string Title => "Actions";
    public override bool TakesText => true;

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Terminal.Key.Enter, "do it", m => m, m => IsOnRow(Rows(m)) ? null : Unchosen),
        new KeyBinding(Terminal.Key.Escape, "back", m => m.Pop()) { IsPinned = true },
        HelpScreen.KeyWhileTyping,
    ];

    public override Next? OnKey(Key key, Model model) => key.Code switch
    {
        KeyCode.Escape => model.Pop(),
        KeyCode.Enter => Do(model),
        _ when Search.On(key) is { } typed => model.Replace(Narrowed(typed, model)),
        _ => key.Character is null && Moved(key, Rows(model)) is { } list
            ? model.Replace(this with { List = list })
            : model,
    };

    public override Next OnPaste(string text, Model model) => model.Replace(Narrowed(Search.Paste(text), model));

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = PanelFrame.Inside(body);
        var list = inside.AtOrigin().SplitTop(2).Remainder;
        var rows = Rows(model);
        var frame = new PanelFrame($"Actions: {Below(model).Top.Title}", Focused: true, "type to search");
        return new ScreenPanels(new PanelPicture(body, frame,
            new PanelPart(list, List.Shown(s_columns, rows, focused: true, list.Width, list.Height, IsOnRow(rows))) { HasCursor = true })
        { OpenKey = Terminal.Key.Enter })
        {
            Typed = TypedField.Search(Search, inside),
        };
    }

    /// <summary>With the cursor on the first row that has the words.</summary>
    private PaletteScreen Narrowed(LineEdit typed, Model model)
    {
        var list = typed.Text == Search.Text ? List : new ListState(Filter: typed.Text);
        return this with
        {
            Search = typed,
            List = !TextFilter.IsEmpty(list.Filter) && list.Selected(Rows(model)) is { } row ? list.Select(Rows(model), row.Id) : list,
        };
    }

    /// <summary>The first key that moves leads to the first row, or a page or all rows further on.</summary>
    private ListState? Moved(Key key, ImmutableArray<ListRow> rows) =>
        IsOnRow(rows) || key.Code is KeyCode.End or KeyCode.PageDown ? List.On(key, rows)
        : List.On(key, rows) is null ? null
        : List.Matching(rows) is [var first, ..] ? List.Select(rows, first.Id)
        : null;

    private static Model Below(Model model) => model.Pop();

    private static ImmutableArray<ListRow> Rows(Model model)
    {
        var below = Below(model);
        return
        [
            .. Actions(below).Select(binding =>
                Row(IdOf(binding), binding, binding.Reason(below)) with { Words = $"{binding.Help} {binding.Words}" }),
        ];
    }

    private static ListRow Row(string id, KeyBinding binding, string? reason) =>
        reason is null ? new ListRow(id, new Label(binding.Names, Theme.Strong), binding.Label, binding.Help)
        : new ListRow(id, binding.Names, $"({binding.Label})", $"not now: {reason}");

    /// <summary>The key and what it would do: what is read on a row is what is done, although rows come and go meanwhile.</summary>
    private static string IdOf(KeyBinding binding) => $"{binding.Key}\n{binding.Label}\n{binding.Help}";

    private static ImmutableArray<KeyBinding> Actions(Model below) => [.. below.Top.Keys(below), .. GlobalKeys.Keys];

    private Next Do(Model model)
    {
        if (!IsOnRow(Rows(model))) return model.Warn(List.SelectedId is null ? Unchosen : Gone);
        var below = Below(model);
        var action = Actions(below).First(action => IdOf(action) == List.SelectedId);
        return action.Reason(below) is { } reason ? model.Warn(reason) : action.Do(below);
    }
}
