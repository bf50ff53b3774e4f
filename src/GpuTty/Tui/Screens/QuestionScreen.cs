using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>A question over whatever is on the screen.</summary>
/// <param name="Answer">What the button that is not safe leads to; the answered question is gone from the model already.</param>
internal sealed record QuestionScreen(Question Question, Func<Question, Model, Next> Answer) : Screen
{
    /// <summary>About the switch that runs: without it there is nothing to ask.</summary>
    public bool IsAboutRun { get; init; }

    /// <summary>What the question says, where that changes while it is on the screen; null where it does not.</summary>
    public Func<Model, ImmutableArray<Label>>? Said { get; init; }

    /// <summary>Why there is nothing to ask any more, in a sentence; null while there is.</summary>
    public Func<Model, string?> WhyMoot { get; init; } = _ => null;

    public override string Title => Question.Title;
    public override bool IsOverlay => true;
    public override bool TakesText => true;
    public override bool IsTyping => Question.IsTyping;

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) => Of(Question);

    public override Next? OnKey(Key key, Model model)
    {
        // Back to the field: what is typed next must not be taken for keys.
        if (Question.WhyNot(key) is { } reason) return model.Replace(this with { Question = Question with { Focus = null } }).Warn(reason);
        var (dialog, pressed) = Question.On(key);
        if (pressed is null) return ReferenceEquals(dialog, Question) ? null : model.Replace(this with { Question = dialog });
        return pressed.IsSafe ? model.Pop() : Answer(Question, model.Pop());
    }

    public override Next OnPaste(string text, Model model) =>
        Question.IsTyping ? model.Replace(this with { Question = Question with { Field = Question.Field.Paste(text) } }) : model;

    public override Screen Hear(Msg news, Model model) =>
        Said is null ? this : this with { Question = Question with { Lines = Said(model) } };

    public override string? WhyGone(Msg news, Model model) =>
        !IsAboutRun ? WhyMoot(model)
        : news is Msg.RunReported { Event: RunEvent.Closed } ? "The switch has ended, so there is nothing to answer any more."
        : news is Msg.RunLeft ? "The switch does not run any more, so there is nothing to answer."
        : WhyMoot(model);

    public override ScreenPanels Picture(Rect body, Model model) => Question.Picture(body);

    /// <summary>The keys of any dialog, for the bottom line.</summary>
    public static ImmutableArray<KeyBinding> Of(Question dialog)
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

    private static string? WhyNot(Question dialog, QuestionButton button) =>
        dialog.WhyNot(button) ?? (dialog.IsTyping ? "Tab leaves the field first." : null);
}
