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
    private static readonly ImmutableArray<Column> s_columns = [Column.Whole(), Column.Whole(), Column.Cut()];

    private static readonly KeyBinding s_key = new(Terminal.Key.Of(':'), "actions", model => model.Push(new PaletteScreen()))
    {
        Aliases = [Terminal.Key.Ctrl('p')],
    };

    /// <summary>Its keys, for the help.</summary>
    public static string Names => s_key.Names;

    /// <summary>True where this key asks for it on that screen: not where letters are typed,
    /// nor over a question, which must stay in sight, nor over the help of it.</summary>
    public static bool Answers(Screen on, Key key) => !on.TakesText && on is not HelpScreen && s_key.Answers(key);

    public LineEdit Search { get; init; } = new() { TakesPaste = true };
    public ListState List { get; init; } = new();

    public override string Title => "Actions";
    public override bool TakesText => true;

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        new KeyBinding(Terminal.Key.Enter, "do it", m => m),
        new KeyBinding(Terminal.Key.Escape, "back", m => m.Pop()) { IsPinned = true },
        HelpScreen.KeyWhileTyping,
    ];

    public override Next? OnKey(Key key, Model model) => key.Code switch
    {
        KeyCode.Escape => model.Pop(),
        KeyCode.Enter => Do(model),
        _ when Search.On(key) is { } typed => model.Replace(Narrowed(typed)),
        _ => key.Character is null && List.On(key, Rows(model)) is { } list ? model.Replace(this with { List = list }) : model,
    };

    public override Next OnPaste(string text, Model model) => model.Replace(Narrowed(Search.Paste(text)));

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = PanelFrame.Inside(body);
        var list = new Rect(0, 0, inside.Width, inside.Height).SplitTop(2).Remainder;
        var frame = new PanelFrame($"Actions: {Below(model).Top.Title}", Focused: true, "type to search");
        return new ScreenPanels(new PanelPicture(body, frame,
            new PanelPart(list, List.Shown(s_columns, Rows(model), focused: true, list.Width, list.Height)) { HasCursor = true })
        { OpenKey = Terminal.Key.Enter })
        {
            Typed = TypedField.Search(Search, inside),
        };
    }

    private PaletteScreen Narrowed(LineEdit typed) =>
        this with { Search = typed, List = typed.Text == Search.Text ? List : new ListState(Filter: typed.Text) };

    private static Model Below(Model model) => model.Pop();

    private static ImmutableArray<ListRow> Rows(Model model)
    {
        var below = Below(model);
        return
        [
            .. Actions(below).Select((binding, index) =>
                Row($"{index}", binding, binding.Reason(below)) with { Words = $"{binding.Help} {binding.Words}" }),
        ];
    }

    private static ListRow Row(string id, KeyBinding binding, string? reason) =>
        reason is null ? new ListRow(id, new Label(binding.Names, Theme.Strong), binding.Label, binding.Help)
        : new ListRow(id, binding.Names, $"({binding.Label})", $"not now: {reason}");

    private static ImmutableArray<KeyBinding> Actions(Model below) => [.. below.Top.Keys(below), .. GlobalKeys.Keys];

    private Next Do(Model model)
    {
        if (List.Selected(Rows(model)) is not { } row) return model;
        var below = Below(model);
        var action = Actions(below)[int.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)];
        return action.Reason(below) is { } reason ? model.Warn(reason) : action.Do(below);
    }
}
