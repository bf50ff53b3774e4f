using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>The log on the full screen.</summary>
internal sealed record LogScreen : Screen
{
    public LogView View { get; init; } = new();

    /// <summary>The filter while it is typed.</summary>
    public TextField? Typing { get; init; }

    public override string Title => "Log";
    public override bool TakesText => Typing is not null;

    public override ImmutableArray<KeyBinding> Keys(Model model) => Typing is not null ?
        [
            new KeyBinding(Key.Enter, "keep the filter", m => m),
            new KeyBinding(Key.Escape, "no filter", m => m) { IsPinned = true },
            HelpScreen.KeyWhileTyping,
        ]
        :
        [
            new KeyBinding(Key.Of('f'), View.IsFollowing ? "hold" : "follow", m => Moved(m, Key.Of('f'))!) { Help = "Follow the newest line, or hold the picture still." },
            new KeyBinding(Key.Of('/'), "filter", m => m.Replace(this with { Typing = new TextField(View.Filter, View.Filter.Length) { TakesPaste = true } }))
            { Help = "Show only lines with these words." },
            new KeyBinding(Key.Of('l'), $"level ({View.Least.ToString().ToLowerInvariant()})", m => m.Replace(this with { View = View.NextLevel() }))
            { Help = "Show less and less: all, information, warnings, errors only." },
            new KeyBinding(Key.Of('w'), "save", Save, WhyNotSave) { Help = "Write the lines that are shown to a file." },
            new KeyBinding(Key.Escape, "back", m => m.Pop()) { Aliases = [Key.Of('q'), Key.Of('L')], IsPinned = true },
            HelpScreen.Key,
        ];

    public override Next? OnKey(Key key, Model model) => Typing is not { } field ? Moved(model, key) : key.Code switch
    {
        KeyCode.Enter => model.Replace(this with { Typing = null }),
        KeyCode.Escape => model.Replace(WithFilter(new TextField()) with { Typing = null }),
        _ => field.On(key) is { } typed ? model.Replace(WithFilter(typed)) : model,
    };

    public override Next OnPaste(string text, Model model) => Typing is { } field ? model.Replace(WithFilter(field.Paste(text))) : model;

    public override void Draw(Surface on, Model model)
    {
        var chosen = model.Log.Choose(View.Filter, View.Least);
        var note = (TextFilter.IsEmpty(View.Filter) ? "" : $"/{View.Filter}  ") + (View.IsFollowing ? "following" : "scrolled back, End follows");
        var inside = new FrameView($"Log: {Counted.Of(chosen.Count, "line")}", Focused: true, note).Draw(on, on.Bounds);
        View.Draw(inside, model.Log);
        if (chosen.Count == 0) inside.Text(0, 0, TextFilter.IsEmpty(View.Filter) ? "nothing yet" : $"nothing matches \"{View.Filter}\"");
        if (Typing is not { } field) return;
        var line = on.Clip(new Rect(1, on.Height - 1, on.Width - 2, 1));
        var x = line.Text(0, 0, " Filter: ", Look.Strong);
        field.Draw(line, x, 0, Math.Min(40, line.Width - x - 1), focused: true);
    }

    private LogScreen WithFilter(TextField field) => this with { Typing = field, View = View with { Filter = field.Text } };

    private Next? Moved(Model model, Key key) =>
        View.On(key, model.Log, Math.Max(1, model.Height - 4)) is { } view ? model.Replace(this with { View = view }) : null;

    private string? WhyNotSave(Model model) => !model.Can.HasFlag(Abilities.SaveLog) ? "The log cannot be saved from here."
        : model.Log.Choose(View.Filter, View.Least).Count == 0 ? "There is nothing to save." : null;

    private Next Save(Model model)
    {
        var chosen = model.Log.Choose(View.Filter, View.Least);
        return new Next(model, new Effect.SaveLog([.. Enumerable.Range(0, chosen.Count).Select(index => chosen[index])
            .Select(line => $"{line.Time} {line.Level,-7} {line.Source,-7} {line.Text}")]));
    }
}
