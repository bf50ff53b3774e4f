using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The log on the full screen.</summary>
internal sealed record LogScreen : Screen
{
    /// <summary>The filter while it is typed.</summary>
    public LineEdit? Typing { get; init; }

    public override string Title => "Log";
    public override bool TakesText => Typing is not null;

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) => Typing is not null ? CommonKeys.WhileFiltering :
        [
            LogKeys.Follow(model),
            new KeyBinding(Key.Of('/'), "filter", m => m.Replace(this with { Typing = LineEdit.Of(m.LogView.Filter) }))
            { Help = "Show only lines with these words." },
            LogKeys.Level(model),
            LogKeys.Wrap(model),
            new KeyBinding(Key.Ctrl('s'), "save", Save, WhyNotSave) { Help = "Write the lines that are shown to a file." },
            CommonKeys.Report with { InBar = false },
            CopyKey.Key,
            .. Leaving(model),
            HelpScreen.Key,
        ];

    public override ImmutableArray<string> ToCopy(Model model) => model.LastLine(PanelFrame.Inside(model.Body));

    public override Next? OnKey(Key key, Model model) => Typing is not { } field ? Moved(model, key) : key.Code switch
    {
        KeyCode.Enter => model.Replace(this with { Typing = null }),
        KeyCode.Escape => Filtered(model, new LineEdit(), null),
        _ => field.On(key) is { } typed ? Filtered(model, typed, typed) : model,
    };

    public override Next Cancel(Model model) => Typing is not null ? Filtered(model, new LineEdit(), null) : model.Pop();

    public override Next OnPaste(string text, Model model) => Typing?.Paste(text) is { } pasted ? Filtered(model, pasted, pasted) : model;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var view = model.LogView;
        var chosen = Chosen(model);
        var inside = PanelFrame.Inside(body);
        var lines = chosen.Count == 0 && TextFilter.IsEmpty(view.Filter) ? ShownLines.Of(new TextRun(0, "nothing yet"))
            : view.Shown(model.Log, inside.Width, inside.Height);
        return ScreenPanels.Of(
            body,
            new PanelFrame($"Log: {Counted.Of(chosen.Count, "line")}", Focused: true, view.Note.Length > 0 ? view.Note : "following"),
            lines) with
        {
            Typed = Typing is { } field ? TypedField.Filter(field, body, longest: 40) : null,
        };
    }

    /// <summary>A filter ends before its screen does, or with it: it must not leave out lines where nobody looks for it.</summary>
    private ImmutableArray<KeyBinding> Leaving(Model model)
    {
        var back = BackKey.With(Key.Of('L'));
        if (TextFilter.IsEmpty(model.LogView.Filter)) return [back];
        return
        [
            new KeyBinding(Key.Escape, "no filter", m => Filtered(m, new LineEdit(), null)) { IsPinned = true },
            back with
            {
                Key = back.Aliases[0],
                Aliases = back.Aliases[1..],
                Do = m => Filtered(m, new LineEdit(), null).Pop(),
                IsPinned = false,
            },
        ];
    }

    private Model Filtered(Model model, LineEdit field, LineEdit? typing) =>
        (model with { LogView = model.LogView with { Filter = field.Text } }).Replace(this with { Typing = typing });

    private static Next? Moved(Model model, Key key) =>
        PanelFrame.Inside(model.Body) is var room
        && model.LogView.On(key, model.Log, room.Width, Math.Max(1, room.Height)) is { } view ? model with { LogView = view } : null;

    private static ChosenLines Chosen(Model model) => model.Log.Choose(model.LogView.Filter, model.LogView.Least);

    private static string? WhyNotSave(Model model) => !model.Can.HasFlag(Abilities.SaveLog) ? "The log cannot be saved from here."
        : Chosen(model).Count == 0 ? "There is nothing to save." : null;

    private static Next Save(Model model)
    {
        var chosen = Chosen(model);
        return new Next(model, new Effect.SaveLog([.. Enumerable.Range(0, chosen.Count).Select(index => chosen[index])
            .Select(line => $"{line.Time} {line.Level,-7} {line.Source,-7} {line.Text}")]));
    }
}
