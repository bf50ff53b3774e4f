using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>A question over whatever is on the screen.</summary>
/// <param name="Answer">What the button with this letter leads to, the question being gone already; not asked for the safe one.</param>
internal sealed record QuestionScreen(Dialog Dialog, Func<char, Model, Next> Answer) : Screen
{
    /// <summary>About the switch that runs: without it there is nothing to ask.</summary>
    public bool IsAboutRun { get; init; }

    public override string Title => Dialog.Title;
    public override bool IsOverlay => true;
    public override bool TakesText => true;
    public override bool IsTyping => Dialog.IsTyping;

    public override ImmutableArray<KeyBinding> Keys(Model model) => Of(Dialog);

    public override Next? OnKey(Key key, Model model)
    {
        if (Dialog.WhyNot(key) is { } reason) return model.Warn(reason);
        var (dialog, pressed) = Dialog.On(key);
        if (pressed is null) return ReferenceEquals(dialog, Dialog) ? null : model.Replace(this with { Dialog = dialog });
        return pressed.IsSafe ? model.Pop() : Answer(pressed.Letter, model.Pop());
    }

    public override bool EndsWith(Msg news) =>
        IsAboutRun && news is (Msg.RunLeft or Msg.RunRefused or Msg.RunReported { Event: RunEvent.Closed });

    public override ScreenPanels Picture(Rect body, Model model) => Dialog.Picture(body);

    /// <summary>The keys of any dialog, for the bottom line.</summary>
    public static ImmutableArray<KeyBinding> Of(Dialog dialog)
    {
        var safe = dialog.Buttons.FirstOrDefault(button => button.IsSafe)?.Label ?? "cancel";
        return
        [
            new KeyBinding(Key.Enter, dialog.IsTyping ? "to the buttons" : "choose", model => model, _ => dialog.WhyNot(Key.Enter)),
            new KeyBinding(Key.Tab, "next button", model => model),
            .. dialog.Buttons.Select(button =>
                new KeyBinding(Key.Of(button.Letter), button.Label, model => model, _ => WhyNot(dialog, button)) { InBar = false }),
            new KeyBinding(Key.Escape, safe.ToLowerInvariant(), model => model) { IsPinned = true },
            dialog.IsTyping ? HelpScreen.KeyWhileTyping : HelpScreen.Key,
        ];
    }

    private static string? WhyNot(Dialog dialog, DialogButton button) =>
        dialog.WhyNot(button) ?? (dialog.IsTyping ? "Tab leaves the field first." : null);
}
